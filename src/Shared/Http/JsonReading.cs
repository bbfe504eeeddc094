using System.Text.Json;

namespace CredSync.Shared.Http;

/// <summary>Reads an answer as JSON after looking at what it is: an answer with status 200 can be a login page (source-apis.md section 0.3).</summary>
internal static class JsonReading
{
    /// <summary>Reads an answer.</summary>
    /// <param name="who">The platform and connection in words.</param>
    /// <param name="answer">A successful answer whose body is already in memory.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>The JSON, or one sentence that says why it is none.</returns>
    public static async Task<(JsonDocument? Json, string? Problem)> ReadAsync(string who, HttpResponseMessage answer, CancellationToken ct)
    {
        ReadOnlyMemory<byte> body = await answer.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        if (body.Span.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        ReadOnlySpan<byte> text = body.Span.TrimStart(" \t\r\n"u8);
        string type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (text.IsEmpty)
        {
            return (null, $"{who} sent an empty answer where data was asked for: ask its administrator to look into its error log.");
        }

        bool html = type.Contains("html", StringComparison.OrdinalIgnoreCase);
        if (text[0] == '<')
        {
            return (null, html || !type.Contains("xml", StringComparison.OrdinalIgnoreCase)
                ? $"{who} sent a web page where data was asked for (a login, proxy or maintenance page): open its address in a browser to see which."
                : $"{who} sent XML where JSON was asked for: check that the address is the site's own and no gateway changes the request.");
        }

        if (text[0] is not ((byte)'{' or (byte)'[' or (byte)'"' or (byte)'-' or (byte)'n' or (byte)'t' or (byte)'f' or (>= (byte)'0' and <= (byte)'9')))
        {
            return (null, $"{who} sent text before or instead of data: ask its administrator to switch off debugging output.");
        }

        try
        {
            return (JsonDocument.Parse(body), null);
        }
        catch (JsonException)
        {
            return (null, $"{who} sent JSON that is cut off or malformed: it is read again later; if this lasts, ask its administrator for its error log.");
        }
    }
}
