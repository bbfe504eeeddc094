using System.Text.Json.Serialization;

namespace CredSync.Issuers.Credly;

/// <summary>Body of <c>POST /organizations/{org}/badges</c> (credentials.md section 10.1).</summary>
internal sealed record CredlyIssue
{
    [JsonPropertyName("recipient_email")]
    public required string RecipientEmail { get; init; }

    [JsonPropertyName("issued_to_first_name")]
    public required string FirstName { get; init; }

    [JsonPropertyName("issued_to_last_name")]
    public required string LastName { get; init; }

    [JsonPropertyName("badge_template_id")]
    public required string Template { get; init; }

    /// <summary>As <c>2014-04-01 09:41:00 -0500</c>.</summary>
    [JsonPropertyName("issued_at")]
    public required string IssuedAt { get; init; }

    /// <summary>Our own id of the person; not shown to anybody.</summary>
    [JsonPropertyName("issuer_earner_id")]
    public required string EarnerId { get; init; }

    /// <summary>A time, or <c>false</c> for none: null would take the template's default, which is not what the definition says.</summary>
    [JsonPropertyName("expires_at")]
    public required object ExpiresAt { get; init; }

    [JsonPropertyName("locale")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Locale { get; init; }

    [JsonPropertyName("suppress_badge_notification_email")]
    public required bool SuppressMail { get; init; }
}

/// <summary>Body of <c>PUT /organizations/{org}/badges/{id}/revoke</c>.</summary>
internal sealed record CredlyRevoke
{
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("suppress_revoke_notification_email")]
    public required bool SuppressMail { get; init; }
}
