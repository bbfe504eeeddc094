using System.Text.Json;

namespace CredSync.Sources.Http;

/// <summary>Reads an answer as JSON after looking at what it is: an answer with status 200 can be a login page (source-apis.md section 0.3).</summary>
internal static class JsonAnswer
{
    /// <summary>Reads an answer.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="answer">A successful answer whose body is already in memory.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Broken"/>: empty, HTML, XML, text before the JSON, or truncated.</exception>
    public static async Task<JsonDocument> ReadAsync(string who, HttpResponseMessage answer, CancellationToken ct)
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
            throw Broken($"{who} sent an empty answer where data was asked for: ask its administrator to look into its error log.");
        }

        bool html = type.Contains("html", StringComparison.OrdinalIgnoreCase);
        if (text[0] == '<')
        {
            throw Broken(html || !type.Contains("xml", StringComparison.OrdinalIgnoreCase)
                ? $"{who} sent a web page where data was asked for (a login, proxy or maintenance page): open the source's address in a browser to see which."
                : $"{who} sent XML where JSON was asked for: check that the address is the site's own and no gateway changes the request.");
        }

        if (text[0] is not ((byte)'{' or (byte)'[' or (byte)'"' or (byte)'-' or (byte)'n' or (byte)'t' or (byte)'f' or (>= (byte)'0' and <= (byte)'9')))
        {
            throw Broken($"{who} sent text before or instead of data: ask its administrator to switch off debugging output.");
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw Broken($"{who} sent JSON that is cut off or malformed: it is read again later; if this lasts, ask its administrator for its error log.");
        }
    }

    private static SourceException Broken(string sentence) => new(FaultKind.Broken, sentence);
}
