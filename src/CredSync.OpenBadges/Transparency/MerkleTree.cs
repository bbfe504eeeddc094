using System.Numerics;
using System.Security.Cryptography;

namespace CredSync.OpenBadges.Transparency;

/// <summary>
/// An append-only log as a Merkle tree (RFC 9162 section 2.1, SHA-256). Its root stands for all entries: with an inclusion path anyone can check that an
/// entry is in the log, with a consistency path that an older log is the beginning of a newer one. Appending costs O(1) on average, roots and paths O(log² n).
/// Not safe for use by several threads while one of them appends.
/// </summary>
public sealed class MerkleTree
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    // Level k holds the roots of the complete subtrees of 2^k leaves, from the left.
    private readonly List<HashRow> levels = [new()];

    /// <summary>How many entries it has.</summary>
    public int Size => levels[0].Count;

    /// <summary>The hash of an entry: SHA-256 of a zero byte and the entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] HashLeaf(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    /// <summary>Appends an entry.</summary>
    /// <param name="entry">The entry; only its hash is kept.</param>
    /// <returns>Its index, from 0.</returns>
    public int Append(ReadOnlySpan<byte> entry) => AppendHash(HashLeaf(entry));

    /// <summary>Appends an entry whose hash is known, for example when the tree is built again from stored hashes.</summary>
    /// <param name="leafHash">What <see cref="HashLeaf"/> gave for it.</param>
    /// <returns>Its index, from 0.</returns>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public int AppendHash(ReadOnlySpan<byte> leafHash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(leafHash.Length, HashLength, nameof(leafHash));
        levels[0].Add(leafHash);
        for (int k = 0; levels[k].Count % 2 == 0; k++)
        {
            if (levels.Count == k + 1)
            {
                levels.Add(new());
            }

            levels[k + 1].Add(HashNode(levels[k][levels[k].Count - 2], levels[k][levels[k].Count - 1]));
        }

        return Size - 1;
    }

    /// <summary>The root of the first entries.</summary>
    /// <param name="size">How many; 0 gives the hash of nothing.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree has fewer entries.</exception>
    public byte[] Root(int size)
    {
        Within(size);
        return size == 0 ? SHA256.HashData([]) : Range(0, size);
    }

    /// <summary>The path that shows that an entry is among the first entries (RFC 9162 section 2.1.3.1).</summary>
    /// <param name="index">The entry's index.</param>
    /// <param name="size">Size of the tree that the path leads to the root of; more than the index.</param>
    /// <returns>Hashes from the leaf upwards.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree has fewer entries, or the index is not below the size.</exception>
    public IReadOnlyList<byte[]> InclusionPath(int index, int size)
    {
        Within(size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        int start = 0;
        int count = size;
        while (count > 1)
        {
            int left = Split(count);
            if (index - start < left)
            {
                path.Add(Range(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Range(start, left));
                start += left;
                count -= left;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The path that shows that the tree of the first entries is the beginning of a larger one (RFC 9162 section 2.1.4.1).</summary>
    /// <param name="from">Size of the older tree; at least 1.</param>
    /// <param name="to">Size of the newer tree; at least that of the older.</param>
    /// <returns>Hashes from the bottom upwards; none when both are the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree has fewer entries, or the sizes are not in order.</exception>
    public IReadOnlyList<byte[]> ConsistencyPath(int from, int to)
    {
        Within(to);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var path = new List<byte[]>();
        int start = 0;
        int old = from;
        int count = to;
        bool whole = true;
        while (old < count)
        {
            int left = Split(count);
            if (old <= left)
            {
                path.Add(Range(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Range(start, left));
                start += left;
                old -= left;
                count -= left;
                whole = false;
            }
        }

        if (!whole)
        {
            path.Add(Range(start, count));
        }

        path.Reverse();
        return path;
    }

    internal static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashLength)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashLength)..]);
        return SHA256.HashData(node);
    }

    // Largest power of two below a count of 2 or more.
    private static int Split(int count) => 1 << BitOperations.Log2((uint)count - 1);

    private byte[] Range(int start, int count)
    {
        if (BitOperations.IsPow2(count))
        {
            int level = BitOperations.Log2((uint)count);
            return levels[level][start >> level].ToArray();
        }

        int left = Split(count);
        return HashNode(Range(start, left), Range(start + left, count - left));
    }

    private void Within(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
    }
}
