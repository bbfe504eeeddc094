namespace CredSync.OpenBadges.Rdf;

/// <summary>
/// A set of quads whose terms are slices of the dataset's own arrays of UTF-8, so that a document of a hundred statements costs a few
/// allocations only.
/// </summary>
internal sealed class RdfDataset
{
    private const int ChunkLength = 16 * 1024;

    private readonly HashSet<RdfQuad> known = [];
    private byte[] chunk = new byte[ChunkLength];
    private int used;

    /// <summary>The quads in the order in which they were added, each once.</summary>
    public List<RdfQuad> Quads { get; } = new(128);

    /// <summary>How many blank nodes there are; they are numbered from 0.</summary>
    public int BlankCount { get; private set; }

    /// <summary>Adds a quad unless it is there already.</summary>
    public void Add(RdfTerm subject, RdfTerm predicate, RdfTerm value, RdfTerm graph)
    {
        RdfQuad quad = new(subject, predicate, value, graph);
        if (known.Add(quad)) Quads.Add(quad);
    }

    public RdfTerm NewBlank() => RdfTerm.OfBlank(BlankCount++);

    /// <summary>Gives room to write a term into; <see cref="Take"/> makes the term.</summary>
    public Span<byte> Reserve(int length)
    {
        if (chunk.Length - used < length)
        {
            chunk = new byte[Math.Max(ChunkLength, length)];
            used = 0;
        }

        return chunk.AsSpan(used, length);
    }

    /// <summary>Makes a term of the first bytes of the room that was reserved last.</summary>
    public RdfTerm Take(int length)
    {
        RdfTerm term = new(chunk, used, length);
        used += length;
        return term;
    }
}
