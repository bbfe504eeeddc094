using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Issuers;
using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>How a run ended.</summary>
internal sealed record RunEnd
{
    /// <summary>The fault; null when the run read everything.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>One sentence about the fault; null when there was none.</summary>
    public string? Sentence { get; init; }

    /// <summary>Not to be polled before; null when the schedule alone decides.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether the source is paused until a person acts.</summary>
    public bool Pause { get; init; }

    /// <summary>Whether the run was cut short for a reason of this worker's own (it stops, its ledger was away): the lease is given back, and nothing is said about the source.</summary>
    public bool CutShort { get; init; }
}

/// <summary>What a page brought.</summary>
internal sealed record PageCounts
{
    public int Read { get; init; }

    public int New { get; init; }

    public int Revised { get; init; }

    public int Unchanged { get; init; }

    public int Unreadable { get; init; }

    public int Planned { get; init; }

    public int Held { get; init; }

    public DateTimeOffset? NewestCompletion { get; init; }

    public static PageCounts operator +(PageCounts a, PageCounts b) => new()
    {
        Read = a.Read + b.Read,
        New = a.New + b.New,
        Revised = a.Revised + b.Revised,
        Unchanged = a.Unchanged + b.Unchanged,
        Unreadable = a.Unreadable + b.Unreadable,
        Planned = a.Planned + b.Planned,
        Held = a.Held + b.Held,
        NewestCompletion = a.NewestCompletion is { } x && b.NewestCompletion is { } y ? (x > y ? x : y) : a.NewestCompletion ?? b.NewestCompletion,
    };
}

/// <summary>Where a source stands.</summary>
internal sealed record SourceState
{
    public required string Name { get; init; }

    public Cursor? Cursor { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    public DateTimeOffset? NewestCompletion { get; init; }

    /// <summary>Why it is paused; null when it is not.</summary>
    public string? PausedBecause { get; init; }

    /// <summary>Faults in a row.</summary>
    public int Failures { get; init; }

    public FaultKind? LastFault { get; init; }

    public string? LastFaultSentence { get; init; }

    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>An issuance to plan or hold.</summary>
internal sealed record IssuanceRow
{
    public required IssuanceKey Key { get; init; }

    /// <summary><see cref="IssuanceState.Planned"/> or <see cref="IssuanceState.Held"/>.</summary>
    public required IssuanceState State { get; init; }

    public required string Issuer { get; init; }

    public required CredentialFacts Credential { get; init; }

    /// <summary>Null only while a held one waits for a fact.</summary>
    public AwardFacts? Award { get; init; }

    public required string RuleBookRevision { get; init; }

    public required string Reason { get; init; }

    public required RuleTrace Trace { get; init; }

    /// <summary>Why it is held; null when planned.</summary>
    public string? Cause { get; init; }

    /// <summary>Who can settle it; null when planned.</summary>
    public string? Remedy { get; init; }

    /// <summary>After how long it settles itself; null never.</summary>
    public TimeSpan? SettleWithin { get; init; }

    /// <summary>
    /// Whether it takes the place of a line that waits, because the facts behind that changed. When the line left meanwhile, the transaction is in another's way and is undone:
    /// what else it decided rests on the line being changed.
    /// </summary>
    public bool Revises { get; init; }
}

/// <summary>A planned issuance, claimed for publishing.</summary>
internal sealed record ClaimedIssuance(Guid Id, string Issuer, CredentialFacts Credential, Recipient Recipient, AwardFacts Award, int Attempt)
{
    /// <summary>The batch that it was claimed with.</summary>
    public long Sending { get; init; }
}

/// <summary>What became of an issuance.</summary>
internal sealed record IssuanceOutcome
{
    public required Guid Id { get; init; }

    /// <summary><see cref="IssuanceState.Issued"/>, <see cref="IssuanceState.Refused"/>, <see cref="IssuanceState.Held"/>, or <see cref="IssuanceState.Planned"/> for a later attempt.</summary>
    public required IssuanceState State { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? CredentialId { get; init; }

    public string? PublicUrl { get; init; }

    /// <summary>Not to be sent before; null at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public string? Cause { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>An issuance as screens show it. No name, no address.</summary>
internal sealed record IssuanceLine
{
    public required Guid Id { get; init; }

    public required string Definition { get; init; }

    public required Guid Subject { get; init; }

    public required string Occurrence { get; init; }

    public required string Issuer { get; init; }

    public required IssuanceState State { get; init; }

    public required string Reason { get; init; }

    public required string RuleBookRevision { get; init; }

    public DateTimeOffset? EarnedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? OutcomeAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public string? CredentialId { get; init; }

    public string? PublicUrl { get; init; }

    public string? Cause { get; init; }

    public string? Sentence { get; init; }

    /// <summary>Since when the credential is revoked, UTC; null when it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When a held one settles itself, UTC; null when it does not.</summary>
    public DateTimeOffset? SettleBy { get; init; }

    public required RuleTrace Trace { get; init; }
}

/// <summary>A completion as screens show it.</summary>
internal sealed record CompletionLine(Completion Completion, Guid? Subject, int Revision, DateTimeOffset FirstSeen, DateTimeOffset LastChanged, string? HoldCause, string? HoldSentence);

/// <summary>A record that was set aside.</summary>
internal sealed record SetAsideLine(string Source, string Reference, string Cause, string Sentence, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, int Times);

/// <summary>How many issuances of a definition are in a state.</summary>
internal sealed record IssuanceCount(string Definition, string Issuer, IssuanceState State, int Count, DateTimeOffset? OldestPlanned)
{
    /// <summary>Counts by stored state, told apart by what was revoked since it was issued.</summary>
    public static IReadOnlyList<IssuanceCount> Of(IEnumerable<IssuanceCount> stored, IEnumerable<(string Definition, string Issuer, int Count)> revoked)
    {
        Dictionary<(string, string), int> gone = revoked.ToDictionary(r => (r.Definition, r.Issuer), r => r.Count);
        return
        [
            .. stored.SelectMany(c => c.State == IssuanceState.Issued && gone.TryGetValue((c.Definition, c.Issuer), out int count)
                ? new[] { c with { Count = c.Count - count }, c with { State = IssuanceState.Revoked, Count = count } }
                : [c]).Where(c => c.Count > 0),
        ];
    }
}

/// <summary>Totals of the ledger.</summary>
internal sealed record LedgerTotals(long Completions, long Withheld, long People, long Issuances, long SetAside);
