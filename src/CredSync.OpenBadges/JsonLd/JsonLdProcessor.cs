using System.Text.Json.Nodes;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Reads JSON-LD 1.1 documents as RDF (JSON-LD 1.1 API, toRdf). Holds compiled contexts; share one for a set of contexts.</summary>
internal sealed class JsonLdProcessor(JsonLdOptions options)
{
    private readonly ContextProcessor contexts = new(options.Loader);
    private readonly ActiveContext root = new(options.BaseIri);

    /// <summary>Reads a document.</summary>
    /// <param name="document">An object or an array of objects; it is not changed.</param>
    /// <param name="without">A member at the top that is left out; null for none.</param>
    /// <exception cref="JsonLdException">The document is not valid JSON-LD or, in safe mode, says something that RDF would lose.</exception>
    public RdfDataset ToRdf(JsonNode? document, string? without = null)
    {
        RdfDataset dataset = new();
        ToRdf(document, without, dataset);
        return dataset;
    }

    /// <summary>Reads a document into a dataset that is empty.</summary>
    /// <param name="document">As for <see cref="ToRdf(JsonNode?, string?)"/>.</param>
    /// <param name="without">As for <see cref="ToRdf(JsonNode?, string?)"/>.</param>
    /// <param name="dataset">Where its quads are put.</param>
    /// <exception cref="JsonLdException">As for <see cref="ToRdf(JsonNode?, string?)"/>.</exception>
    public void ToRdf(JsonNode? document, string? without, RdfDataset dataset)
    {
        try
        {
            ActiveContext active = root;
            if (options.ExpandContext is not null) active = contexts.Process(active, options.ExpandContext, options.BaseIri);
            Expander expander = new(options, contexts, document, without);
            List<Expanded> nodes = [];
            expander.ExpandDocument(active, document, nodes);
            new RdfWriter(dataset, options, expander.Safe).WriteDocument(nodes);
        }
        catch (Exception cause) when (cause is InvalidOperationException or ArgumentException)
        {
            throw new JsonLdException("invalid document", "The document has an object with the same member twice, or a text with half a surrogate pair.", cause);
        }
    }
}
