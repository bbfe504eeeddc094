using CredSync.Completions;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

/// <summary>All that a decision about one person rests on.</summary>
public sealed record PersonHistory
{
    /// <summary>Subject id of the person.</summary>
    public required Guid Subject { get; init; }

    /// <summary>Every completion of the person that the ledger holds, in any order; the decision does not depend on the order.</summary>
    public required IReadOnlyList<Completion> Completions { get; init; }

    /// <summary>Every issuance of the person that the ledger holds; also those of people who were merged into this one, under their own keys.</summary>
    public IReadOnlyList<HeldIssuance> Issuances { get; init; } = [];

    /// <summary>What the person said about credentials, as the directory has it; empty when nothing.</summary>
    public IReadOnlyList<People.ConsentFact> Consents { get; init; } = [];
}

/// <summary>An issuance that the ledger already holds.</summary>
/// <param name="Key">Its key.</param>
/// <param name="State">Where it stands.</param>
/// <param name="EarnedAt">When it was earned, UTC; null while a held one has no date.</param>
/// <param name="ExpiresAt">When it expires, UTC; null when it does not.</param>
public readonly record struct HeldIssuance(IssuanceKey Key, IssuanceState State, DateTimeOffset? EarnedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// Why it is held, for state <see cref="IssuanceState.Held"/>; null otherwise or when unknown. With one of the causes that facts settle
    /// (<see cref="HoldCauses.IsSettledByFacts"/>) the rule book decides again; with any other, or none, the hold is left to people.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>
    /// Whether it is planned or held and was never handed to its issuer, so that it can still follow the facts. Default false: it may have left, and stays as it is.
    /// </summary>
    public bool Waits { get; init; }
}
