using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What a plan does to one issuance.</summary>
public enum PlanAct
{
    /// <summary>It is planned, and goes to its issuer; one that was held for a cause that is settled now, too.</summary>
    Award,

    /// <summary>It is held, with a cause.</summary>
    Hold,

    /// <summary>It was planned or held, has not left, and is not earned by the rule book in force: it is held as <see cref="HoldCauses.NoLongerEarned"/>.</summary>
    Stop,

    /// <summary>It is planned or held, has not left, is still earned, and gets the dates that the rule book in force gives: its validity changed, or what earns it.</summary>
    Revise,
}

/// <summary>One change that a plan makes in the ledger.</summary>
public sealed record PlanEffect
{
    /// <summary>The issuance.</summary>
    public required IssuanceKey Key { get; init; }

    /// <summary>What is done to it.</summary>
    public required PlanAct Act { get; init; }

    /// <summary>Name of the issuer as configured; empty for a stop.</summary>
    public required string Issuer { get; init; }

    /// <summary>Why it is held; null for an award.</summary>
    public string? Cause { get; init; }

    /// <summary>When it was earned, UTC; null when that is not known.</summary>
    public DateTimeOffset? EarnedAt { get; init; }

    /// <summary>The decision behind it; null for a stop, and for one read back from a file.</summary>
    public Decision? Decision { get; init; }

    /// <summary>Whether another effect does the same to the same issuance.</summary>
    /// <param name="other">The other.</param>
    public bool IsSameAs(PlanEffect other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Key == other.Key && Act == other.Act && Issuer == other.Issuer && Cause == other.Cause && EarnedAt == other.EarnedAt;
    }

    /// <summary>Whether the ledger already stands as this effect would leave it, or further.</summary>
    /// <param name="held">The issuance as the ledger holds it.</param>
    public bool IsDone(HeldIssuance held) => held.Key == Key && Act switch
    {
        PlanAct.Award => held.State is IssuanceState.Planned or IssuanceState.Sent or IssuanceState.Issued,

        // Asked only when the rule book in force would not revise it: what has not left has its dates.
        PlanAct.Revise => held.State is IssuanceState.Planned or IssuanceState.Held && held.EarnedAt == EarnedAt,
        _ => held.State == IssuanceState.Held && held.Cause == Cause,
    };
}
