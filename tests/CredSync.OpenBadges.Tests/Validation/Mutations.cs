using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Tests.Validation;

/// <summary>Every document that differs from a given one in one place, in ways that people and programs get wrong.</summary>
internal static class Mutations
{
    public static IEnumerable<(string What, JsonNode Document)> Of(JsonObject original)
    {
        foreach (string[] path in Paths(original, []))
        {
            foreach ((string what, Func<JsonNode, JsonNode?> change) in Changes)
            {
                JsonNode copy = original.DeepClone();
                if (Apply(copy, path, change))
                {
                    yield return ($"{what} {string.Join('/', path)}", copy);
                }
            }
        }
    }

    private static readonly (string What, Func<JsonNode, JsonNode?> Change)[] Changes =
    [
        ("remove", static _ => null),
        ("number", static _ => JsonValue.Create(7)),
        ("flag", static _ => JsonValue.Create(true)),
        ("object", static _ => new JsonObject { ["unforeseen"] = 1 }),
        ("strange text", static _ => JsonValue.Create("strange text")),
        ("empty array", static _ => new JsonArray()),
        ("wrapped", static node => new JsonArray(node.DeepClone())),
        ("unwrapped", static node => node is JsonArray { Count: 1 } array ? array[0]!.DeepClone() : node.DeepClone()),
        ("further property", static node => node is JsonObject item ? Further(item) : node.DeepClone()),
    ];

    private static JsonObject Further(JsonObject item)
    {
        var copy = (JsonObject)item.DeepClone();
        copy["unforeseen"] = "x";
        return copy;
    }

    private static IEnumerable<string[]> Paths(JsonNode node, string[] at)
    {
        IEnumerable<(string Name, JsonNode? Child)> children = node switch
        {
            JsonObject item => item.Select(static p => (p.Key, p.Value)),
            JsonArray array => array.Select(static (child, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), child)),
            _ => [],
        };
        foreach ((string name, JsonNode? child) in children)
        {
            string[] path = [.. at, name];
            yield return path;
            if (child is not null)
            {
                foreach (string[] below in Paths(child, path))
                {
                    yield return below;
                }
            }
        }
    }

    private static bool Apply(JsonNode root, string[] path, Func<JsonNode, JsonNode?> change)
    {
        JsonNode parent = root;
        foreach (string step in path[..^1])
        {
            parent = Child(parent, step)!;
        }

        JsonNode before = Child(parent, path[^1])!;
        JsonNode? after = change(before);
        if (JsonNode.DeepEquals(before, after))
        {
            return false;
        }

        if (parent is JsonArray array)
        {
            int index = int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (after is null)
            {
                array.RemoveAt(index);
            }
            else
            {
                array[index] = after;
            }
        }
        else if (after is null)
        {
            ((JsonObject)parent).Remove(path[^1]);
        }
        else
        {
            parent[path[^1]] = after;
        }

        return true;
    }

    private static JsonNode? Child(JsonNode parent, string step) =>
        parent is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : parent[step];
}
