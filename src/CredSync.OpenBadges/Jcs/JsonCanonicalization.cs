using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Jcs;

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785): one sequence of bytes for all spellings of the same JSON, so that it can be hashed and signed.
/// </summary>
public static class JsonCanonicalization
{
    private const int DeepestLevel = 256;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)));

    /// <summary>Writes the canonical form.</summary>
    /// <param name="node">The JSON; null is the JSON value null.</param>
    /// <returns>UTF-8 without white space, members sorted by the UTF-16 code units of their names.</returns>
    /// <exception cref="CanonicalizationException">A number is beyond a double, a text holds half a surrogate pair, a member occurs twice, or nesting exceeds 256 levels.</exception>
    public static byte[] Canonicalize(JsonNode? node) => Canonicalize(node, without: null);

    /// <summary>Writes the canonical form without one of the members at the top.</summary>
    internal static byte[] Canonicalize(JsonNode? node, string? without)
    {
        ArrayBufferWriter<byte> output = new(4096);
        try
        {
            if (node is JsonObject top) WriteObject(top, output, 0, without);
            else Write(node, output, 0);
        }
        catch (Exception cause) when (cause is EncoderFallbackException or InvalidOperationException)
        {
            throw new CanonicalizationException("A text of the document holds half a surrogate pair, which has no canonical form.", cause);
        }
        catch (ArgumentException cause)
        {
            throw new CanonicalizationException("The document has an object with the same member twice, which has no canonical form.", cause);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonNode? node, ArrayBufferWriter<byte> output, int level)
    {
        if (level > DeepestLevel) throw new CanonicalizationException($"The document nests deeper than {DeepestLevel} levels.");
        switch (node)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonObject members:
                WriteObject(members, output, level, without: null);
                break;
            case JsonArray items:
                WriteArray(items, output, level);
                break;
            default:
                WriteValue((JsonValue)node, output);
                break;
        }
    }

    private static void WriteObject(JsonObject members, ArrayBufferWriter<byte> output, int level, string? without)
    {
        KeyValuePair<string, JsonNode?>[] sorted = without is null ? [.. members] : [.. members.Where(member => member.Key != without)];
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        Append(output, (byte)'{');
        for (int index = 0; index < sorted.Length; index++)
        {
            if (index > 0) Append(output, (byte)',');
            WriteText(sorted[index].Key, output);
            Append(output, (byte)':');
            Write(sorted[index].Value, output, level + 1);
        }

        Append(output, (byte)'}');
    }

    private static void WriteArray(JsonArray items, ArrayBufferWriter<byte> output, int level)
    {
        Append(output, (byte)'[');
        for (int index = 0; index < items.Count; index++)
        {
            if (index > 0) Append(output, (byte)',');
            Write(items[index], output, level + 1);
        }

        Append(output, (byte)']');
    }

    private static void WriteValue(JsonValue value, ArrayBufferWriter<byte> output)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteText(JsonScalar.Text(value), output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Number:
                output.Advance(EcmaScriptNumber.Write(JsonScalar.Number(value), output.GetSpan(EcmaScriptNumber.LongestText)));
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        Append(output, (byte)'"');
        ReadOnlySpan<char> rest = text;
        for (int next = rest.IndexOfAny(Escaped); next >= 0; next = rest.IndexOfAny(Escaped))
        {
            Utf8.GetBytes(rest[..next], output);
            WriteEscape(rest[next], output);
            rest = rest[(next + 1)..];
        }

        Utf8.GetBytes(rest, output);
        Append(output, (byte)'"');
    }

    private static void WriteEscape(char symbol, ArrayBufferWriter<byte> output)
    {
        byte letter = symbol switch
        {
            '"' or '\\' => (byte)symbol,
            '\b' => (byte)'b',
            '\t' => (byte)'t',
            '\n' => (byte)'n',
            '\f' => (byte)'f',
            '\r' => (byte)'r',
            _ => 0,
        };
        Append(output, (byte)'\\');
        if (letter != 0)
        {
            Append(output, letter);
            return;
        }

        output.Write("u00"u8);
        Append(output, (byte)"0123456789abcdef"[symbol >> 4]);
        Append(output, (byte)"0123456789abcdef"[symbol & 15]);
    }

    private static void Append(ArrayBufferWriter<byte> output, byte symbol)
    {
        output.GetSpan(1)[0] = symbol;
        output.Advance(1);
    }
}
