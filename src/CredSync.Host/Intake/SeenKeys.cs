using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CredSync.Host.Intake;

/// <summary>
/// Remembers which keys a reading showed in 4 MiB, however many there are (a Bloom filter). It may take a key for seen that was not, about one in 5,000 at a million keys; never the other way round. The salt makes
/// that another key each time.
/// </summary>
internal sealed class SeenKeys(long salt)
{
    private const int Bits = 1 << 25;
    private readonly ulong[] words = new ulong[Bits / 64];

    /// <summary>Notes a key.</summary>
    public void Add(string key)
    {
        UInt128 hash = Hash(key);
        for (int at = 0; at < 128; at += 32)
        {
            uint bit = (uint)(hash >> at) % Bits;
            words[bit / 64] |= 1UL << (int)(bit % 64);
        }
    }

    /// <summary>Whether a key was noted, or seems to have been.</summary>
    public bool Has(string key)
    {
        UInt128 hash = Hash(key);
        bool has = true;
        for (int at = 0; at < 128; at += 32)
        {
            uint bit = (uint)(hash >> at) % Bits;
            has &= (words[bit / 64] & (1UL << (int)(bit % 64))) != 0;
        }

        return has;
    }

    // Not a cryptographic one: each key is hashed twice in a reading, and is of this process's memory only.
    private UInt128 Hash(string key) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(key.AsSpan()), salt);
}
