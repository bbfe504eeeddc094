using System.Globalization;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Proofs;

/// <summary>The few members of a credential that securing it needs, read without trusting their shape.</summary>
internal static class CredentialFacts
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static string? Text(JsonObject holder, string name) =>
        holder[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The issuer's id, given as a text or as an object with an id.</summary>
    public static string? Issuer(JsonObject credential) =>
        credential["issuer"] is JsonObject issuer ? Text(issuer, "id") : Text(credential, "issuer");

    public static string? Subject(JsonObject credential) => credential["credentialSubject"] switch
    {
        JsonObject subject => Text(subject, "id"),
        JsonArray { Count: 1 } subjects when subjects[0] is JsonObject subject => Text(subject, "id"),
        _ => null,
    };

    /// <summary>An xsd:dateTime with its time zone; null when absent or malformed.</summary>
    public static DateTimeOffset? Time(JsonObject holder, string name)
    {
        string? text = Text(holder, name);
        // Without a zone the format would be read as local time, which is nobody's intention.
        if (text is null || text.Length > 40 || !(text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-'))) return null;
        // As the model writes it; other forms take the longer way.
        if (text.Length == 20 && text[19] == 'Z' && DateTime.TryParseExact(text.AsSpan(0, 19), "s", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime plain)) return new DateTimeOffset(plain, TimeSpan.Zero);
        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time) ? time : null;
    }
}
