using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What the ledger holds of one person, as a plan looks at it.</summary>
public sealed record PlanPerson
{
    /// <summary>Completions and issuances.</summary>
    public required PersonHistory History { get; init; }

    /// <summary>Keys of the issuances that never left: planned or held, and not yet handed to the queue. Only these can still be stopped.</summary>
    public IReadOnlyList<IssuanceKey> Unsent { get; init; } = [];

    /// <summary>Keys of the issuances about which a review was opened already, whether it is settled or not; no second one is proposed.</summary>
    public IReadOnlyList<IssuanceKey> Reviewed { get; init; } = [];
}
