using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Transparency;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Transparency;

public sealed class MerkleTreeTests
{
    private static readonly JsonObject Published = Vectors.Json("generated/merkle-rfc9162.json");

    [Fact]
    public void Leaves_and_roots_are_those_published()
    {
        MerkleTree tree = PublishedTree();
        Convert.ToHexStringLower(tree.Root(0)).ShouldBe(Published["emptyRoot"]!.GetValue<string>());
        foreach (JsonNode? root in Published["roots"]!.AsArray())
        {
            Convert.ToHexStringLower(tree.Root(root!["size"]!.GetValue<int>())).ShouldBe(root["root"]!.GetValue<string>());
        }

        Published["leafHashes"]!.AsArray().Zip(Published["entriesHex"]!.AsArray()).ShouldAllBe(static pair =>
            Convert.ToHexStringLower(MerkleTree.HashLeaf(Convert.FromHexString(pair.Second!.GetValue<string>()))) == pair.First!.GetValue<string>());
    }

    [Fact]
    public void Inclusion_paths_are_those_published()
    {
        MerkleTree tree = PublishedTree();
        foreach (JsonNode? proof in Published["inclusion"]!.AsArray())
        {
            tree.InclusionPath(proof!["leafIndex"]!.GetValue<int>(), proof["treeSize"]!.GetValue<int>()).Select(Convert.ToHexStringLower).ShouldBe(Hex(proof["path"]!));
        }
    }

    [Fact]
    public void Consistency_paths_are_those_published()
    {
        MerkleTree tree = PublishedTree();
        foreach (JsonNode? proof in Published["consistency"]!.AsArray())
        {
            int[] sizes = [.. proof!.AsObject().Where(static p => p.Value is JsonValue).Select(static p => p.Value!.GetValue<int>())];
            tree.ConsistencyPath(sizes[0], sizes[1]).Select(Convert.ToHexStringLower).ShouldBe(Hex(proof["path"]!));
        }
    }

    [Fact]
    public void Every_path_of_every_small_tree_holds()
    {
        var tree = new MerkleTree();
        for (int size = 1; size <= 40; size++)
        {
            tree.Append(BitConverter.GetBytes(size));
            for (int index = 0; index < size; index++)
            {
                MerklePath.ShowsInclusion(MerkleTree.HashLeaf(BitConverter.GetBytes(index + 1)), index, size, tree.InclusionPath(index, size), tree.Root(size)).ShouldBeTrue();
                MerklePath.ShowsConsistency(index + 1, tree.Root(index + 1), size, tree.Root(size), tree.ConsistencyPath(index + 1, size)).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_root_is_that_of_the_recursive_definition() => Gen.Byte.Array[0, 5].Array[0, 100].Sample(static entries =>
    {
        var tree = new MerkleTree();
        foreach (byte[] entry in entries)
        {
            tree.Append(entry);
        }

        tree.Root(tree.Size).ShouldBe(Definition(entries));
    });

    [Fact]
    public void A_path_with_any_change_shows_nothing() =>
        Gen.Select(Gen.Int[2, 200], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 255]).Sample(static (size, at, where, bit) =>
        {
            var tree = new MerkleTree();
            for (int i = 0; i < size; i++)
            {
                tree.Append(BitConverter.GetBytes(i));
            }

            int index = at % size;
            byte[] leaf = MerkleTree.HashLeaf(BitConverter.GetBytes(index));
            List<byte[]> path = [.. tree.InclusionPath(index, size).Select(static h => (byte[])[.. h])];
            byte[] root = tree.Root(size);
            MerklePath.ShowsInclusion(leaf, index, size, [.. path, root], root).ShouldBeFalse();
            MerklePath.ShowsInclusion(leaf, index, size, path[1..], root).ShouldBeFalse();
            MerklePath.ShowsInclusion(leaf, (index + 1) % size, size, path, root).ShouldBeFalse();
            path[where % path.Count][bit / 8] ^= (byte)(1 << (bit % 8));
            MerklePath.ShowsInclusion(leaf, index, size, path, root).ShouldBeFalse();

            int from = 1 + (where % (size - 1));
            List<byte[]> growth = [.. tree.ConsistencyPath(from, size).Select(static h => (byte[])[.. h])];
            MerklePath.ShowsConsistency(from, root, size, root, growth).ShouldBeFalse();
            growth[where % growth.Count][bit / 8] ^= (byte)(1 << (bit % 8));
            MerklePath.ShowsConsistency(from, tree.Root(from), size, root, growth).ShouldBeFalse();
        });

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public void Nonsense_shows_nothing(int index, int size)
    {
        MerklePath.ShowsInclusion(new byte[32], index, size, [], new byte[32]).ShouldBeFalse();
        MerklePath.ShowsConsistency(0, new byte[32], size, new byte[32], []).ShouldBeFalse();
        MerklePath.ShowsConsistency(1, new byte[32], 5, new byte[32], [new byte[7]]).ShouldBeFalse();
    }

    private static byte[] Definition(ReadOnlySpan<byte[]> entries)
    {
        if (entries.Length == 0)
        {
            return SHA256.HashData([]);
        }

        if (entries.Length == 1)
        {
            return SHA256.HashData([0, .. entries[0]]);
        }

        int split = 1;
        while (split * 2 < entries.Length)
        {
            split *= 2;
        }

        return SHA256.HashData([1, .. Definition(entries[..split]), .. Definition(entries[split..])]);
    }

    private static MerkleTree PublishedTree()
    {
        var tree = new MerkleTree();
        foreach (JsonNode? entry in Published["entriesHex"]!.AsArray())
        {
            tree.Append(Convert.FromHexString(entry!.GetValue<string>()));
        }

        return tree;
    }

    private static IEnumerable<string> Hex(JsonNode path) => path.AsArray().Select(static h => h!.GetValue<string>());
}
