using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// A node, value, list or set object in expanded form (JSON-LD 1.1 syntax section 9). One class for all, because which one it is
/// is known only when all entries have been read.
/// </summary>
internal sealed class Expanded
{
    public Iri? Id { get; set; }

    /// <summary>The types of a node, or the one datatype of a value.</summary>
    public List<Iri>? Types { get; set; }

    /// <summary>Whether the types were written as an array, which a value object must not do.</summary>
    public bool TypesWereArray { get; set; }

    public bool HasValue { get; set; }

    public JsonNode? Value { get; set; }

    /// <summary>The datatype of a value that a term's type mapping gives; one written out is in <see cref="Types"/>.</summary>
    public Iri? Datatype { get; set; }

    public string? Language { get; set; }

    public string? Direction { get; set; }

    public string? Index { get; set; }

    public List<Expanded>? List { get; set; }

    public List<Expanded>? Set { get; set; }

    public List<Expanded>? Graph { get; set; }

    public List<Expanded>? Included { get; set; }

    public List<(Iri Property, Expanded Value)>? Properties { get; private set; }

    public List<(Iri Property, Expanded Node)>? Reverse { get; private set; }

    /// <summary>Whether it has entries that only nodes have.</summary>
    public bool HasNodeEntries => Id is not null || Graph is not null || Included is not null || Properties is not null || Reverse is not null;

    public bool IsEmpty => !HasNodeEntries && Types is null && !HasValue && Language is null && Direction is null && Index is null && List is null && Set is null;

    public bool IsNode => !HasValue && List is null && Set is null;

    public bool IsOnlyId => Id is not null && Types is null && Graph is null && Included is null && Properties is null && Reverse is null && Index is null;

    public bool IsOnlyGraph => Graph is not null && Id is null && Types is null && Included is null && Properties is null && Reverse is null && Index is null;

    /// <summary>A graph object: @graph, and beside it only @id and @index.</summary>
    public bool IsGraph => Graph is not null && Types is null && Included is null && Properties is null && Reverse is null;

    public void Add(Iri property, Expanded value) => (Properties ??= []).Add((property, value));

    public void AddReverse(Iri property, Expanded node) => (Reverse ??= []).Add((property, node));
}
