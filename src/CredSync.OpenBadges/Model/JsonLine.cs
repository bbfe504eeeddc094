using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Model;

/// <summary>Writes parts of a credential straight as text: the same bytes as <see cref="JsonText"/> writes of the tree, without a tree.</summary>
internal sealed class JsonLine : JsonSink
{
    private readonly ByteText output;

    private JsonLine(ByteText output) => this.output = output;

    /// <summary>Appends the object of a part.</summary>
    /// <exception cref="InvalidOperationException">A text holds half a surrogate pair.</exception>
    public static void Append(IJsonPart part, ByteText output) => new JsonLine(output).Object(part);

    public override JsonSink Types(params ReadOnlySpan<string> types)
    {
        Name("type");
        output.Append((byte)'[');
        foreach (string type in types)
        {
            output.AppendQuoted(type, (byte)',');
        }

        Close((byte)']');
        return this;
    }

    protected override void WriteText(string name, string value)
    {
        Name(name);
        JsonText.WriteText(value, output);
        output.Append((byte)',');
    }

    protected override void WriteNumber(string name, decimal value)
    {
        Name(name);
        Span<byte> digits = stackalloc byte[40];
        Utf8Formatter.TryFormat(value, digits, out int written);
        output.Append(digits[..written]);
        output.Append((byte)',');
    }

    protected override void WriteFlag(string name, bool value)
    {
        Name(name);
        output.Append(value ? "true,"u8 : "false,"u8);
    }

    protected override void WriteTime(string name, DateTime value)
    {
        Name(name);
        Span<byte> text = stackalloc byte[23];
        text[0] = (byte)'"';
        value.TryFormat(text[1..], out _, "s", CultureInfo.InvariantCulture);
        "Z\","u8.CopyTo(text[20..]);
        output.Append(text);
    }

    protected override void WritePart(string name, IJsonPart value)
    {
        Name(name);
        Object(value);
        output.Append((byte)',');
    }

    protected override void WriteParts(string name, IReadOnlyList<IJsonPart> values)
    {
        Name(name);
        output.Append((byte)'[');
        for (int i = 0; i < values.Count; i++)
        {
            Object(values[i]);
            output.Append((byte)',');
        }

        Close((byte)']');
    }

    protected override void WriteTexts(string name, IReadOnlyList<string> values)
    {
        Name(name);
        output.Append((byte)'[');
        for (int i = 0; i < values.Count; i++)
        {
            JsonText.WriteText(values[i], output);
            output.Append((byte)',');
        }

        Close((byte)']');
    }

    protected override void WriteDocuments(string name, IReadOnlyList<JsonElement> values)
    {
        Name(name);
        output.Append((byte)'[');
        foreach (JsonElement value in values)
        {
            JsonText.Write(value.ValueKind == JsonValueKind.Object ? JsonObject.Create(value) : JsonValue.Create(value.GetString()), output, JsonText.Form.Compact);
            output.Append((byte)',');
        }

        Close((byte)']');
    }

    private void Object(IJsonPart part)
    {
        output.Append((byte)'{');
        part.Write(this);
        End((byte)'}');
    }

    // Names are those of the model: letters and an @, nothing to escape.
    private void Name(string name) => output.AppendQuoted(name, (byte)':');

    private void Close(byte bracket)
    {
        End(bracket);
        output.Append((byte)',');
    }

    // Each member and item ends with a comma; the last one's is taken back.
    private void End(byte bracket)
    {
        if (output.Written[^1] == (byte)',')
        {
            output.RemoveLast();
        }

        output.Append(bracket);
    }
}
