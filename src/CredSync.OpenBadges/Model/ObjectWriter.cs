using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Writes one JSON object: members in the order of the calls, nothing for what is absent or empty.</summary>
internal sealed class ObjectWriter
{
    // A list of known length makes an object that need not grow; the list itself is used again for the next object of this thread.
    [ThreadStatic]
    private static Stack<List<KeyValuePair<string, JsonNode?>>>? spare;

    private readonly List<KeyValuePair<string, JsonNode?>> members = spare is { Count: > 0 } lists ? lists.Pop() : new List<KeyValuePair<string, JsonNode?>>(32);

    public ObjectWriter Type(string type)
    {
        Add("type", type);
        return this;
    }

    public ObjectWriter Types(params ReadOnlySpan<string> types)
    {
        var array = new JsonArray();
        foreach (string type in types)
        {
            array.Add((JsonNode)type);
        }

        Add("type", array);
        return this;
    }

    public ObjectWriter Text(string name, string? value)
    {
        if (value is not null)
        {
            Add(name, value);
        }

        return this;
    }

    public ObjectWriter Number(string name, decimal? value)
    {
        if (value is { } number)
        {
            // Trailing zeros are dropped: 3.00 and 3 are one value and must be the same bytes.
            Add(name, JsonValue.Create(number / 1.0000000000000000000000000000m));
        }

        return this;
    }

    public ObjectWriter Flag(string name, bool? value)
    {
        if (value is { } flag)
        {
            Add(name, flag);
        }

        return this;
    }

    public ObjectWriter Time(string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            Add(name, Text(time.UtcDateTime));
        }

        return this;
    }

    public ObjectWriter Date(string name, DateOnly? value)
    {
        if (value is { } date)
        {
            Add(name, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        return this;
    }

    public ObjectWriter Node(string name, JsonNode? value)
    {
        if (value is not null)
        {
            Add(name, value);
        }

        return this;
    }

    public ObjectWriter Texts(string name, IReadOnlyList<string> values) => Each(name, values, static value => (JsonNode)value);

    public ObjectWriter Documents(string name, IReadOnlyList<JsonElement> values) => Each(name, values, static value => JsonObject.Create(value)!);

    public ObjectWriter Each<T>(string name, IReadOnlyList<T> values, Func<T, JsonNode> write)
    {
        if (values.Count > 0)
        {
            var array = new JsonArray();
            foreach (T value in values)
            {
                array.Add(write(value));
            }

            Add(name, array);
        }

        return this;
    }

    public JsonObject Done()
    {
        var done = new JsonObject(members);
        members.Clear();
        (spare ??= new()).Push(members);
        return done;
    }

    // As yyyy-MM-dd'T'HH:mm:ss'Z', which the sortable pattern gives but for its last letter; a pattern of one's own is read anew each time.
    private static string Text(DateTime time) => string.Create(20, time, static (text, value) =>
    {
        value.TryFormat(text, out _, "s", CultureInfo.InvariantCulture);
        text[19] = 'Z';
    });

    private void Add(string name, JsonNode? value) => members.Add(KeyValuePair.Create(name, value));
}
