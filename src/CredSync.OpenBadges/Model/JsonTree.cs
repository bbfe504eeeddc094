using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Writes parts of a credential as a tree of nodes.</summary>
internal sealed class JsonTree : JsonSink
{
    // A list of known length makes an object that need not grow; the list itself is used again for the next object of this thread.
    [ThreadStatic]
    private static Stack<JsonTree>? spare;

    private readonly List<KeyValuePair<string, JsonNode?>> members = new(32);

    private JsonTree()
    {
    }

    /// <summary>The object of a part.</summary>
    public static JsonObject Of(IJsonPart part)
    {
        Stack<JsonTree> idle = spare ??= new();
        JsonTree tree = idle.TryPop(out JsonTree? used) ? used : new();
        part.Write(tree);
        var done = new JsonObject(tree.members);
        tree.members.Clear();
        idle.Push(tree);
        return done;
    }

    public override JsonSink Types(params ReadOnlySpan<string> types)
    {
        var array = new JsonArray();
        foreach (string type in types)
        {
            array.Add((JsonNode)type);
        }

        Add("type", array);
        return this;
    }

    protected override void WriteText(string name, string value) => Add(name, value);

    protected override void WriteNumber(string name, decimal value) => Add(name, JsonValue.Create(value));

    protected override void WriteFlag(string name, bool value) => Add(name, value);

    // As yyyy-MM-dd'T'HH:mm:ss'Z', which the sortable pattern gives but for its last letter; a pattern of one's own is read anew each time.
    protected override void WriteTime(string name, DateTime value) => Add(name, string.Create(20, value, static (text, time) =>
    {
        time.TryFormat(text, out _, "s", CultureInfo.InvariantCulture);
        text[19] = 'Z';
    }));

    protected override void WritePart(string name, IJsonPart value) => Add(name, Of(value));

    protected override void WriteParts(string name, IReadOnlyList<IJsonPart> values)
    {
        var array = new JsonArray();
        foreach (IJsonPart value in values)
        {
            array.Add((JsonNode)Of(value));
        }

        Add(name, array);
    }

    protected override void WriteTexts(string name, IReadOnlyList<string> values)
    {
        var array = new JsonArray();
        foreach (string value in values)
        {
            array.Add((JsonNode)value);
        }

        Add(name, array);
    }

    protected override void WriteDocuments(string name, IReadOnlyList<JsonElement> values)
    {
        var array = new JsonArray();
        foreach (JsonElement value in values)
        {
            array.Add(value.ValueKind == JsonValueKind.Object ? JsonObject.Create(value) : JsonValue.Create(value.GetString()));
        }

        Add(name, array);
    }

    private void Add(string name, JsonNode? value) => members.Add(KeyValuePair.Create(name, value));
}
