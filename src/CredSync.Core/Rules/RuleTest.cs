using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>A story inside a credential's file: what happens, and what must come of it.</summary>
public sealed record RuleTest
{
    /// <summary>Id of the credential in whose file it stands.</summary>
    public required string Credential { get; init; }

    /// <summary>What the story shows.</summary>
    public required string Name { get; init; }

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>What happens, in any order.</summary>
    public required IReadOnlyList<RuleTestEvent> Events { get; init; }

    /// <summary>What must come of it.</summary>
    public required IReadOnlyList<RuleTestExpectation> Expectations { get; init; }

    /// <summary>Where it is written.</summary>
    public required FilePosition Position { get; init; }
}

/// <summary>Something that happens to a person of a story: a completion is read, or a credential was got.</summary>
public sealed record RuleTestEvent
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Person { get; init; }

    /// <summary>What was read; null when it is a credential.</summary>
    public Completion? Completion { get; init; }

    /// <summary>Id of the credential that was got; null when it is a completion.</summary>
    public string? Credential { get; init; }

    /// <summary>When that credential expires, UTC; null when it does not.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>What must be so at some time of a story. A date without a time stands for its whole day in UTC.</summary>
public sealed record RuleTestExpectation
{
    /// <summary>Who.</summary>
    public required string Person { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>As written: the date on which the newest credential was earned, or <c>never</c>; null when something else is expected.</summary>
    public string? Earned { get; init; }

    /// <summary>As written: when it expires, or <c>never</c>; null when that is not told.</summary>
    public string? Expires { get; init; }

    /// <summary>How many were earned; null when that is not told.</summary>
    public int? Times { get; init; }

    /// <summary>The cause for which it is held; null when something else is expected.</summary>
    public string? Held { get; init; }

    /// <summary>Words that the reason holds; null when that is not told.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it is written.</summary>
    public required FilePosition Position { get; init; }
}

/// <summary>How one expectation of a story came out.</summary>
/// <param name="Test">The story.</param>
/// <param name="Passed">Whether it came out as expected.</param>
/// <param name="Difference">What was expected and what came, in words; null when it passed.</param>
/// <param name="Position">Where the expectation is written.</param>
public sealed record RuleTestResult(RuleTest Test, bool Passed, string? Difference, FilePosition Position);
