namespace CredSync.Sandbox.Moodle;

/// <summary>An activity of a course.</summary>
public sealed record MoodleActivity
{
    /// <summary>The course module's id (<c>cmid</c>), unique on the site.</summary>
    public required int Id { get; init; }

    /// <summary>The kind of activity, for example <c>page</c>, <c>assign</c> or <c>quiz</c>.</summary>
    public required string Module { get; init; }

    /// <summary>The id within its kind; null for the same as <see cref="Id"/>.</summary>
    public int? Instance { get; init; }

    /// <summary>The name as stored, plain text.</summary>
    public required string Name { get; init; }

    /// <summary>How Moodle tracks it.</summary>
    public MoodleTracking Tracking { get; init; } = MoodleTracking.Manual;

    /// <summary>Automatic tracking: it must be viewed.</summary>
    public bool RequiresView { get; init; }

    /// <summary>Automatic tracking: it must be graded.</summary>
    public bool RequiresGrade { get; init; }

    /// <summary>Automatic tracking: the grade must reach <see cref="GradePass"/>.</summary>
    public bool RequiresPassGrade { get; init; }

    /// <summary>The highest grade; null for an activity that is not graded.</summary>
    public double? GradeMax { get; init; }

    /// <summary>The grade that passes; null when none is set.</summary>
    public double? GradePass { get; init; }

    /// <summary>The id of its grade item; null for 100000 plus <see cref="Id"/>.</summary>
    public int? GradeItemId { get; init; }
}

/// <summary>How Moodle tracks the completion of an activity.</summary>
public enum MoodleTracking
{
    /// <summary>Not tracked.</summary>
    None = 0,

    /// <summary>The learner ticks it off.</summary>
    Manual = 1,

    /// <summary>By viewing or by grade.</summary>
    Automatic = 2,
}

/// <summary>The state of an activity for one learner.</summary>
public enum MoodleActivityState
{
    /// <summary>Not complete.</summary>
    Incomplete = 0,

    /// <summary>Complete.</summary>
    Complete = 1,

    /// <summary>Complete with a passing grade.</summary>
    Passed = 2,

    /// <summary>Graded below the passing grade.</summary>
    Failed = 3,
}
