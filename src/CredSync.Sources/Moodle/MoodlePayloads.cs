using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Moodle;

// What Moodle sends, field by field as far as it is used (moodle-behaviour sections 3 and 4). Absent fields are null: rights take fields away silently.

/// <summary>Answer of <c>core_webservice_get_site_info</c>. The answer also holds a private key, which is not read.</summary>
internal sealed record MoodleSite
{
    [JsonPropertyName("userid")]
    public long UserId { get; init; }

    [JsonPropertyName("release")]
    public string? Release { get; init; }

    [JsonPropertyName("version")]
    public string? Version { get; init; }

    [JsonPropertyName("functions")]
    public IReadOnlyList<MoodleFunction> Functions { get; init; } = [];

    [JsonPropertyName("advancedfeatures")]
    public IReadOnlyList<MoodleFeature> AdvancedFeatures { get; init; } = [];

    public bool Offers(string function) => Functions.Any(f => f.Name == function);
}

/// <summary>A function that the token's service holds.</summary>
internal sealed record MoodleFunction([property: JsonPropertyName("name")] string? Name);

/// <summary>A site-wide switch.</summary>
internal sealed record MoodleFeature([property: JsonPropertyName("name")] string? Name, [property: JsonPropertyName("value")] JsonElement Value);

/// <summary>Answer of <c>core_course_get_courses_by_field</c>.</summary>
internal sealed record MoodleCourseList([property: JsonPropertyName("courses")] IReadOnlyList<MoodleCourseRow>? Courses);

/// <summary>A course as listed.</summary>
internal sealed record MoodleCourseRow
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("shortname")]
    public string? ShortName { get; init; }

    [JsonPropertyName("fullname")]
    public string? FullName { get; init; }

    /// <summary>Shown only to accounts that may edit the course.</summary>
    [JsonPropertyName("idnumber")]
    public string? IdNumber { get; init; }

    [JsonPropertyName("categoryname")]
    public string? CategoryName { get; init; }

    [JsonPropertyName("format")]
    public string? Format { get; init; }

    /// <summary>Whether completion is on; null for an account that may not view the course.</summary>
    [JsonPropertyName("enablecompletion")]
    public bool? EnableCompletion { get; init; }

    /// <summary>0 none, 1 separate groups, 2 visible groups; null for an account that may not view the course.</summary>
    [JsonPropertyName("groupmode")]
    public int? GroupMode { get; init; }
}

/// <summary>An enrolled user, row of <c>core_enrol_get_enrolled_users</c>.</summary>
internal sealed record MoodleLearner
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("fullname")]
    public string? FullName { get; init; }

    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("idnumber")]
    public string? IdNumber { get; init; }
}

/// <summary>Answer of <c>core_completion_get_course_completion_status</c>.</summary>
internal sealed record MoodleStatusAnswer([property: JsonPropertyName("completionstatus")] MoodleStatus? Status);

/// <summary>Where one learner stands in one course.</summary>
internal sealed record MoodleStatus
{
    [JsonPropertyName("completed")]
    public required bool Completed { get; init; }

    /// <summary>1 all criteria, 2 any of them.</summary>
    [JsonPropertyName("aggregation")]
    public int Aggregation { get; init; } = 1;

    [JsonPropertyName("completions")]
    public IReadOnlyList<MoodleCriterion> Criteria { get; init; } = [];
}

/// <summary>One criterion of a course for one learner. Its texts are translated markup and are not read.</summary>
internal sealed record MoodleCriterion
{
    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    /// <summary>Epoch seconds; null or 0 for never.</summary>
    [JsonPropertyName("timecompleted")]
    public long? TimeCompleted { get; init; }
}

/// <summary>Answer of <c>gradereport_user_get_grade_items</c>.</summary>
internal sealed record MoodleGrades([property: JsonPropertyName("usergrades")] IReadOnlyList<MoodleUserGrades>? Users);

/// <summary>The grades of one learner in one course.</summary>
internal sealed record MoodleUserGrades
{
    [JsonPropertyName("userid")]
    public long UserId { get; init; }

    /// <summary>The course's idnumber; empty when it has none.</summary>
    [JsonPropertyName("courseidnumber")]
    public string? CourseIdNumber { get; init; }

    [JsonPropertyName("gradeitems")]
    public IReadOnlyList<MoodleGradeItem> Items { get; init; } = [];
}

/// <summary>One grade.</summary>
internal sealed record MoodleGradeItem
{
    /// <summary><c>course</c> for the course's total.</summary>
    [JsonPropertyName("itemtype")]
    public string? ItemType { get; init; }

    /// <summary>Set when the grade is a word of a scale, not a number.</summary>
    [JsonPropertyName("scaleid")]
    public long? ScaleId { get; init; }

    [JsonPropertyName("graderaw")]
    public decimal? GradeRaw { get; init; }

    [JsonPropertyName("grademin")]
    public decimal? GradeMin { get; init; }

    [JsonPropertyName("grademax")]
    public decimal? GradeMax { get; init; }

    /// <summary>Translated markup; read only for scales, where it is the only text of the grade.</summary>
    [JsonPropertyName("gradeformatted")]
    public string? GradeFormatted { get; init; }
}

/// <summary>Answer of <c>core_reportbuilder_retrieve_report</c>: a page of a custom report, as display text.</summary>
internal sealed record MoodleReportAnswer([property: JsonPropertyName("data")] MoodleReportData? Data);

/// <summary>A page of a custom report.</summary>
internal sealed record MoodleReportData
{
    [JsonPropertyName("headers")]
    public IReadOnlyList<string?> Headers { get; init; } = [];

    [JsonPropertyName("rows")]
    public IReadOnlyList<MoodleReportRow> Rows { get; init; } = [];

    [JsonPropertyName("totalrowcount")]
    public long TotalRowCount { get; init; }
}

/// <summary>A row of a custom report.</summary>
internal sealed record MoodleReportRow([property: JsonPropertyName("columns")] IReadOnlyList<string?>? Columns);
