namespace CredSync.OpenBadges.Rdf;

/// <summary>For each blank node the quads that mention it, as one array of quad numbers with an offset for each node.</summary>
internal sealed class BlankNodeQuads
{
    private readonly int[] offsets;
    private readonly int[] quads;

    public BlankNodeQuads(RdfDataset dataset)
    {
        offsets = new int[dataset.BlankCount + 1];
        List<RdfQuad> all = dataset.Quads;
        Span<int> found = stackalloc int[3];
        foreach (RdfQuad quad in all)
        {
            foreach (int blank in Mentions(quad, found)) offsets[blank + 1]++;
        }

        for (int blank = 0; blank < dataset.BlankCount; blank++) offsets[blank + 1] += offsets[blank];
        quads = new int[offsets[^1]];
        int[] next = offsets[..^1];
        for (int number = 0; number < all.Count; number++)
        {
            foreach (int blank in Mentions(all[number], found)) quads[next[blank]++] = number;
        }
    }

    public ReadOnlySpan<int> Of(int blank) => quads.AsSpan(offsets[blank]..offsets[blank + 1]);

    /// <summary>The blank nodes of a quad, each once.</summary>
    private static ReadOnlySpan<int> Mentions(in RdfQuad quad, Span<int> found)
    {
        int count = 0;
        if (quad.Subject.IsBlank) found[count++] = quad.Subject.Blank;
        if (quad.Object.IsBlank && !found[..count].Contains(quad.Object.Blank)) found[count++] = quad.Object.Blank;
        if (quad.Graph.IsBlank && !found[..count].Contains(quad.Graph.Blank)) found[count++] = quad.Graph.Blank;
        return found[..count];
    }
}
