using System.Net;
using System.Text.Json;

namespace CredSync.Issuers.Http;

/// <summary>What an issuer answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Json">The body as JSON; null when it is none. Bodies hold personal data: nothing of them goes into a sentence but names of fields that were sent.</param>
/// <param name="RetryAfter">How long the issuer asks to wait; null when it did not say.</param>
/// <param name="Date">The issuer's clock; null when it did not say.</param>
/// <param name="Next">The address of the next page by the <c>Link</c> header; null for none.</param>
internal sealed record IssuerAnswer(HttpStatusCode Status, JsonElement? Json, TimeSpan? RetryAfter, DateTimeOffset? Date, string? Next)
{
    /// <summary>Whether the status is a success.</summary>
    public bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>A member deep in the body; null when it is not there, or is null there.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> path) => Json is { } json ? json.At(path) : null;
}

/// <summary>Reads JSON that may be of another shape than expected.</summary>
internal static class JsonPath
{
    /// <summary>A member deep in an element; null when it is not there, or is null there.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>A text, or a whole number as text, deep in an element; null when it is not there.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>The items of a list deep in an element; none when it is not there.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();
}
