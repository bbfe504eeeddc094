namespace CredSync.Core.People;

/// <summary>An identifier in its normalised form, as the ledger indexes it.</summary>
/// <param name="Kind">One of <see cref="CredSync.Completions.IdentifierKinds"/>.</param>
/// <param name="Scope">Name of the source for kinds that mean something only there; empty otherwise.</param>
/// <param name="Value">Trimmed, and lower-cased where the kind ignores case.</param>
public readonly record struct IdentifierKey(string Kind, string Scope, string Value);

/// <summary>Who a completion is about.</summary>
public abstract record PersonMatch
{
    private protected PersonMatch()
    {
    }

    /// <summary>A person whom the ledger knows.</summary>
    /// <param name="Subject">Subject id.</param>
    public sealed record Known(Guid Subject) : PersonMatch;

    /// <summary>A person not seen before; the subject id is derived from the strongest identifier.</summary>
    /// <param name="Subject">Subject id.</param>
    public sealed record New(Guid Subject) : PersonMatch;

    /// <summary>Nobody can be named with certainty; the completion is kept and held, never guessed.</summary>
    /// <param name="Cause">A stable machine code: <c>person-ambiguous</c>, <c>person-unknown</c>.</param>
    /// <param name="Sentence">What is unclear and who can settle it; no personal data.</param>
    /// <param name="Candidates">Subject ids that it may be.</param>
    public sealed record Unsure(string Cause, string Sentence, IReadOnlyList<Guid> Candidates) : PersonMatch;
}
