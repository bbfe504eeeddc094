namespace CredSync.OpenBadges.Rdf;

/// <summary>Lines of UTF-8 that are gathered in any order and read back sorted by code point, which for UTF-8 is the order of the bytes.</summary>
internal sealed class LineSet(int capacity)
{
    private readonly ByteText text = new(capacity);
    private (int Start, int Length)[] lines = new (int, int)[64];
    private int count;
    private int begun;

    /// <summary>Where the next line is written.</summary>
    public ByteText Text => text;

    public void Clear()
    {
        text.Clear();
        count = 0;
        begun = 0;
    }

    /// <summary>Ends the line that was written since the last call.</summary>
    public void EndLine()
    {
        if (count == lines.Length) Array.Resize(ref lines, count * 2);
        lines[count++] = (begun, text.Length - begun);
        begun = text.Length;
    }

    /// <summary>The lines in order, one after the other.</summary>
    public byte[] Sorted()
    {
        byte[] all = new byte[text.Length];
        CopySorted(all);
        return all;
    }

    public int CopySorted(Span<byte> target)
    {
        byte[] bytes = text.Array;
        Span<(int Start, int Length)> unsorted = lines.AsSpan(0, count);
        unsorted.Sort((left, right) => bytes.AsSpan(left.Start, left.Length).SequenceCompareTo(bytes.AsSpan(right.Start, right.Length)));
        int at = 0;
        foreach ((int start, int length) in unsorted)
        {
            bytes.AsSpan(start, length).CopyTo(target[at..]);
            at += length;
        }

        return at;
    }
}
