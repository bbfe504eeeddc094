using System.Text.Json.Serialization;

namespace Acme;

/// <summary>What is sent to award a badge. The key is ours, and the service keeps it: by it a badge is found again.</summary>
public sealed record AcmeAward(
    [property: JsonPropertyName("key")] Guid Key,
    [property: JsonPropertyName("email")] string Email,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("earned_at")] DateTimeOffset EarnedAt);

/// <summary>A badge, as the service writes it.</summary>
public sealed record AcmeBadge(
    [property: JsonRequired, JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("url")] string? Url);

/// <summary>Whose token it is, and what it may do.</summary>
public sealed record AcmeAccount(
    [property: JsonRequired, JsonPropertyName("rights")] IReadOnlyList<string> Rights);
