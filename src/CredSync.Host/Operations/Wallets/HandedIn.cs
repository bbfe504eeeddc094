using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CredSync.Host.Operations.Wallets;

/// <summary>What a credential says of itself, as far as it must be known to put it in its place. Nothing here shows that it is true.</summary>
/// <param name="IssuerId">Who issued it.</param>
/// <param name="Id">Its id, unique among its issuer's.</param>
/// <param name="ValidFrom">Since when it holds.</param>
internal sealed record HandedIn(string IssuerId, string Id, DateTimeOffset ValidFrom)
{
    /// <summary>The media type of a token.</summary>
    public const string TokenType = "text/plain";

    /// <summary>Reads a credential; null when it is none.</summary>
    public static HandedIn? Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            string? issuer = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("issuer", out JsonElement profile) ? profile.ValueKind == JsonValueKind.String ? profile.GetString() : Text(profile, "id") : null;
            return issuer is { Length: > 0 and <= 500 } && Text(root, "id") is { Length: > 0 and <= 500 } id
                && DateTimeOffset.TryParse(Text(root, "validFrom") ?? Text(root, "issuanceDate"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset from)
                ? new HandedIn(Plain(issuer), Plain(id), from)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether two texts are one credential: the same token, or JSON that says the same however it is written. A wallet that keeps a document as data writes it out anew,
    /// with other escapes, blanks and order of members.
    /// </summary>
    public static bool Same(string one, string other)
    {
        if (one == other)
        {
            return true;
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false };
            using JsonDocument left = JsonDocument.Parse(one, options), right = JsonDocument.Parse(other, options);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What a compact JWS says, not verified; null when it is none.</summary>
    public static string? PayloadOf(string token)
    {
        string[] parts = token.Split('.');
        try
        {
            return parts.Length == 3 ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The id of the person in a credential; null when it names none.</summary>
    public static string? SubjectOf(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("credentialSubject", out JsonElement subject) ? Text(subject, "id") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Two ids are the same when they are equal without percent signs and blanks around (Open Badges 3.0, credential equality).
    private static string Plain(string id) => Uri.UnescapeDataString(id.Trim());

    private static string? Text(JsonElement node, string name) => node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
