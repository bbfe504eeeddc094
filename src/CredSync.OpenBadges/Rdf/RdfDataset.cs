namespace CredSync.OpenBadges.Rdf;

/// <summary>
/// A set of quads whose terms are slices of the dataset's own arrays of UTF-8, so that a document of a hundred statements costs a few
/// allocations only.
/// </summary>
internal sealed class RdfDataset
{
    private const int ChunkLength = 16 * 1024;

    // What a larger document needed is not kept for the next one.
    private const int MostKept = 512;

    private readonly HashSet<RdfQuad> known = [];
    private byte[] chunk = new byte[ChunkLength];
    private int used;

    /// <summary>The quads in the order in which they were added, each once.</summary>
    public List<RdfQuad> Quads { get; } = new(128);

    /// <summary>Where lines of the quads are put together, kept with the dataset so that a next document finds it grown.</summary>
    public LineSet Lines { get; } = new(8 * 1024);

    /// <summary>Whether it may be used again: it did not grow beyond what a usual credential needs.</summary>
    public bool IsUsual => Quads.Capacity <= MostKept && known.Capacity <= 2 * MostKept && chunk.Length == ChunkLength && Lines.Text.Array.Length <= 4 * ChunkLength;

    /// <summary>How many blank nodes there are; they are numbered from 0.</summary>
    public int BlankCount { get; private set; }

    /// <summary>Adds a quad unless it is there already.</summary>
    public void Add(RdfTerm subject, RdfTerm predicate, RdfTerm value, RdfTerm graph)
    {
        RdfQuad quad = new(subject, predicate, value, graph);
        if (known.Add(quad)) Quads.Add(quad);
    }

    /// <summary>Makes it empty. Terms that were taken from it must not be used any more.</summary>
    public void Clear()
    {
        Quads.Clear();
        known.Clear();
        Lines.Clear();
        BlankCount = 0;
        used = 0;
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
