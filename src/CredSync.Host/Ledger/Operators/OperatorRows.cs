using CredSync.Core.Issuance;

namespace CredSync.Host.Ledger.Operators;

/// <summary>One page of a list.</summary>
/// <param name="Items">The lines.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>One poll of a source.</summary>
internal sealed record RunLine
{
    public required long Run { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Took => FinishedAt - StartedAt;

    public required long Pages { get; init; }

    public required long Read { get; init; }

    public required long New { get; init; }

    public required long Revised { get; init; }

    /// <summary>Told before, and unchanged.</summary>
    public required long Duplicate { get; init; }

    /// <summary>Could not be read, and was set aside.</summary>
    public required long Bad { get; init; }

    public required long Planned { get; init; }

    public required long Held { get; init; }

    /// <summary>The kind of fault, <c>Interrupted</c> or <c>CutShort</c>; null when it went well or still runs.</summary>
    public string? Fault { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>An issuance in a list. No name, no address.</summary>
internal sealed record IssuanceSummary
{
    public required Guid Id { get; init; }

    public required string Definition { get; init; }

    public required Guid Subject { get; init; }

    public required string Occurrence { get; init; }

    public required string Issuer { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public DateTimeOffset? EarnedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? OutcomeAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public required long Attempts { get; init; }

    public string? CredentialId { get; init; }

    public string? Cause { get; init; }

    public string? Fingerprint { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>Which issuances are wanted. What is null does not matter.</summary>
internal sealed record IssuanceFilter
{
    public string? Definition { get; init; }

    public IssuanceState? State { get; init; }

    public string? Issuer { get; init; }

    public string? Cause { get; init; }

    public string? Fingerprint { get; init; }

    public DateTimeOffset? DecidedSince { get; init; }

    public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>Only what went wrong at an issuer's side and is not settled.</summary>
    public bool Failing { get; init; }
}

/// <summary>A completion in a list. No name, no address.</summary>
internal sealed record CompletionSummary(
    string Source, string NaturalKey, Guid? Subject, string Course, string Status, DateTimeOffset? CompletedAt, DateTimeOffset FirstSeen, string? HoldCause, string? HoldSentence);

/// <summary>Which completions are wanted. What is null does not matter.</summary>
internal sealed record CompletionFilter
{
    public string? Source { get; init; }

    /// <summary>Only of this course, by the platform's own key.</summary>
    public string? Course { get; init; }

    public string? Cause { get; init; }

    /// <summary>Only those of which nobody can be named.</summary>
    public bool Held { get; init; }

    public DateTimeOffset? SeenSince { get; init; }

    /// <summary>Only those of people whom no rule has awarded anything so far.</summary>
    public bool WithoutCredential { get; init; }
}

/// <summary>A held issuance, or a credential under review.</summary>
internal sealed record HoldLine(Guid Id, string Definition, Guid Subject, string Issuer, string Cause, string Sentence, DateTimeOffset Since, bool IsReview, DateTimeOffset? EarnedAt);

/// <summary>Failures of one cause and one fingerprint at one place.</summary>
internal sealed record FailureGroup
{
    public required string Cause { get; init; }

    /// <summary>Tells sentences of one kind from those of another; empty for records that could not be read.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The issuer or the source at which they happened.</summary>
    public required string Place { get; init; }

    /// <summary><c>issuance</c>, or <c>record</c> for records that could not be read.</summary>
    public required string Kind { get; init; }

    public required long Count { get; init; }

    /// <summary>Of these, how many are tried again by themselves.</summary>
    public required long Waiting { get; init; }

    /// <summary>Of these, how many wait for a person to say what happened.</summary>
    public required long InDoubt { get; init; }

    public required long LastHour { get; init; }

    public required long LastDay { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>One of their sentences.</summary>
    public required string Sentence { get; init; }

    public FailureNote? Note { get; init; }
}

/// <summary>What somebody wrote about a group of failures.</summary>
internal sealed record FailureNote(string Text, string Who, DateTimeOffset At);

/// <summary>Which failures of issuances an act is about. What is null does not matter.</summary>
internal sealed record FailureFilter(string? Cause = null, string? Fingerprint = null, string? Issuer = null, Guid? Id = null);

/// <summary>A job that is asked for.</summary>
internal sealed record JobOrder
{
    /// <summary><c>retry</c>, <c>park</c> or <c>archive</c>; work that finds its own way has an order of its own.</summary>
    public required string Kind { get; init; }

    public required FailureFilter Filter { get; init; }

    /// <summary>How many at most, the oldest first; null for all.</summary>
    public int? Size { get; init; }

    /// <summary>Items a second.</summary>
    public required double Rate { get; init; }

    /// <summary>The share of failures among settled items at which it stops, 0 to 1; null: never.</summary>
    public double? StopAt { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    /// <summary>From how many items on a second person has to approve.</summary>
    public required int ApprovalOver { get; init; }
}

/// <summary>A job, with counts as they are at this moment.</summary>
internal sealed record JobLine
{
    public required long Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>Which failures, in words.</summary>
    public required string What { get; init; }

    /// <summary><c>waiting</c> for a second person, <c>running</c>, <c>paused</c>, <c>done</c>, <c>stopped</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    public string? ApprovedBy { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? BeganAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required double Rate { get; init; }

    public double? StopAt { get; init; }

    public required long Items { get; init; }

    public required long Taken { get; init; }

    public required long Succeeded { get; init; }

    public required long Failed { get; init; }

    /// <summary>Somebody or something settled them before it was their turn.</summary>
    public required long Skipped { get; init; }

    /// <summary>Taken, and no outcome yet.</summary>
    public long UnderWay => Taken - Succeeded - Failed - Skipped;

    public string? Sentence { get; init; }

    /// <summary>What it is about, for the work.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public JobWish Wish { get; init; } = new();

    /// <summary>Where it goes on, in the words of its kind; null at the beginning.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Place { get; init; }

    /// <summary>Whose changes it makes; null when it makes none of another's.</summary>
    public long? OfJob { get; init; }

    /// <summary>How many changes it has written down.</summary>
    public long Found { get; init; }
}

/// <summary>A key of a program; never the secret.</summary>
internal sealed record KeyLine
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Hash { get; init; } = "";

    public required string Role { get; init; }

    /// <summary>What it may be used for; empty: all that its role may.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required string MadeBy { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? LastUsed { get; init; }
}
