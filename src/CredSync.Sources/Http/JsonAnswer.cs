using System.Text.Json;

namespace CredSync.Sources.Http;

/// <summary>Reads an answer of a platform as JSON.</summary>
internal static class JsonAnswer
{
    /// <summary>Reads an answer.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="answer">A successful answer whose body is already in memory.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Broken"/>: empty, HTML, XML, text before the JSON, or truncated.</exception>
    public static async Task<JsonDocument> ReadAsync(string who, HttpResponseMessage answer, CancellationToken ct)
    {
        (JsonDocument? json, string? problem) = await JsonReading.ReadAsync(who, answer, ct).ConfigureAwait(false);
        return json ?? throw new SourceException(FaultKind.Broken, problem!);
    }
}
