using System.Buffers.Text;
using System.IO.Compression;
using System.Numerics;

namespace CredSync.OpenBadges.Status;

/// <summary>
/// The bits of a status list (W3C Bitstring Status List 1.0, section 3): bit i set means that the credential with index i has the status.
/// Bit 0 is the most significant bit of the first byte. Not safe for use by several threads while one of them sets bits.
/// </summary>
public sealed class BitstringStatusList
{
    /// <summary>The smallest list that the specification allows, in bits: with fewer a verifier's request would tell who is looked up.</summary>
    public const int MinimumLength = 131_072;

    /// <summary>The largest list that is decoded by default, in bytes (2 MiB, 16,777,216 entries).</summary>
    public const int DefaultLimit = 2 * 1024 * 1024;

    private readonly byte[] bytes;

    /// <summary>Creates a list with no bit set.</summary>
    /// <param name="length">Its length in bits: at least <see cref="MinimumLength"/>, a multiple of 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is too small or no multiple of 8.</exception>
    public BitstringStatusList(int length = MinimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, MinimumLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % 8, 0, nameof(length));
        bytes = new byte[length / 8];
    }

    private BitstringStatusList(byte[] bytes) => this.bytes = bytes;

    /// <summary>Length in bits.</summary>
    public int Length => bytes.Length * 8;

    /// <summary>How many bits are set.</summary>
    public int SetCount => bytes.Sum(static b => BitOperations.PopCount(b));

    /// <summary>Reads or writes one bit.</summary>
    /// <param name="index">Its index, 0 or more and less than <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the list.</exception>
    public bool this[int index]
    {
        get => (bytes[Byte(index)] & Mask(index)) != 0;
        set
        {
            if (value)
            {
                bytes[Byte(index)] |= Mask(index);
            }
            else
            {
                bytes[Byte(index)] &= (byte)~Mask(index);
            }
        }
    }

    /// <summary>Reads an encoded list.</summary>
    /// <param name="encodedList"><c>u</c> and base64url without padding of the GZIP-compressed bits.</param>
    /// <param name="limit">The most bytes that it may have when decompressed: a few bytes can decompress to gigabytes. Default <see cref="DefaultLimit"/>.</param>
    /// <returns>The list.</returns>
    /// <exception cref="StatusListException">It is not an encoded list, is shorter than <see cref="MinimumLength"/> bits, or longer than the limit.</exception>
    public static BitstringStatusList Decode(string encodedList, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(encodedList);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, MinimumLength / 8);
        if (encodedList.Length == 0 || encodedList[0] != 'u')
        {
            throw new StatusListException("The encoded list does not begin with 'u', the sign of base64url.");
        }

        byte[] bits = Decompress(Compressed(encodedList, limit), limit);
        return bits.Length * 8L >= MinimumLength
            ? new(bits)
            : throw new StatusListException($"The status list is shorter than {MinimumLength} entries.");
    }

    /// <summary>Writes the list as <c>encodedList</c>. Two compressors may write the same list differently: compare bits, not texts.</summary>
    /// <returns><c>u</c> and base64url without padding of the GZIP-compressed bits.</returns>
    public string Encode()
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return "u" + Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>The bits, eight a byte.</summary>
    /// <returns>A copy.</returns>
    public byte[] ToArray() => [.. bytes];

    private static byte[] Compressed(string encodedList, int limit)
    {
        // GZIP never grows data by more than a few bytes a block, so a longer text cannot be a list within the limit.
        if (encodedList.Length > (limit + (limit / 1000L) + 1024) * 4 / 3)
        {
            throw TooLong(limit);
        }

        try
        {
            return Base64Url.DecodeFromChars(encodedList.AsSpan(1));
        }
        catch (FormatException fault)
        {
            throw new StatusListException("The encoded list is not base64url.", fault);
        }
    }

    private static byte[] Decompress(byte[] compressed, int limit)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            using var bits = new MemoryStream();
            Span<byte> part = stackalloc byte[4096];
            for (int read = gzip.Read(part); read > 0; read = gzip.Read(part))
            {
                if (bits.Length + read > limit)
                {
                    throw TooLong(limit);
                }

                bits.Write(part[..read]);
            }

            return bits.ToArray();
        }
        catch (InvalidDataException fault)
        {
            throw new StatusListException("The encoded list is not compressed with GZIP.", fault);
        }
    }

    private static StatusListException TooLong(int limit) => new($"The status list is longer than {limit} bytes.");

    private static byte Mask(int index) => (byte)(0x80 >> (index % 8));

    private int Byte(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        return index / 8;
    }
}
