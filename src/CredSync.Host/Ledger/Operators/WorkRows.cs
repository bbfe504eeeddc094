namespace CredSync.Host.Ledger.Operators;

/// <summary>A job that finds its own way and is asked for.</summary>
internal sealed record WorkOrder
{
    /// <summary><c>plan</c>, <c>apply</c>, <c>backfill</c>, <c>reconcile</c>, <c>repair</c>, <c>approve</c>, <c>reject</c> or <c>revoke</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about, in words.</summary>
    public required string What { get; init; }

    /// <summary>What it is about, for the work.</summary>
    public JobWish Wish { get; init; } = new();

    /// <summary>Whose changes it makes; null when it makes none of another's.</summary>
    public long? OfJob { get; init; }

    /// <summary>How many items it will look at, as far as that is known.</summary>
    public required long Items { get; init; }

    /// <summary>The issuances that it is about, when they are chosen now.</summary>
    public IReadOnlyList<Guid> Issuances { get; init; } = [];

    /// <summary>Items a second.</summary>
    public required double Rate { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    /// <summary>Whether a second person has to approve it.</summary>
    public bool Waits { get; init; }
}

/// <summary>What a job is about.</summary>
internal sealed record JobWish
{
    public string? Credential { get; init; }

    public DateOnly? Since { get; init; }

    public DateOnly? Until { get; init; }

    public string? Source { get; init; }

    public string? Issuer { get; init; }

    /// <summary>Revision of the rule book with which it was begun.</summary>
    public string? RuleBook { get; init; }

    /// <summary>The present of a plan, UTC; it is applied in the same one.</summary>
    public DateTimeOffset? Present { get; init; }

    /// <summary>The day on which held issuances were earned, as entered.</summary>
    public DateOnly? Earned { get; init; }

    /// <summary>Whether credentials were taken back at their issuer by hand, so that only the ledger learns of it.</summary>
    public bool ByHand { get; init; }

    /// <summary>Id of the plan of a file that a plan was taken from; null for one that looked itself.</summary>
    public string? Plan { get; init; }

    /// <summary>How many changes at most; null for all.</summary>
    public long? Size { get; init; }
}

/// <summary>What one step of a job did.</summary>
internal sealed record JobStep
{
    /// <summary>Where it goes on; null leaves it where it is.</summary>
    public string? Place { get; init; }

    /// <summary>How many items this step took, whatever came of them.</summary>
    public long Taken => Succeeded + Failed + Skipped;

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Skipped { get; init; }

    /// <summary>How many items there are after all; null when that did not change.</summary>
    public long? Items { get; init; }

    /// <summary>What it found, to be written down.</summary>
    public IReadOnlyList<JobChange> Found { get; init; } = [];

    /// <summary>What an issuer has.</summary>
    public IReadOnlyList<CredSync.Issuers.ListedCredential> Listed { get; init; } = [];

    /// <summary>Credentials of the list that the ledger has.</summary>
    public IReadOnlyList<string> Met { get; init; } = [];

    /// <summary>Results of changes of another job, by their place.</summary>
    public IReadOnlyList<(long Place, string Result)> Results { get; init; } = [];

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsLast { get; init; }

    /// <summary>Why it waits, in one sentence; null when it does not.</summary>
    public string? Waits { get; init; }

    /// <summary>Why it cannot go on, in one sentence; null when it can.</summary>
    public string? Stops { get; init; }
}

/// <summary>One change that a plan would make, or one difference that a comparison found.</summary>
internal sealed record JobChange
{
    /// <summary>Its place within its job, from 1.</summary>
    public long Place { get; init; }

    /// <summary><c>award</c>, <c>hold</c>, <c>stop</c>; <c>issue-again</c>, <c>take-over</c>, <c>note-revoked</c>; <c>look</c> when only a person can settle it.</summary>
    public required string Act { get; init; }

    public Guid? Issuance { get; init; }

    public string? Definition { get; init; }

    public Guid? Subject { get; init; }

    public string? Occurrence { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Why it is held; of a comparison: <c>missing-there</c>, <c>missing-here</c>, <c>differs</c> or <c>cannot-say</c>.</summary>
    public string? Cause { get; init; }

    public DateTimeOffset? EarnedAt { get; init; }

    public string? CredentialId { get; init; }

    public string? PublicUrl { get; init; }

    public string? Sentence { get; init; }

    public DateTimeOffset? TakenAt { get; init; }

    /// <summary><c>done</c>, <c>before</c> (it was so already) or <c>left-out</c> (it would come out otherwise now); null while it was not applied.</summary>
    public string? Result { get; init; }
}

/// <summary>How many changes of a kind a job has.</summary>
internal sealed record ChangeCount(string Act, string? Cause, string? Definition, long Count, long Left);

/// <summary>A line of the ledger that is compared with its issuer.</summary>
internal sealed record ComparedLine(Guid Id, string Definition, string State, string? CredentialId, bool IsRevoked, DateTimeOffset? OutcomeAt, CredSync.Issuers.IssuanceRequest Request);

/// <summary>A credential of an issuer's list, as it was written down.</summary>
internal sealed record ListedLine(string CredentialId, Guid? Issuance, Guid? Subject, string? Template, DateTimeOffset? EarnedAt, bool IsRevoked, string? PublicUrl);
