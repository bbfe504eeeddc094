using System.Text.Json;

namespace CredSync.OpenBadges.Model;

/// <summary>A part of a credential that can write itself, once for a tree of nodes and for text alike.</summary>
internal interface IJsonPart
{
    /// <summary>Writes the members of one object.</summary>
    void Write(JsonSink to);
}

/// <summary>
/// Takes the members of one JSON object in the order of the calls, nothing for what is absent or empty. What the model says is written down once, and comes out as a tree
/// (which is canonicalized and signed) or straight as text (which is all that a token needs, and several times faster).
/// </summary>
internal abstract class JsonSink
{
    // Trailing zeros are dropped by dividing by this: 3.00 and 3 are one value and must be the same bytes.
    private const decimal One = 1.0000000000000000000000000000m;

    public JsonSink Type(string type) => Text("type", type);

    public abstract JsonSink Types(params ReadOnlySpan<string> types);

    public JsonSink Text(string name, string? value)
    {
        if (value is not null)
        {
            WriteText(name, value);
        }

        return this;
    }

    public JsonSink Number(string name, decimal? value)
    {
        if (value is { } number)
        {
            WriteNumber(name, number / One);
        }

        return this;
    }

    public JsonSink Flag(string name, bool? value)
    {
        if (value is { } flag)
        {
            WriteFlag(name, flag);
        }

        return this;
    }

    /// <summary>A time in UTC with whole seconds, which are what the claims of a token can repeat.</summary>
    public JsonSink Time(string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            WriteTime(name, time.UtcDateTime);
        }

        return this;
    }

    public JsonSink Date(string name, DateOnly? value) => Text(name, value?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    public JsonSink Part(string name, IJsonPart? value)
    {
        if (value is not null)
        {
            WritePart(name, value);
        }

        return this;
    }

    public JsonSink Parts(string name, IReadOnlyList<IJsonPart> values)
    {
        if (values.Count > 0)
        {
            WriteParts(name, values);
        }

        return this;
    }

    public JsonSink Texts(string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            WriteTexts(name, values);
        }

        return this;
    }

    /// <summary>Objects that others signed, and texts of tokens, as they are.</summary>
    public JsonSink Documents(string name, IReadOnlyList<JsonElement> values)
    {
        if (values.Count > 0)
        {
            WriteDocuments(name, values);
        }

        return this;
    }

    protected abstract void WriteText(string name, string value);

    protected abstract void WriteNumber(string name, decimal value);

    protected abstract void WriteFlag(string name, bool value);

    protected abstract void WriteTime(string name, DateTime value);

    protected abstract void WritePart(string name, IJsonPart value);

    protected abstract void WriteParts(string name, IReadOnlyList<IJsonPart> values);

    protected abstract void WriteTexts(string name, IReadOnlyList<string> values);

    protected abstract void WriteDocuments(string name, IReadOnlyList<JsonElement> values);
}
