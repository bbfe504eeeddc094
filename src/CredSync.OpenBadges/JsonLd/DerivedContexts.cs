using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>What became of contexts under scoped contexts and lists of URLs, so that each is computed once for all documents.</summary>
internal sealed class DerivedContexts
{
    /// <summary>
    /// How many are remembered. An Open Badge needs a few dozen; beyond the bound they are computed each time, so that odd
    /// documents cannot fill the memory.
    /// </summary>
    private const int MostRemembered = 1024;

    /// <summary>
    /// How many terms may be copied for the contexts that stand in one document. Each scoped context copies all terms around it, so a document of
    /// many would otherwise cost the square of its length.
    /// </summary>
    private const int MostCopies = 2_000_000;

    private readonly ConcurrentDictionary<Key, ActiveContext> known = new();
    private readonly bool bounded;
    private int copies;

    /// <summary>Creates an empty memory.</summary>
    /// <param name="bounded">Whether it belongs to one document of unknown origin, and not to the known contexts.</param>
    public DerivedContexts(bool bounded) => this.bounded = bounded;

    /// <summary>Counts the copying of terms.</summary>
    /// <exception cref="JsonLdException">The document's contexts cost too much.</exception>
    public void Spend(int terms)
    {
        if (bounded && (copies += terms) > MostCopies)
            throw new JsonLdException("context overflow", "The document's own contexts nest too many terms; use fewer scoped contexts.");
    }

    /// <summary>The remembered context that a cause makes of another one.</summary>
    public bool TryGet(ActiveContext active, object cause, bool propagate, [NotNullWhen(true)] out ActiveContext? context) =>
        known.TryGetValue(new Key(active, cause, propagate), out context);

    /// <summary>The context that a cause makes of another one.</summary>
    /// <param name="active">The context before.</param>
    /// <param name="cause">The term whose scoped context applies, or the URLs as one text.</param>
    /// <param name="propagate">Whether the result holds in nested nodes.</param>
    /// <param name="compute">Makes the context when it is not remembered.</param>
    public ActiveContext Get(ActiveContext active, object cause, bool propagate, Func<ActiveContext> compute)
    {
        Key key = new(active, cause, propagate);
        if (known.TryGetValue(key, out ActiveContext? context)) return context;
        context = compute();
        if (known.Count < MostRemembered) return known.GetOrAdd(key, context);
        // Nothing may remember what was made from a context that is not remembered itself.
        return context.Detach();
    }

    private readonly struct Key(ActiveContext active, object cause, bool propagate) : IEquatable<Key>
    {
        private readonly ActiveContext active = active;
        private readonly object cause = cause;
        private readonly bool propagate = propagate;

        public bool Equals(Key other) => ReferenceEquals(active, other.active) && propagate == other.propagate && cause.Equals(other.cause);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(active), cause, propagate);
    }
}
