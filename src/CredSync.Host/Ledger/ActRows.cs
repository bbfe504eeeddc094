using CredSync.Issuers;

namespace CredSync.Host.Ledger;

/// <summary>Something that a person did.</summary>
/// <param name="Who">The operating system's user, or who was named.</param>
/// <param name="Verb">What: <c>approve</c>, <c>reject</c>, <c>match</c>, <c>merge</c>, <c>unmerge</c>, <c>admit</c>, <c>apply</c>.</param>
/// <param name="Target">To what: an issuance id, a completion key, a plan id.</param>
/// <param name="Why">The reason given.</param>
/// <param name="Detail">What it was and became, in words; no personal data.</param>
internal sealed record Act(string Who, string Verb, string Target, string Why, string Detail)
{
    /// <summary>What it was before; null when the act does not change one thing.</summary>
    public string? Was { get; init; }

    /// <summary>What it became; null when the act does not change one thing.</summary>
    public string? Became { get; init; }
}

/// <summary>An act with its number and time.</summary>
internal sealed record ActLine(long Number, DateTimeOffset At, string Who, string Verb, string Target, string Why, string Detail)
{
    /// <summary>What it was before; null when the act did not change one thing.</summary>
    public string? Was { get; init; }

    /// <summary>What it became; null when the act did not change one thing.</summary>
    public string? Became { get; init; }
}

/// <summary>Which holds are wanted.</summary>
/// <param name="Id">One issuance; null for all.</param>
/// <param name="Cause">One cause; null for all.</param>
/// <param name="Definition">One credential; null for all.</param>
internal sealed record HeldFilter(Guid? Id = null, string? Cause = null, string? Definition = null);

/// <summary>A held issuance, or an issuance under review.</summary>
/// <param name="Issuance">The issuance.</param>
/// <param name="Cause">Why it waits.</param>
/// <param name="Sentence">Who can settle it and how.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="IsReview">Whether it left already, and the question is whether it stays.</param>
internal sealed record HeldLine(IssuanceLine Issuance, string Cause, string Sentence, DateTimeOffset Since, bool IsReview);

/// <summary>How many wait for one cause.</summary>
internal sealed record HeldCount(string Cause, string Definition, bool IsReview, long Count, DateTimeOffset Oldest);

/// <summary>The settlement of a hold.</summary>
internal sealed record Settlement
{
    public required Guid Issuance { get; init; }

    /// <summary>True: planned, or stays. False: refused, or is to be revoked.</summary>
    public required bool Approved { get; init; }

    /// <summary>Whether it is a review of an issuance that left already.</summary>
    public required bool IsReview { get; init; }

    /// <summary>The cause that was seen when it was settled; with another one meanwhile, nothing is done.</summary>
    public required string Cause { get; init; }

    /// <summary>The reason, kept with a refused issuance.</summary>
    public required string Why { get; init; }

    /// <summary>Facts that replace those of the award; null keeps them.</summary>
    public AwardFacts? Award { get; init; }
}

/// <summary>Somebody who was found by an identifier, and the kinds under which it is theirs.</summary>
internal sealed record FoundPerson(Guid Subject, IReadOnlyList<string> Kinds);

/// <summary>Which kind of identifier a person has, where it means something, and since when.</summary>
internal sealed record IdentifierOrigin(string Kind, string Scope, DateTimeOffset FirstSeen);

/// <summary>A rule book that decided, and since when.</summary>
internal sealed record RuleBookLine(string Revision, DateTimeOffset FirstUsed, int Credentials);

/// <summary>How far a plan is.</summary>
internal sealed record PlanProgress(string Plan, DateTimeOffset BegunAt, long Effects, long Applied, DateTimeOffset? FinishedAt);
