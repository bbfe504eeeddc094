using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// Turns expanded nodes into quads (JSON-LD 1.1 API sections 7 and 8). A graph is a set of statements, so nodes need not be merged by their ids first.
/// </summary>
internal sealed class RdfWriter(RdfDataset dataset, JsonLdOptions options, SafeMode safe)
{
    private static readonly RdfTerm Type = new Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").Term;
    private static readonly RdfTerm First = new Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#first").Term;
    private static readonly RdfTerm Rest = new Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest").Term;
    private static readonly RdfTerm Nil = new Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil").Term;

    private readonly Dictionary<string, RdfTerm> blanks = [];
    private readonly LiteralWriter literals = new(dataset, options, safe);

    /// <summary>Writes the nodes of a document into the default graph.</summary>
    public void WriteDocument(List<Expanded> nodes)
    {
        foreach (Expanded node in nodes) WriteNode(node, default(RdfTerm));
    }

    /// <summary>Writes a node and everything in it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="graph">The graph's name; null when it has none that RDF can write, so that its statements are lost.</param>
    /// <returns>The node's name; null when it has none that RDF can write.</returns>
    private RdfTerm? WriteNode(Expanded node, RdfTerm? graph)
    {
        RdfTerm? subject = Name(node.Id);
        if (subject is null) safe.Relative("id of an object");
        if (node.Types is not null) WriteTypes(node.Types, subject, graph);
        if (node.Properties is not null)
        {
            foreach ((Iri property, Expanded value) in node.Properties) Add(subject, Predicate(property), WriteObject(value, property, graph), graph);
        }

        if (node.Reverse is not null)
        {
            foreach ((Iri property, Expanded other) in node.Reverse) Add(WriteNode(other, graph), Predicate(property), subject, graph);
        }

        node.Included?.ForEach(included => WriteNode(included, graph));
        node.Graph?.ForEach(inner => WriteNode(inner, subject));
        return subject;
    }

    private void WriteTypes(List<Iri> types, RdfTerm? subject, RdfTerm? graph)
    {
        foreach (Iri type in types)
        {
            RdfTerm? name = Name(type);
            if (name is null) safe.UndefinedType(type.Text);
            Add(subject, Type, name, graph);
        }
    }

    private RdfTerm? WriteObject(Expanded value, Iri property, RdfTerm? graph)
    {
        if (value.List is not null) return WriteList(value.List, property, graph);
        if (value.HasValue) return literals.Write(value, graph, property);
        return WriteNode(value, graph);
    }

    private RdfTerm WriteList(List<Expanded> items, Iri property, RdfTerm? graph)
    {
        RdfTerm head = items.Count == 0 ? Nil : dataset.NewBlank();
        RdfTerm cell = head;
        for (int index = 0; index < items.Count; index++)
        {
            Add(cell, First, WriteObject(items[index], property, graph), graph);
            RdfTerm next = index == items.Count - 1 ? Nil : dataset.NewBlank();
            Add(cell, Rest, next, graph);
            cell = next;
        }

        return head;
    }

    private void Add(RdfTerm? subject, RdfTerm? predicate, RdfTerm? value, RdfTerm? graph)
    {
        if (subject is null || predicate is null || value is null || graph is null) return;
        dataset.Add(subject.Value, predicate.Value, value.Value, graph.Value);
    }

    private RdfTerm? Predicate(Iri property)
    {
        if (property.IsWellFormedIri) return property.Term;
        safe.UndefinedTerm(property.Text);
        return null;
    }

    /// <summary>The name of a node: a fresh blank node when it has no id.</summary>
    private RdfTerm? Name(Iri? id)
    {
        if (id is null) return dataset.NewBlank();
        if (id.IsBlank)
        {
            if (!blanks.TryGetValue(id.Text, out RdfTerm known)) blanks.Add(id.Text, known = dataset.NewBlank());
            return known;
        }

        return id.IsWellFormedIri ? id.Term : null;
    }
}
