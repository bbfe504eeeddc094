using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Writes one JSON object: members in the order of the calls, nothing for what is absent or empty.</summary>
internal sealed class ObjectWriter
{
    private readonly JsonObject members = [];

    public ObjectWriter Type(string type)
    {
        members.Add("type", type);
        return this;
    }

    public ObjectWriter Types(params ReadOnlySpan<string> types)
    {
        var array = new JsonArray();
        foreach (string type in types)
        {
            array.Add((JsonNode)type);
        }

        members.Add("type", array);
        return this;
    }

    public ObjectWriter Text(string name, string? value)
    {
        if (value is not null)
        {
            members.Add(name, value);
        }

        return this;
    }

    public ObjectWriter Number(string name, decimal? value)
    {
        if (value is { } number)
        {
            // Trailing zeros are dropped: 3.00 and 3 are one value and must be the same bytes.
            members.Add(name, JsonValue.Create(number / 1.0000000000000000000000000000m));
        }

        return this;
    }

    public ObjectWriter Flag(string name, bool? value)
    {
        if (value is { } flag)
        {
            members.Add(name, flag);
        }

        return this;
    }

    public ObjectWriter Time(string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            members.Add(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        return this;
    }

    public ObjectWriter Date(string name, DateOnly? value)
    {
        if (value is { } date)
        {
            members.Add(name, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        return this;
    }

    public ObjectWriter Node(string name, JsonNode? value)
    {
        if (value is not null)
        {
            members.Add(name, value);
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

            members.Add(name, array);
        }

        return this;
    }

    public JsonObject Done() => members;
}
