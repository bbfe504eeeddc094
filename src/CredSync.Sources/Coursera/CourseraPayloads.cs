using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Coursera;

// What Coursera sends, field by field as far as it is used (source-apis.md sections 1.3 and 1.4).

/// <summary>A page of <c>enrollmentReports</c>.</summary>
internal sealed record CourseraReport
{
    [JsonPropertyName("elements")]
    public IReadOnlyList<JsonElement>? Elements { get; init; }

    [JsonPropertyName("paging")]
    public CourseraPaging? Paging { get; init; }
}

/// <summary>Where the next page begins.</summary>
internal sealed record CourseraPaging
{
    /// <summary>Index of the next row, as text or number; absent, null or empty on the last page.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }
}

/// <summary>One learner and one course in a gradebook. It has no address of the learner.</summary>
internal sealed record CourseraGradebookRow
{
    [JsonPropertyName("externalId")]
    public string? ExternalId { get; init; }

    [JsonPropertyName("fullName")]
    public string? FullName { get; init; }

    [JsonPropertyName("courseId")]
    public string? CourseId { get; init; }

    [JsonPropertyName("courseName")]
    public string? CourseName { get; init; }

    [JsonPropertyName("programId")]
    public string? ProgramId { get; init; }

    [JsonPropertyName("isCompleted")]
    public bool IsCompleted { get; init; }

    /// <summary>Epoch milliseconds.</summary>
    [JsonPropertyName("completedAt")]
    public long? CompletedAt { get; init; }

    /// <summary>0 to 100 here, though the reports say 0 to 1.</summary>
    [JsonPropertyName("overallCourseGrade")]
    public decimal? Grade { get; init; }
}

/// <summary>One learner, one content item, one program.</summary>
internal sealed record CourseraEnrollment
{
    [JsonPropertyName("externalId")]
    public string? ExternalId { get; init; }

    [JsonPropertyName("fullName")]
    public string? FullName { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("contentId")]
    public string? ContentId { get; init; }

    /// <summary><c>Course</c>, <c>Specialization</c>; <c>Video</c> was seen.</summary>
    [JsonPropertyName("contentType")]
    public string? ContentType { get; init; }

    [JsonPropertyName("contentName")]
    public string? ContentName { get; init; }

    [JsonPropertyName("contentSlug")]
    public string? ContentSlug { get; init; }

    [JsonPropertyName("courseType")]
    public string? CourseType { get; init; }

    [JsonPropertyName("partnerNames")]
    public IReadOnlyList<string>? PartnerNames { get; init; }

    /// <summary>The only flag of completion; progress below 100 with it is normal.</summary>
    [JsonPropertyName("isCompleted")]
    public bool IsCompleted { get; init; }

    /// <summary>Epoch milliseconds.</summary>
    [JsonPropertyName("completedAt")]
    public long? CompletedAt { get; init; }

    /// <summary>0 to 1, as text or number; only with a completion.</summary>
    [JsonPropertyName("grade")]
    public decimal? Grade { get; init; }

    [JsonPropertyName("programId")]
    public string? ProgramId { get; init; }

    [JsonPropertyName("contentCertificateUrl")]
    public string? CertificateUrl { get; init; }
}
