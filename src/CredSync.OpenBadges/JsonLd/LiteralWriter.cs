using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Turns value objects into RDF literals (JSON-LD 1.1 API section 8.5).</summary>
internal sealed class LiteralWriter(RdfDataset dataset, JsonLdOptions options, SafeMode safe)
{
    private const string Xsd = "http://www.w3.org/2001/XMLSchema#";
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    private static readonly Iri Boolean = new(Xsd + "boolean");
    private static readonly Iri Double = new(Xsd + "double");
    private static readonly Iri Integer = new(Xsd + "integer");
    private static readonly Iri Json = new(Rdf + "JSON");
    private static readonly RdfTerm ValueProperty = new Iri(Rdf + "value").Term;
    private static readonly RdfTerm LanguageProperty = new Iri(Rdf + "language").Term;
    private static readonly RdfTerm DirectionProperty = new Iri(Rdf + "direction").Term;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u007f" + string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)));

    /// <summary>Writes a value.</summary>
    /// <returns>The literal, or the blank node that stands for it; null when RDF cannot write it.</returns>
    public RdfTerm? Write(Expanded value, RdfTerm? graph, Iri property)
    {
        Iri? datatype = value.Datatype;
        if (datatype?.Text == Keyword.Json) return Text(Encoding.UTF8.GetString(JsonCanonicalization.Canonicalize(value.Value)), Json);
        if (datatype is not null && !datatype.IsWellFormedIri)
        {
            safe.Relative($"datatype of \"{property.Text}\"");
            return null;
        }

        if (value.Language is not null && !IsLanguageTag(value.Language))
        {
            safe.Dropped("a text with a malformed language tag");
            return null;
        }

        JsonValue scalar = (JsonValue)value.Value!;
        switch (scalar.GetValueKind())
        {
            case JsonValueKind.True:
                return Text("true", datatype ?? Boolean);
            case JsonValueKind.False:
                return Text("false", datatype ?? Boolean);
            case JsonValueKind.Number:
                return Number(JsonScalar.Number(scalar), datatype);
            default:
                return Text(JsonScalar.Text(scalar), datatype, value, graph);
        }
    }

    private RdfTerm Number(double number, Iri? datatype)
    {
        if (!double.IsFinite(number)) throw new JsonLdException("invalid number", "The document has a number that is too large for a double.");
        Span<byte> digits = stackalloc byte[CanonicalNumber.LongestText];
        bool isDouble = CanonicalNumber.IsDouble(number) || datatype?.Text == Double.Text;
        int length = isDouble ? CanonicalNumber.WriteDouble(number, digits) : CanonicalNumber.WriteInteger(number, digits);
        return Text(Encoding.ASCII.GetString(digits[..length]), datatype ?? (isDouble ? Double : Integer));
    }

    private RdfTerm Text(string text, Iri? datatype, Expanded value, RdfTerm? graph)
    {
        if (value.Direction is not null)
        {
            if (options.RdfDirection == "i18n-datatype") return Text(text, new Iri($"https://www.w3.org/ns/i18n#{value.Language?.ToLowerInvariant()}_{value.Direction}"));
            if (options.RdfDirection == "compound-literal") return Compound(text, value, graph);
            safe.Dropped("a base direction, which has no place in RDF");
        }

        return value.Language is not null ? Tagged(text, value.Language) : Text(text, datatype);
    }

    private RdfTerm Compound(string text, Expanded value, RdfTerm? graph)
    {
        RdfTerm node = dataset.NewBlank();
        if (graph is null) return node;
        dataset.Add(node, ValueProperty, Text(text, null), graph.Value);
        if (value.Language is not null) dataset.Add(node, LanguageProperty, Text(value.Language.ToLowerInvariant(), null), graph.Value);
        dataset.Add(node, DirectionProperty, Text(value.Direction!, null), graph.Value);
        return node;
    }

    /// <summary>A literal with a datatype; xsd:string is not written.</summary>
    private RdfTerm Text(string text, Iri? datatype)
    {
        ReadOnlySpan<byte> type = datatype is null || datatype.Text == Xsd + "string" ? default : datatype.Term.Text;
        Span<byte> room = Quoted(text, type.Length + 2, out int at);
        if (type.Length == 0) return dataset.Take(at);
        "^^"u8.CopyTo(room[at..]);
        type.CopyTo(room[(at + 2)..]);
        return dataset.Take(at + 2 + type.Length);
    }

    private RdfTerm Tagged(string text, string language)
    {
        Span<byte> room = Quoted(text, language.Length + 1, out int at);
        room[at++] = (byte)'@';
        return dataset.Take(at + Encoding.ASCII.GetBytes(language, room[at..]));
    }

    private Span<byte> Quoted(string text, int more, out int at)
    {
        try
        {
            bool plain = text.AsSpan().IndexOfAny(Escaped) < 0;
            int length = Utf8.GetByteCount(text);
            Span<byte> room = dataset.Reserve((plain ? length : length * NQuadsEscape.Widest) + 2 + more);
            room[0] = (byte)'"';
            at = 1 + (plain ? Utf8.GetBytes(text, room[1..]) : NQuadsEscape.Write(Utf8.GetBytes(text), room[1..]));
            room[at++] = (byte)'"';
            return room;
        }
        catch (EncoderFallbackException)
        {
            throw new JsonLdException("invalid text", "The document has a text with half a surrogate pair.");
        }
    }

    /// <summary>The shape of BCP 47 tags: letters, then letters and digits, in parts of one to eight.</summary>
    private static bool IsLanguageTag(string tag)
    {
        bool first = true;
        foreach (Range part in tag.AsSpan().Split('-'))
        {
            ReadOnlySpan<char> subtag = tag.AsSpan(part);
            if (subtag.Length is 0 or > 8) return false;
            foreach (char symbol in subtag)
            {
                if (first ? !char.IsAsciiLetter(symbol) : !char.IsAsciiLetterOrDigit(symbol)) return false;
            }

            first = false;
        }

        return true;
    }
}
