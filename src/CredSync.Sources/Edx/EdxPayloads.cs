using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Edx;

// What Open edX sends, field by field as far as it is used (source-apis.md sections 2.3 to 2.5).

/// <summary>A page of <c>/api/grades/v1/courses/{run}/</c>.</summary>
internal sealed record EdxGradePage
{
    /// <summary>Address of the next page; null on the last.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    [JsonPropertyName("results")]
    public IReadOnlyList<JsonElement>? Results { get; init; }
}

/// <summary>The grade of one learner in one run. It has no time of any kind.</summary>
internal sealed record EdxGrade
{
    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    /// <summary>Blank for all but one mode of enrolment.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("passed")]
    public bool Passed { get; init; }

    /// <summary>0 to 1.</summary>
    [JsonPropertyName("percent")]
    public decimal? Percent { get; init; }

    [JsonPropertyName("letter_grade")]
    public string? LetterGrade { get; init; }
}

/// <summary>Answer of <c>/api/certificates/v0/certificates/{username}/courses/{run}/</c>.</summary>
internal sealed record EdxCertificate
{
    /// <summary>Our own word for a certificate that may be there, but which the course has no page for.</summary>
    public const string Hidden = "hidden";

    [JsonPropertyName("certificate_type")]
    public string? CertificateType { get; init; }

    [JsonPropertyName("created_date")]
    public DateTimeOffset? CreatedDate { get; init; }

    /// <summary>Moves with every save; a hint of change, not a completion time.</summary>
    [JsonPropertyName("modified_date")]
    public DateTimeOffset? ModifiedDate { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("is_passing")]
    public bool IsPassing { get; init; }

    [JsonPropertyName("download_url")]
    public string? DownloadUrl { get; init; }

    /// <summary>Text such as <c>0.93</c>; may be empty.</summary>
    [JsonPropertyName("grade")]
    public string? Grade { get; init; }
}

/// <summary>An account of <c>/api/user/v1/accounts</c>.</summary>
internal sealed record EdxAccount
{
    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("id")]
    public long? Id { get; init; }
}
