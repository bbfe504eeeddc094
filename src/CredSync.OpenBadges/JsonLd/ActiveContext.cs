using System.Diagnostics.CodeAnalysis;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// The terms that hold at one place of a document (JSON-LD 1.1 API section 4.1). Complete ones are shared between documents and threads,
/// and remember what became of them under each scoped context, so that a document costs look-ups only.
/// </summary>
internal sealed class ActiveContext
{
    private readonly DerivedContexts derived;
    private Dictionary<string, string>? protectedNames;

    public ActiveContext(string? baseIri)
        : this(baseIri, [], new DerivedContexts(bounded: false))
    {
    }

    private ActiveContext(string? baseIri, Dictionary<string, TermDefinition> terms, DerivedContexts derived)
    {
        Base = baseIri;
        OriginalBase = baseIri;
        Terms = terms;
        this.derived = derived;
    }

    public Dictionary<string, TermDefinition> Terms { get; }

    public string? Base { get; set; }

    public string? OriginalBase { get; private init; }

    public string? Vocab { get; set; }

    public string? Language { get; set; }

    public string? Direction { get; set; }

    /// <summary>The context that holds again in nested nodes, when this one does not propagate.</summary>
    public ActiveContext? Previous { get; set; }

    /// <summary>The protected term of an IRI or keyword; asked for complete contexts only.</summary>
    public bool TryGetProtectedName(string iri, [NotNullWhen(true)] out string? term) => (protectedNames ??= ProtectedNames()).TryGetValue(iri, out term);

    public bool HasProtectedTerms => Terms.Values.Any(term => term.IsProtected);

    public ActiveContext Clone()
    {
        derived.Spend(Terms.Count);
        return Copy(derived);
    }

    public ActiveContext Emptied() => new(OriginalBase, [], derived) { OriginalBase = OriginalBase };

    /// <summary>A copy that remembers on its own, for a context that stands in a document and will not be seen again.</summary>
    public ActiveContext Detach() => Copy(new DerivedContexts(bounded: true));

    /// <summary>The context under a term's scoped context, when it was computed before.</summary>
    public bool TryDerived(TermDefinition term, bool propagate, [NotNullWhen(true)] out ActiveContext? context) => derived.TryGet(this, term, propagate, out context);

    /// <summary>The context under a term's scoped context, computed once.</summary>
    public ActiveContext Derive(TermDefinition term, bool propagate, Func<ActiveContext> compute) => derived.Get(this, term, propagate, compute);

    /// <summary>The context under a list of context URLs, computed once.</summary>
    public ActiveContext Derive(string urls, Func<ActiveContext> compute) => derived.Get(this, urls, true, compute);

    private Dictionary<string, string> ProtectedNames()
    {
        Dictionary<string, string> names = [];
        foreach ((string name, TermDefinition term) in Terms)
        {
            if (term is { IsProtected: true, Iri: not null }) names.TryAdd(term.Iri.Text, name);
        }

        return names;
    }

    private ActiveContext Copy(DerivedContexts memory) => new(Base, new Dictionary<string, TermDefinition>(Terms), memory)
    {
        OriginalBase = OriginalBase, Vocab = Vocab, Language = Language, Direction = Direction, Previous = Previous,
    };
}
