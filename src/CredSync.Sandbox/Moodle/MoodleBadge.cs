namespace CredSync.Sandbox.Moodle;

/// <summary>One of Moodle's own badges.</summary>
public sealed record MoodleBadge
{
    /// <summary>The badge's id, unique.</summary>
    public required int Id { get; init; }

    /// <summary>The badge's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is awarded for, in words.</summary>
    public string Description { get; init; } = "";

    /// <summary>The course it belongs to; null for a badge of the site.</summary>
    public int? CourseId { get; init; }

    /// <summary>The badge's version, free text.</summary>
    public string Version { get; init; } = "1.0";

    /// <summary>The courses that must all be complete; empty for a badge that is only awarded by hand.</summary>
    public IReadOnlyList<int> AwardedFor { get; init; } = [];

    /// <summary>How long an award is valid; null for ever.</summary>
    public TimeSpan? ValidFor { get; init; }
}

/// <summary>A badge that somebody was awarded.</summary>
public sealed record MoodleBadgeAward
{
    /// <summary>The badge.</summary>
    public required int BadgeId { get; init; }

    /// <summary>The recipient.</summary>
    public required int UserId { get; init; }

    /// <summary>The award's own hash, 40 hexadecimal digits.</summary>
    public required string UniqueHash { get; init; }

    /// <summary>When it was issued, which is not when the course was completed.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>False: the recipient hides it; <c>onlypublic</c> leaves it out.</summary>
    public bool Visible { get; init; } = true;
}
