using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CredSync.Host.Intake;

/// <summary>
/// Remembers which keys a reading showed in 4 MiB, however many there are (a Bloom filter). It may take a key for seen that was not, about one in 5,000 at a million keys; never the other way round. The salt makes
/// that another key each time.
/// </summary>
internal sealed class SeenKeys(long salt)
{
    // The four bits of a key lie in one block, as large as what a processor reads at once.
    private const int BlockWords = 8;
    private const int BlockBits = BlockWords * 64;
    private const int Blocks = 1 << 16;

    // Blocks stand in parts: an array of all of them would be among the large objects, of which the collector looks after the whole memory.
    private const int PartBlocks = 1 << 10;
    private const int BitsOfKey = 4;
    private readonly ulong[][] parts = [.. Enumerable.Range(0, Blocks / PartBlocks).Select(_ => new ulong[PartBlocks * BlockWords])];

    /// <summary>Notes a key.</summary>
    public void Add(string key)
    {
        Span<ulong> block = Block(key, out ulong rest);
        for (int i = 0; i < BitsOfKey; i++, rest /= BlockBits)
        {
            int bit = (int)(rest % BlockBits);
            block[bit / 64] |= 1UL << (bit % 64);
        }
    }

    /// <summary>Whether a key was noted, or seems to have been.</summary>
    public bool Has(string key)
    {
        Span<ulong> block = Block(key, out ulong rest);
        bool has = true;
        for (int i = 0; i < BitsOfKey; i++, rest /= BlockBits)
        {
            int bit = (int)(rest % BlockBits);
            has &= (block[bit / 64] & (1UL << (bit % 64))) != 0;
        }

        return has;
    }

    // Not a cryptographic hash: each key is hashed twice in a reading, and it never leaves this process's memory.
    private Span<ulong> Block(string key, out ulong rest)
    {
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()), salt);
        int block = (int)(hash % Blocks);
        rest = hash / Blocks;
        return parts[block / PartBlocks].AsSpan(block % PartBlocks * BlockWords, BlockWords);
    }
}
