using System.ComponentModel.DataAnnotations;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>Settings of a Moodle source.</summary>
internal sealed class MoodleOptions : IValidatableObject
{
    private static readonly string[] ReportFields = ["course", "idnumber", "email", "completed", "completed_at"];

    /// <summary>The site's address, with its path when Moodle does not live at the root. Required.</summary>
    [Setting("address", "The site's address, with its path when Moodle does not live at the root.", Required = true, Example = "https://moodle.example.org")]
    public Uri? Address { get; set; }

    /// <summary>The web-service token of the service account. Required.</summary>
    [Setting("token", "The web-service token of the service account.", Required = true, Example = "env:MOODLE_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Which courses are read: patterns with * and ?. A course is read when its key, its short name or its numeric id matches one. Default all.</summary>
    [Setting("courses", "Which courses are read, as patterns with * and ? for the course's key, short name or numeric id.", Example = "[STAT-1*, SAFETY-101]")]
    public IReadOnlyList<string> Courses { get; set; } = ["*"];

    /// <summary>What rules call a course. Default the idnumber, and the numeric id where a course has none.</summary>
    [Setting("course_key", "What rules call a course: its idnumber (the numeric id where it has none), or always the numeric id.")]
    public MoodleCourseKey CourseKey { get; set; } = MoodleCourseKey.Idnumber;

    /// <summary>Calls in flight at once, 1 to 8, default 3. Past 4 only the waiting grows (moodle-behaviour section 6).</summary>
    [Setting("concurrent_calls", "Calls in flight at once; past 4 only the waiting grows.")]
    [Range(1, 8)]
    public int ConcurrentCalls { get; set; } = 3;

    /// <summary>Learners a page, 1 to 1000, default 200. After a crash at most one page is read again.</summary>
    [Setting("page_size", "Learners a page; after a crash at most one page is read again.")]
    [Range(1, 1000)]
    public int PageSize { get; set; } = 200;

    /// <summary>How many sweeps it takes to look again at everyone who is complete already, 1 to 1000, default 7.</summary>
    [Setting("reverify_slices", "How many sweeps it takes to look again at everyone who is complete already; 1 looks at all of them each time.")]
    [Range(1, 1000)]
    public int ReverifySlices { get; set; } = 7;

    /// <summary>From how much later a new date of a known completion counts as a new attempt, for sites that reset completions on a period. Default none: a new date corrects the known one.</summary>
    [Setting("new_attempt_after", "From how much later a new date of a known completion counts as a new attempt, for sites whose courses are reset and completed again on a period.", Example = "30d")]
    public TimeSpan? NewAttemptAfter { get; set; }

    /// <summary>Whether the course grade is read with each completion. Default true; needs gradereport/user:view and moodle/grade:viewall.</summary>
    [Setting("grades", "Whether the course grade is read with each completion; one more call for each, and rights to see grades.")]
    public bool Grades { get; set; } = true;

    /// <summary>Number of a custom report over "Course participants", read in bulk so that only who it shows as complete is asked for one by one. Default none.</summary>
    [Setting("report", "Number of a custom report over 'Course participants', read in bulk so that only who it shows as complete is asked for one by one.", Example = "7")]
    [Range(1, int.MaxValue)]
    public int? Report { get; set; }

    /// <summary>Headers of the report's columns: <c>course</c> (its idnumber), <c>idnumber</c> or <c>email</c> of the person, <c>completed</c>, <c>completed_at</c>. Default those of an English site.</summary>
    [Setting("report_columns", "Headers of the report's columns as the site's language has them: course (its idnumber), idnumber or email of the person, completed, completed_at.")]
    public IReadOnlyDictionary<string, string> ReportColumns { get; set; } = new Dictionary<string, string>
    {
        ["course"] = "Course ID number", ["idnumber"] = "ID number", ["email"] = "Email address", ["completed"] = "Completed", ["completed_at"] = "Time completed",
    };

    /// <summary>What the report says of who is complete. Default <c>Yes</c>.</summary>
    [Setting("report_yes", "What the report says of who is complete, in the account's language.")]
    public string ReportYes { get; set; } = "Yes";

    /// <summary>How the report writes times, as a .NET format with English names; with it, who was marked complete by hand has a date. Default none: its times are not read.</summary>
    [Setting("report_time", "How the report writes times, as a .NET format with English names; with it, who was marked complete by hand has a date.", Example = "dddd, d MMMM yyyy, h:mm tt")]
    public string? ReportTime { get; set; }

    /// <summary>The time zone (IANA name) of the account, in which the report writes times. Default UTC.</summary>
    [Setting("report_time_zone", "The time zone (IANA name) of the account, in which the report writes times.", Example = "Europe/Berlin")]
    public string ReportTimeZone { get; set; } = "UTC";

    /// <summary>Whether e-mail addresses of this site are confirmed, so that they may match people across platforms. Default false.</summary>
    [Setting("trust_email", "Whether this site confirms e-mail addresses or takes them from a directory, so that they may match people across platforms.")]
    public bool TrustEmail { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string field in ReportColumns.Keys.Where(f => !ReportFields.Contains(f)))
        {
            yield return new ValidationResult($"A report has no field '{field}'; it has {string.Join(", ", ReportFields)}.", [$"{nameof(ReportColumns)}.{field}"]);
        }

        if (ReportTime is { } format && DateFormats.ProblemOf(format) is { } problem)
        {
            yield return new ValidationResult(problem, [nameof(ReportTime)]);
        }

        if (DateFormats.ProblemOfZone(ReportTimeZone) is { } unknown)
        {
            yield return new ValidationResult(unknown, [nameof(ReportTimeZone)]);
        }
    }
}

/// <summary>What rules call a Moodle course.</summary>
internal enum MoodleCourseKey
{
    /// <summary>The idnumber that the site's administrators give; the numeric id where it is empty.</summary>
    Idnumber,

    /// <summary>The numeric id.</summary>
    Id,
}
