using System.Text.Json.Serialization;

namespace CredSync.Issuers.Accredible;

/// <summary>Body of <c>POST /v1/credentials</c> (credentials.md section 10.2).</summary>
internal sealed record AccredibleBody([property: JsonPropertyName("credential")] AccredibleCredential Credential);

/// <summary>The credential in it.</summary>
internal sealed record AccredibleCredential
{
    /// <summary>Our own reference; Accredible calls it the licence id when it is searched for.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>A number in every account seen; sent as one.</summary>
    [JsonPropertyName("group_id")]
    public required object Group { get; init; }

    [JsonPropertyName("recipient")]
    public required AccredibleRecipient Recipient { get; init; }

    /// <summary>As <c>2025-03-01</c>.</summary>
    [JsonPropertyName("issued_on")]
    public required string IssuedOn { get; init; }

    [JsonPropertyName("expired_on")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExpiredOn { get; init; }

    [JsonPropertyName("complete")]
    public bool Complete { get; init; } = true;

    [JsonPropertyName("approve")]
    public required bool Approve { get; init; }

    /// <summary>Our reference once more, where an answer repeats it under its own name.</summary>
    [JsonPropertyName("meta_data")]
    public required IReadOnlyDictionary<string, string> MetaData { get; init; }

    [JsonPropertyName("evidence_items")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AccredibleEvidence>? Evidence { get; init; }
}

/// <summary>Who gets it.</summary>
internal sealed record AccredibleRecipient
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }
}

/// <summary>A page that proves it.</summary>
internal sealed record AccredibleEvidence
{
    [JsonPropertyName("description")]
    public required string Description { get; init; }

    [JsonPropertyName("category")]
    public string Category { get; init; } = "url";

    [JsonPropertyName("url")]
    public required string Url { get; init; }
}
