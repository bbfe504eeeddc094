using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>How a document is read.</summary>
internal sealed record JsonLdOptions
{
    /// <summary>Where context URLs lead.</summary>
    public required IContextLoader Loader { get; init; }

    /// <summary>
    /// Whether everything that plain JSON-LD drops silently (undefined terms, relative references, values in no place) is an error. A signature
    /// covers only what becomes RDF, so credentials are always read this way.
    /// </summary>
    public bool Safe { get; init; } = true;

    /// <summary>The document's own address, against which relative references resolve; null when it has none.</summary>
    public string? BaseIri { get; init; }

    /// <summary>A context that holds before the document's own; null for none.</summary>
    public JsonNode? ExpandContext { get; init; }

    /// <summary>What becomes of base directions: null (lost), <c>i18n-datatype</c> or <c>compound-literal</c>.</summary>
    public string? RdfDirection { get; init; }
}
