namespace CredSync.OpenBadges.Transparency;

/// <summary>Hashes in a row, in blocks of bytes: a million of them take 32 MB, and growing copies nothing.</summary>
internal sealed class HashRow
{
    private const int InBlock = 4096;
    private readonly List<byte[]> blocks = [];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => blocks[index / InBlock].AsSpan(index % InBlock * MerkleTree.HashLength, MerkleTree.HashLength);

    public void Add(ReadOnlySpan<byte> hash)
    {
        if (Count % InBlock == 0)
        {
            blocks.Add(new byte[InBlock * MerkleTree.HashLength]);
        }

        hash.CopyTo(blocks[^1].AsSpan(Count % InBlock * MerkleTree.HashLength));
        Count++;
    }
}
