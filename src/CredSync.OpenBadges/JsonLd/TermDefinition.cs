using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>What a context says about a term (JSON-LD 1.1 API section 4.2). Not changed once its context is complete.</summary>
internal sealed class TermDefinition
{
    /// <summary>The IRI mapping; null when the context removes the term.</summary>
    public Iri? Iri { get; set; }

    public bool IsPrefix { get; set; }

    public bool IsProtected { get; set; }

    public bool IsReverse { get; set; }

    /// <summary>The type mapping: @id, @vocab, @json, @none or a datatype.</summary>
    public Iri? Type { get; set; }

    public Containers Containers { get; set; }

    /// <summary>The scoped context; see <see cref="HasContext"/>, because it may be the JSON value null.</summary>
    public JsonNode? Context { get; set; }

    public bool HasContext { get; set; }

    /// <summary>The URL of the document that the scoped context stands in.</summary>
    public string? ContextBase { get; set; }

    public string? Language { get; set; }

    public bool HasLanguage { get; set; }

    public string? Direction { get; set; }

    public bool HasDirection { get; set; }

    public string? Nest { get; set; }

    public string? Index { get; set; }

    public bool Has(Containers container) => (Containers & container) != 0;

    /// <summary>Whether two definitions say the same, protection aside.</summary>
    public bool SaysTheSameAs(TermDefinition other) =>
        Iri?.Text == other.Iri?.Text && IsPrefix == other.IsPrefix && IsReverse == other.IsReverse && Type?.Text == other.Type?.Text
        && Containers == other.Containers && HasContext == other.HasContext && JsonNode.DeepEquals(Context, other.Context)
        && HasLanguage == other.HasLanguage && Language == other.Language && HasDirection == other.HasDirection && Direction == other.Direction
        && Nest == other.Nest && Index == other.Index;

    public TermDefinition Protected() => IsProtected ? this : WithProtection();

    private TermDefinition WithProtection()
    {
        TermDefinition copy = (TermDefinition)MemberwiseClone();
        copy.IsProtected = true;
        return copy;
    }
}
