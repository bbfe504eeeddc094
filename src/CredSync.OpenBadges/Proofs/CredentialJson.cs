using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>
/// The JSON text of credentials. Text of unknown origin is read strictly, so that everybody who reads it after a signature was checked reads the same: no member
/// twice, no half surrogate pairs, no invalid UTF-8, bounded in depth and size.
/// </summary>
public static class CredentialJson
{
    /// <summary>The longest document that is read, in bytes: 4 MB.</summary>
    public const int LongestDocument = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a credential.</summary>
    /// <param name="utf8">The JSON text in UTF-8, without a byte order mark.</param>
    /// <returns>The object, complete in memory and safe to read from several threads.</returns>
    /// <exception cref="ProofException">It is not a JSON object, or breaks one of the rules above.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestDocument) throw new ProofException("The document is longer than 4 MB; it is not a credential.");
        if (!Utf8.IsValid(utf8)) throw new ProofException("The document is not valid UTF-8.");
        try
        {
            JsonNode? node = JsonNode.Parse(utf8, documentOptions: Strict);
            Visit(node);
            return node as JsonObject ?? throw new ProofException("The document is not a JSON object.");
        }
        catch (JsonException)
        {
            throw new ProofException("The document is not valid JSON, has a member twice, or nests deeper than 64 levels.");
        }
        catch (Exception cause) when (cause is InvalidOperationException or ArgumentException)
        {
            throw new ProofException("The document holds a text with half a surrogate pair.", cause);
        }
    }

    /// <summary>Writes a credential without white space and with the least escaping, members in their order; the fast way to store or send a signed one.</summary>
    /// <param name="credential">The credential; it is not changed.</param>
    /// <returns>The JSON text in UTF-8.</returns>
    /// <exception cref="ProofException">A text holds half a surrogate pair, a member occurs twice, or nesting exceeds 256 levels.</exception>
    public static byte[] Write(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ByteText output = new(8192);
        try
        {
            JsonText.Write(credential, output, JsonText.Form.Compact);
        }
        catch (Exception cause) when (cause is CanonicalizationException or InvalidOperationException or ArgumentException)
        {
            throw new ProofException("The credential cannot be written: it nests too deep, has an object with the same member twice, or a text that is not Unicode.", cause);
        }

        return output.Written.ToArray();
    }

    /// <summary>Nodes are built when they are first read; read all of them, and every text.</summary>
    private static void Visit(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((_, JsonNode? value) in members) Visit(value);
                break;
            case JsonArray items:
                foreach (JsonNode? item in items) Visit(item);
                break;
            case JsonValue value:
                value.TryGetValue(out string? _);
                break;
        }
    }
}
