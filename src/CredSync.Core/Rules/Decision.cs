using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>What the rule book says about one person and one credential definition.</summary>
public abstract record Decision
{
    private protected Decision()
    {
    }

    /// <summary>Id of the credential definition.</summary>
    public required string Definition { get; init; }

    /// <summary>Subject id of the person.</summary>
    public required Guid Subject { get; init; }

    /// <summary>Why, in words for people; no personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>How the rule came out, leaf by leaf, with the facts behind each.</summary>
    public required RuleTrace Trace { get; init; }

    /// <summary>
    /// Whether it takes the place of what the ledger holds under the same key, because the facts changed before that left. Default false: what the ledger holds counts.
    /// </summary>
    public bool Revises { get; init; }

    /// <summary>The person has earned it.</summary>
    public sealed record Issue : Decision
    {
        /// <summary>Which occurrence of the right.</summary>
        public required string Occurrence { get; init; }

        /// <summary>The facts that go on the credential.</summary>
        public required AwardFacts Award { get; init; }

        /// <summary>Name of the issuer as configured.</summary>
        public required string Issuer { get; init; }
    }

    /// <summary>The person has not earned it (yet), or has it already.</summary>
    public sealed record Skip : Decision
    {
        /// <summary>When what the person earned expired, UTC, if that is the reason; null otherwise.</summary>
        public DateTimeOffset? ExpiredAt { get; init; }
    }

    /// <summary>The person may have earned it, but something must be settled first.</summary>
    public sealed record Hold : Decision
    {
        /// <summary>Which occurrence of the right.</summary>
        public required string Occurrence { get; init; }

        /// <summary>The facts that would go on the credential; null when what is missing is a fact (such as the date it was earned).</summary>
        public AwardFacts? Award { get; init; }

        /// <summary>Name of the issuer as configured.</summary>
        public required string Issuer { get; init; }

        /// <summary>A stable machine code, for example <c>consent-missing</c>, <c>earned-date-unknown</c>, <c>approval</c>.</summary>
        public required string Cause { get; init; }

        /// <summary>Who can settle it and how, in one sentence.</summary>
        public required string Remedy { get; init; }

        /// <summary>After how long it settles itself: an approval that nobody gave, a proposal that the facts did not take back. Null: never.</summary>
        public TimeSpan? Within { get; init; }
    }
}

/// <summary>How one node of a rule came out.</summary>
public sealed record RuleTrace
{
    /// <summary>The node in words, for example <c>course SAFETY-101 on moodle-hr, score ≥ 80 %</c>.</summary>
    public required string Node { get; init; }

    /// <summary>Whether it is met.</summary>
    public required bool Met { get; init; }

    /// <summary>Keys (<c>source/natural-key</c>) of the completions that meet it, or the nearest ones that do not; no personal data.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What is missing, in words; null when met.</summary>
    public string? Missing { get; init; }

    /// <summary>The nodes below it.</summary>
    public IReadOnlyList<RuleTrace> Children { get; init; } = [];
}
