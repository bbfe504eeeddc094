namespace CredSync.Sandbox.Moodle;

/// <summary>A custom report of the source "Course participants", as an administrator makes it once.</summary>
public sealed record MoodleReport
{
    /// <summary>The report's id, unique.</summary>
    public required int Id { get; init; }

    /// <summary>The report's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; } = new(2025, 1, 6, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<MoodleReportColumn> Columns { get; init; } =
    [
        MoodleReportColumn.CourseIdNumber,
        MoodleReportColumn.UserIdNumber,
        MoodleReportColumn.UserEmail,
        MoodleReportColumn.Completed,
        MoodleReportColumn.TimeCompleted,
        MoodleReportColumn.Grade,
        MoodleReportColumn.Status,
    ];
}

/// <summary>A column of a custom report.</summary>
public enum MoodleReportColumn
{
    /// <summary>"Course ID number".</summary>
    CourseIdNumber,

    /// <summary>"ID number" of the account.</summary>
    UserIdNumber,

    /// <summary>"Email address".</summary>
    UserEmail,

    /// <summary>"Completed": Yes, No, or empty when nothing was met.</summary>
    Completed,

    /// <summary>"Time completed", in words, to the minute.</summary>
    TimeCompleted,

    /// <summary>"Grade": the course total, two decimals.</summary>
    Grade,

    /// <summary>"Status" of the enrolment: Active, Suspended, Not current.</summary>
    Status,
}
