using System.Text.Json.Serialization;

namespace CredSync.Issuers.Badgr;

/// <summary>Body of <c>POST /v2/badgeclasses/{entityId}/assertions</c> (credentials.md section 10.3).</summary>
internal sealed record BadgrAssertion
{
    [JsonPropertyName("recipient")]
    public required BadgrRecipient Recipient { get; init; }

    /// <summary>ISO 8601; not in the future.</summary>
    [JsonPropertyName("issuedOn")]
    public required string IssuedOn { get; init; }

    [JsonPropertyName("expires")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Expires { get; init; }

    [JsonPropertyName("evidence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BadgrEvidence>? Evidence { get; init; }

    [JsonPropertyName("notify")]
    public required bool Notify { get; init; }

    /// <summary>The server's default is true.</summary>
    [JsonPropertyName("allowDuplicateAwards")]
    public required bool AllowDuplicateAwards { get; init; }
}

/// <summary>Who gets it.</summary>
internal sealed record BadgrRecipient
{
    [JsonPropertyName("identity")]
    public required string Identity { get; init; }

    [JsonPropertyName("type")]
    public string Type { get; init; } = "email";

    [JsonPropertyName("hashed")]
    public bool Hashed { get; init; } = true;
}

/// <summary>What shows that it was earned.</summary>
internal sealed record BadgrEvidence
{
    [JsonPropertyName("url")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    [JsonPropertyName("narrative")]
    public required string Narrative { get; init; }
}

/// <summary>Body of <c>DELETE /v2/assertions/{entityId}</c>.</summary>
internal sealed record BadgrRevocation([property: JsonPropertyName("revocation_reason")] string Reason);
