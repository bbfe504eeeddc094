using System.Buffers;
using System.Text;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>An IRI, a blank node label, a keyword or a text that could not be resolved, with its N-Quads form once it is asked for.</summary>
internal sealed class Iri(string text)
{
    private static readonly SearchValues<char> Illegal = SearchValues.Create(
        "<>\"{}|\\^` " + string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)));

    private byte[]? written;
    private int wellFormed;

    public string Text { get; } = text;

    public bool IsBlank => Text.StartsWith("_:", StringComparison.Ordinal);

    /// <summary>Whether RDF can name it; found out once.</summary>
    public bool IsWellFormedIri
    {
        get
        {
            if (wellFormed == 0) wellFormed = IsWellFormed(Text) ? 1 : -1;
            return wellFormed > 0;
        }
    }

    /// <summary>The IRI in angle brackets; encoded once, so keep the object.</summary>
    public RdfTerm Term
    {
        get
        {
            // Contexts are shared between threads: the array is published in one write, the term is made of it each time.
            byte[] bytes = written ??= Write();
            return new RdfTerm(bytes, 0, bytes.Length);
        }
    }

    /// <summary>Whether it is an absolute IRI that RDF can name (RFC 3987, loosely: a scheme, one fragment at most, and none of the characters that N-Quads forbids).</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (!HasScheme(text) || text.IndexOfAny(Illegal) >= 0) return false;
        int hash = text.IndexOf('#');
        return hash < 0 || !text[(hash + 1)..].Contains('#');
    }

    /// <summary>Whether it begins with a scheme and a colon.</summary>
    public static bool HasScheme(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(text[0])) return false;
        foreach (char symbol in text[1..colon])
        {
            if (!char.IsAsciiLetterOrDigit(symbol) && symbol is not ('+' or '-' or '.')) return false;
        }

        return true;
    }

    public override string ToString() => Text;

    private byte[] Write()
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(Text) + 2];
        bytes[0] = (byte)'<';
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(1));
        bytes[^1] = (byte)'>';
        return bytes;
    }
}
