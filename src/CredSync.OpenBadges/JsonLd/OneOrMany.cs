using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>JSON-LD lets one value stand for an array of one.</summary>
internal static class OneOrMany
{
    /// <summary>The entries of an array, or the node itself; a null node is one entry.</summary>
    public static IEnumerable<JsonNode?> Of(JsonNode? node)
    {
        if (node is JsonArray several) return several;
        // Not a JsonArray: a node has one parent only.
        return new[] { node };
    }
}
