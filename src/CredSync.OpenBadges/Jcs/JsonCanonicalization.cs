using System.Text.Json.Nodes;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Jcs;

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785): one sequence of bytes for all spellings of the same JSON, so that it can be hashed and signed.
/// </summary>
public static class JsonCanonicalization
{
    /// <summary>Writes the canonical form.</summary>
    /// <param name="node">The JSON; null is the JSON value null.</param>
    /// <returns>UTF-8 without white space, members sorted by the UTF-16 code units of their names.</returns>
    /// <exception cref="CanonicalizationException">A number is beyond a double, a text holds half a surrogate pair, a member occurs twice, or nesting exceeds 256 levels.</exception>
    public static byte[] Canonicalize(JsonNode? node) => Canonicalize(node, without: null);

    /// <summary>Writes the canonical form without one of the members at the top.</summary>
    internal static byte[] Canonicalize(JsonNode? node, string? without)
    {
        ByteText output = new(4096);
        try
        {
            if (node is JsonObject top) JsonText.WriteObject(top, output, JsonText.Form.Canonical, 0, without);
            else JsonText.Write(node, output, JsonText.Form.Canonical);
        }
        catch (InvalidOperationException cause)
        {
            throw new CanonicalizationException("A text of the document holds half a surrogate pair, which has no canonical form.", cause);
        }
        catch (ArgumentException cause)
        {
            throw new CanonicalizationException("The document has an object with the same member twice, which has no canonical form.", cause);
        }

        return output.Written.ToArray();
    }
}
