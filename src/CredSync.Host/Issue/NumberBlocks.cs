namespace CredSync.Host.Issue;

/// <summary>
/// Status numbers that this worker has reserved and not given yet: one visit to the database for many. What is left when the worker ends is skipped for ever; blocks begin
/// small and grow with use, so that it is never much.
/// </summary>
/// <param name="reserve">Reserves so many numbers of an issuer's and returns the first.</param>
internal sealed class NumberBlocks(Func<string, int, CancellationToken, Task<long>> reserve)
{
    private const int Largest = 1_024;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Block> blocks = new(StringComparer.Ordinal);

    /// <summary>Gives numbers of an issuer's that nobody else is given.</summary>
    public async Task<IReadOnlyList<long>> TakeAsync(string issuer, int count, CancellationToken ct)
    {
        var taken = new List<long>(count);
        int size = Take(issuer, count, taken);
        if (taken.Count < count)
        {
            size = Math.Max(size, count - taken.Count);
            long first = await reserve(issuer, size, ct).ConfigureAwait(false);
            lock (gate)
            {
                // Another message may have reserved meanwhile; the smaller rest is the one that is skipped.
                int own = count - taken.Count;
                taken.AddRange(Enumerable.Range(0, own).Select(i => first + i));
                Block block = blocks[issuer];
                (block.Next, block.Left) = size - own >= block.Left ? (first + own, size - own) : (block.Next, block.Left);
            }
        }

        return taken;
    }

    // What is there; and how large the next block is to be.
    private int Take(string issuer, int count, List<long> taken)
    {
        lock (gate)
        {
            if (!blocks.TryGetValue(issuer, out Block? block))
            {
                blocks[issuer] = block = new Block();
            }

            for (; taken.Count < count && block.Left > 0; block.Left--)
            {
                taken.Add(block.Next++);
            }

            if (taken.Count < count)
            {
                block.Size = Math.Min(Largest, Math.Max(block.Size * 2, count - taken.Count));
            }

            return block.Size;
        }
    }

    private sealed class Block
    {
        public long Next { get; set; }

        public int Left { get; set; }

        public int Size { get; set; }
    }
}
