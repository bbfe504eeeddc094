using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

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
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        for (int at = 0; at < 16; at += 4)
        {
            uint bit = BinaryPrimitives.ReadUInt32LittleEndian(hash[at..]) % Bits;
            words[bit / 64] |= 1UL << (int)(bit % 64);
        }
    }

    /// <summary>Whether a key was noted, or seems to have been.</summary>
    public bool Has(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        bool has = true;
        for (int at = 0; at < 16; at += 4)
        {
            uint bit = BinaryPrimitives.ReadUInt32LittleEndian(hash[at..]) % Bits;
            has &= (words[bit / 64] & (1UL << (int)(bit % 64))) != 0;
        }

        return has;
    }

    private void Hash(string key, Span<byte> hash)
    {
        int length = Encoding.UTF8.GetMaxByteCount(key.Length) + sizeof(long);
        Span<byte> bytes = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, salt);
        int written = Encoding.UTF8.GetBytes(key, bytes[sizeof(long)..]);
        SHA256.HashData(bytes[..(sizeof(long) + written)], hash);
    }
}
