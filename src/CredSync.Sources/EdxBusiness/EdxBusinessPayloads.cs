using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.EdxBusiness;

// What edX for Business sends, field by field as far as it is used; both reports share these.

/// <summary>A page of a report.</summary>
internal sealed record EdxBusinessPage
{
    /// <summary>Address of the next page; null on the last.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    [JsonPropertyName("results")]
    public IReadOnlyList<JsonElement>? Results { get; init; }
}

/// <summary>One learner in one run.</summary>
internal sealed record EdxBusinessRow
{
    [JsonPropertyName("enterprise_enrollment_id")]
    public long? EnterpriseEnrollmentId { get; init; }

    [JsonPropertyName("is_consent_granted")]
    public bool? IsConsentGranted { get; init; }

    [JsonPropertyName("course_key")]
    public string? CourseKey { get; init; }

    [JsonPropertyName("courserun_key")]
    public string? RunKey { get; init; }

    [JsonPropertyName("course_title")]
    public string? CourseTitle { get; init; }

    [JsonPropertyName("has_passed")]
    public bool? HasPassed { get; init; }

    /// <summary>A day, without a time or a zone.</summary>
    [JsonPropertyName("passed_date")]
    public string? PassedDate { get; init; }

    /// <summary>0 to 1.</summary>
    [JsonPropertyName("current_grade")]
    public decimal? CurrentGrade { get; init; }

    [JsonPropertyName("letter_grade")]
    public string? LetterGrade { get; init; }

    /// <summary>Null without consent, and for retired accounts.</summary>
    [JsonPropertyName("user_email")]
    public string? Email { get; init; }

    [JsonPropertyName("user_username")]
    public string? UserName { get; init; }

    [JsonPropertyName("enterprise_sso_uid")]
    public string? SsoUid { get; init; }

    [JsonPropertyName("enterprise_user_id")]
    public long? EnterpriseUserId { get; init; }

    [JsonPropertyName("user_first_name")]
    public string? FirstName { get; init; }

    [JsonPropertyName("user_last_name")]
    public string? LastName { get; init; }
}
