using System.Text.Json;
using System.Text.Json.Serialization;

namespace Acme;

/// <summary>A page of completions. The records stay raw here, so that one odd record does not spoil the page.</summary>
public sealed record AcmePage(
    [property: JsonRequired, JsonPropertyName("items")] IReadOnlyList<JsonElement> Items,
    [property: JsonRequired, JsonPropertyName("next")] long Next,
    [property: JsonRequired, JsonPropertyName("more")] bool More);

/// <summary>One completion, as the service writes it.</summary>
public sealed record AcmeCompletion(
    [property: JsonRequired, JsonPropertyName("id")] string Id,
    [property: JsonRequired, JsonPropertyName("learner")] AcmeLearner Learner,
    [property: JsonRequired, JsonPropertyName("course")] AcmeCourse Course,
    [property: JsonRequired, JsonPropertyName("finished_at")] DateTimeOffset FinishedAt,
    [property: JsonPropertyName("score")] decimal? Score,
    [property: JsonPropertyName("state")] string? State);

/// <summary>Who it is about.</summary>
public sealed record AcmeLearner(
    [property: JsonRequired, JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("email")] string? Email,
    [property: JsonPropertyName("name")] string? Name);

/// <summary>What was finished.</summary>
public sealed record AcmeCourse(
    [property: JsonRequired, JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("title")] string? Title);

/// <summary>Whose token it is, and what it may do.</summary>
public sealed record AcmeAccount(
    [property: JsonRequired, JsonPropertyName("rights")] IReadOnlyList<string> Rights);
