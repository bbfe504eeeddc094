using System.Collections.Concurrent;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// The terms that hold at one place of a document (JSON-LD 1.1 API section 4.1). Complete ones are shared between documents and threads,
/// and remember what became of them under each scoped context, so that a document costs look-ups only.
/// </summary>
internal sealed class ActiveContext
{
    /// <summary>
    /// How many derived contexts one shared root remembers. A profile needs a few dozen; beyond the bound they are computed each time,
    /// so that odd documents cannot fill the memory.
    /// </summary>
    private const int MostDerived = 2048;

    private readonly DerivedContexts derived;

    public ActiveContext(string? baseIri)
        : this(baseIri, [], new DerivedContexts())
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

    public bool HasProtectedTerms => Terms.Values.Any(term => term.IsProtected);

    public ActiveContext Clone() => new(Base, new Dictionary<string, TermDefinition>(Terms), derived)
    {
        OriginalBase = OriginalBase, Vocab = Vocab, Language = Language, Direction = Direction, Previous = Previous,
    };

    public ActiveContext Emptied() => new(OriginalBase, [], derived) { OriginalBase = OriginalBase };

    /// <summary>The context under a term's scoped context, computed once.</summary>
    public ActiveContext Derive(TermDefinition term, bool propagate, Func<ActiveContext> compute)
    {
        DerivedContexts.Key key = new(this, term, propagate);
        if (derived.Known.TryGetValue(key, out ActiveContext? known)) return known;
        ActiveContext context = compute();
        if (derived.Known.Count < MostDerived) derived.Known.TryAdd(key, context);
        return context;
    }

    private sealed class DerivedContexts
    {
        public readonly ConcurrentDictionary<Key, ActiveContext> Known = new();

        public readonly struct Key(ActiveContext context, TermDefinition term, bool propagate) : IEquatable<Key>
        {
            private readonly ActiveContext context = context;
            private readonly TermDefinition term = term;
            private readonly bool propagate = propagate;

            public bool Equals(Key other) => ReferenceEquals(context, other.context) && ReferenceEquals(term, other.term) && propagate == other.propagate;

            public override bool Equals(object? obj) => obj is Key other && Equals(other);

            public override int GetHashCode() => HashCode.Combine(
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(context), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(term), propagate);
        }
    }
}
