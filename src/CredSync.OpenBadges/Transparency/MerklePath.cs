using System.Numerics;

namespace CredSync.OpenBadges.Transparency;

/// <summary>Checks paths without the tree: all that an employer needs is the path and the root that the issuer signed.</summary>
public static class MerklePath
{
    /// <summary>Whether a path shows that an entry is in the tree of a root (RFC 9162 section 2.1.3.2).</summary>
    /// <param name="leafHash">What <see cref="MerkleTree.HashLeaf"/> gives for the entry.</param>
    /// <param name="index">The entry's index.</param>
    /// <param name="size">Size of the tree.</param>
    /// <param name="path">The path, from the leaf upwards.</param>
    /// <param name="root">The root.</param>
    /// <returns>True when it does; false for anything else, also for nonsense.</returns>
    public static bool ShowsInclusion(ReadOnlySpan<byte> leafHash, int index, int size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index < 0 || index >= size || !AreHashes(path))
        {
            return false;
        }

        uint at = (uint)index;
        uint last = (uint)size - 1;
        byte[] hash = leafHash.ToArray();
        foreach (byte[] sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                hash = MerkleTree.HashNode(sibling, hash);
                ClimbWhileLeft(ref at, ref last);
            }
            else
            {
                hash = MerkleTree.HashNode(hash, sibling);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether a path shows that an older tree is the beginning of a newer one (RFC 9162 section 2.1.4.2).</summary>
    /// <param name="from">Size of the older tree; at least 1.</param>
    /// <param name="oldRoot">Root of the older tree.</param>
    /// <param name="to">Size of the newer tree.</param>
    /// <param name="newRoot">Root of the newer tree.</param>
    /// <param name="path">The path, from the bottom upwards.</param>
    /// <returns>True when it does; false for anything else, also for nonsense.</returns>
    public static bool ShowsConsistency(int from, ReadOnlySpan<byte> oldRoot, int to, ReadOnlySpan<byte> newRoot, IReadOnlyList<byte[]> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (from < 1 || from > to || !AreHashes(path))
        {
            return false;
        }

        if (from == to)
        {
            return path.Count == 0 && oldRoot.SequenceEqual(newRoot);
        }

        // Where the older tree is complete its own root is the first hash, and is left out of the path.
        IEnumerable<byte[]> rest = BitOperations.IsPow2(from) ? path : path.Skip(1);
        byte[]? seed = BitOperations.IsPow2(from) ? oldRoot.ToArray() : path.FirstOrDefault();
        if (seed is null || path.Count == 0)
        {
            return false;
        }

        uint at = (uint)from - 1;
        uint last = (uint)to - 1;
        while ((at & 1) == 1)
        {
            at >>= 1;
            last >>= 1;
        }

        byte[] old = seed;
        byte[] young = seed;
        foreach (byte[] sibling in rest)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                old = MerkleTree.HashNode(sibling, old);
                young = MerkleTree.HashNode(sibling, young);
                ClimbWhileLeft(ref at, ref last);
            }
            else
            {
                young = MerkleTree.HashNode(young, sibling);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 && oldRoot.SequenceEqual(old) && newRoot.SequenceEqual(young);
    }

    // A node on the right edge has no sibling on the levels where it is a left child; those levels are not in the path.
    private static void ClimbWhileLeft(ref uint at, ref uint last)
    {
        while ((at & 1) == 0 && at != 0)
        {
            at >>= 1;
            last >>= 1;
        }
    }

    private static bool AreHashes(IReadOnlyList<byte[]> path) => path.Count <= 64 && path.All(static h => h.Length == MerkleTree.HashLength);
}
