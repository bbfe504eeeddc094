namespace CredSync.Sandbox.Moodle;

/// <summary>An account's place in a course.</summary>
public sealed record MoodleEnrolment
{
    /// <summary>The course.</summary>
    public required int CourseId { get; init; }

    /// <summary>The account.</summary>
    public required int UserId { get; init; }

    /// <summary>The role in the course.</summary>
    public MoodleRole Role { get; init; } = MoodleRole.Student;

    /// <summary>The enrolment was suspended by hand.</summary>
    public bool Suspended { get; init; }

    /// <summary>When it begins; null for no limit.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>When it ends; null for no limit.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Whether it counts at a time: not suspended, begun, not ended.</summary>
    /// <param name="now">The time.</param>
    public bool IsActive(DateTimeOffset now) => !Suspended && (Start is null || Start <= now) && (End is null || End > now);
}

/// <summary>A role in a course.</summary>
public enum MoodleRole
{
    /// <summary>A learner; tracked in completion reports.</summary>
    Student = 5,

    /// <summary>A teacher who may edit; listed as a course contact, not tracked.</summary>
    EditingTeacher = 3,
}
