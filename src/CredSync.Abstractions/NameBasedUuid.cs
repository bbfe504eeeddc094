using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CredSync;

/// <summary>
/// Name-based UUIDs, version 5 (RFC 9562 section 5.5): the same namespace and name always give the same id.
/// CredSync derives every id this way, so that doing a thing twice finds the first result instead of making a second.
/// </summary>
public static class NameBasedUuid
{
    /// <summary>Derives a UUID from a namespace and a name.</summary>
    /// <param name="space">The namespace; ids of different namespaces never collide.</param>
    /// <param name="name">The name, taken as UTF-8 exactly as given (no trimming, no case folding). May be empty.</param>
    /// <returns>A version 5 UUID.</returns>
    public static Guid Create(Guid space, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int length = Encoding.UTF8.GetByteCount(name);
        Span<byte> input = length <= 240 ? stackalloc byte[16 + length] : new byte[16 + length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 fixes SHA-1 for version 5; it is an identifier here, not a defence.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        Span<byte> id = hash[..16];
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(id[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(id[6..], (ushort)((version & 0x0FFF) | 0x5000));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
