using System.IO.Hashing;

namespace CredSync.OpenBadges.Rdf;

/// <summary>
/// A node of an RDF graph as its canonical N-Quads text (a slice of a larger array), or a blank node as its number in the dataset.
/// The default value stands for the default graph.
/// </summary>
internal readonly struct RdfTerm
{
    private readonly byte[]? text;
    private readonly int start;
    private readonly int length;

    /// <summary>An IRI in angle brackets or a literal, already escaped.</summary>
    public RdfTerm(byte[] text, int start, int length)
    {
        this.text = text;
        this.start = start;
        this.length = length;
    }

    private RdfTerm(int blank)
    {
        start = blank;
        length = -1;
    }

    public bool IsBlank => length < 0;

    public bool IsDefaultGraph => length == 0;

    /// <summary>The number of a blank node.</summary>
    public int Blank => start;

    /// <summary>The text of an IRI or literal.</summary>
    public ReadOnlySpan<byte> Text => new(text, start, length);

    public static RdfTerm OfBlank(int number) => new(number);

    public bool Is(RdfTerm other) => length == other.length
        && (length < 0 ? start == other.start : (ReferenceEquals(text, other.text) && start == other.start) || Text.SequenceEqual(other.Text));

    /// <summary>A hash of what the term says, mixed with another one.</summary>
    public long Hash(long seed) => length < 0 ? (seed * 31) + start : (long)XxHash3.HashToUInt64(Text, seed);
}
