namespace CredSync.Sandbox.Moodle;

/// <summary>A course of the play Moodle, with what completes it.</summary>
public sealed record MoodleCourse
{
    /// <summary>The course's id, unique, from 2 on (1 is the site itself).</summary>
    public required int Id { get; init; }

    /// <summary>The short name, unique.</summary>
    public required string ShortName { get; init; }

    /// <summary>The full name as stored: plain text, in which <c>&amp;</c> is not escaped.</summary>
    public required string FullName { get; init; }

    /// <summary>The organisation's own number of the course; empty when there is none.</summary>
    public string IdNumber { get; init; } = "";

    /// <summary>The summary as stored, HTML.</summary>
    public string Summary { get; init; } = "";

    /// <summary>False: only accounts with <c>moodle/course:viewhiddencourses</c> see it.</summary>
    public bool Visible { get; init; } = true;

    /// <summary>False: completion is off in this course, whatever was completed before.</summary>
    public bool CompletionEnabled { get; init; } = true;

    /// <summary>When the course starts.</summary>
    public DateTimeOffset StartDate { get; init; } = new(2025, 1, 6, 8, 0, 0, TimeSpan.Zero);

    /// <summary>When its settings were last changed; null for <see cref="StartDate"/>.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>Where the course stands in listings, smaller first; null puts later ids first, as Moodle does.</summary>
    public int? SortOrder { get; init; }

    /// <summary>The id of the course's context, which appears in picture addresses; null for the course's id plus 14.</summary>
    public int? ContextId { get; init; }

    /// <summary>The activities, in the order in which they stand in the course.</summary>
    public IReadOnlyList<MoodleActivity> Activities { get; init; } = [];

    /// <summary>What completes the course; empty means that nothing does (<c>nocriteriaset</c>).</summary>
    public IReadOnlyList<MoodleCriterion> Criteria { get; init; } = [];

    /// <summary>Whether all kinds of criteria must be met or any one of them.</summary>
    public MoodleAggregation Aggregation { get; init; } = MoodleAggregation.All;

    /// <summary>Whether all activity criteria must be met or any one of them.</summary>
    public MoodleAggregation ActivityAggregation { get; init; } = MoodleAggregation.All;

    /// <summary>Whether all prerequisite courses must be complete or any one of them.</summary>
    public MoodleAggregation PrerequisiteAggregation { get; init; } = MoodleAggregation.All;

    /// <summary>The id of the course total's grade item; null for 1000 plus the course's id.</summary>
    public int? GradeItemId { get; init; }

    /// <summary>The id of the course's grade category; null for the course's id.</summary>
    public int? GradeCategoryId { get; init; }

    /// <summary>The groups of the course.</summary>
    public IReadOnlyList<MoodleGroup> Groups { get; init; } = [];
}

/// <summary>How several conditions make one.</summary>
public enum MoodleAggregation
{
    /// <summary>All must be met.</summary>
    All = 1,

    /// <summary>Any one is enough.</summary>
    Any = 2,
}

/// <summary>A group of learners in a course.</summary>
public sealed record MoodleGroup
{
    /// <summary>The group's id, unique on the site.</summary>
    public required int Id { get; init; }

    /// <summary>The group's name.</summary>
    public required string Name { get; init; }

    /// <summary>The ids of its members.</summary>
    public required IReadOnlySet<int> Members { get; init; }
}
