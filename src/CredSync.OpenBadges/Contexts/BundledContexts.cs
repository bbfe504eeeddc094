using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;

namespace CredSync.OpenBadges.Contexts;

/// <summary>The JSON-LD contexts that are part of this library; see the README beside the files. No other context is ever loaded.</summary>
public static class BundledContexts
{
    private static readonly Dictionary<string, string> Files = ReadMap();

    private static readonly ConcurrentDictionary<string, JsonObject> Parsed = new();

    /// <summary>The URLs of the known contexts.</summary>
    public static IReadOnlyCollection<string> Urls => Files.Keys;

    /// <summary>The exact bytes of a context as its publisher serves them.</summary>
    /// <param name="url">The context's URL.</param>
    /// <exception cref="JsonLdException">The context is not known.</exception>
    public static byte[] Bytes(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Files.TryGetValue(url, out string? file))
            throw new JsonLdException("unknown context", $"The context {Shown(url)} is not among the known ones; contexts are never loaded from the network.");
        return ReadResource(file);
    }

    /// <summary>Serves the contexts to the JSON-LD processor.</summary>
    internal static IContextLoader Loader { get; } = new ResourceLoader();

    /// <summary>A document can name anything as its context; what is shown of it stays short and on one line.</summary>
    private static string Shown(string url) =>
        string.Concat((url.Length > 120 ? url[..120] + "…" : url).Select(symbol => char.IsControl(symbol) ? '?' : symbol));

    private static Dictionary<string, string> ReadMap() => JsonNode.Parse(ReadResource("contexts.json"))!.AsObject()
        .ToDictionary(entry => entry.Key, entry => entry.Value!["file"]!.GetValue<string>());

    private static byte[] ReadResource(string file)
    {
        using Stream stream = typeof(BundledContexts).Assembly.GetManifestResourceStream("Contexts/" + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed class ResourceLoader : IContextLoader
    {
        public JsonObject Load(string url) => Parsed.GetOrAdd(url, static url => Materialise(JsonSerializer.Deserialize<JsonElement>(Bytes(url))).AsObject());

        /// <summary>Parsed nodes are built when they are first read, which two threads must not do at once: build all of them now.</summary>
        private static JsonNode Materialise(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, MaterialiseOrNull(member.Value)))),
            JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(MaterialiseOrNull)]),
            JsonValueKind.String => JsonValue.Create(element.GetString())!,
            _ => JsonValue.Create(element)!,
        };

        private static JsonNode? MaterialiseOrNull(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : Materialise(element);
    }
}
