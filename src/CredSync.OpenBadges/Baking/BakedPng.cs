using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace CredSync.OpenBadges.Baking;

/// <summary>A credential in an <c>iTXt</c> chunk of a PNG (Open Badges 3.0 section 5.3.1; PNG third edition section 11.3.3.4).</summary>
internal static class BakedPng
{
    private const int ChunkOverhead = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Bake(ReadOnlySpan<byte> png, string credential, BakedKind kind)
    {
        byte[] keyword = Keyword(kind);
        byte[] text = Encoding.UTF8.GetBytes(credential);
        using var baked = new MemoryStream(png.Length + text.Length + 64);
        baked.Write(Signature);
        int at = Signature.Length;
        bool first = true;
        while (Next(png, ref at, first, out Chunk chunk))
        {
            if (!IsBaked(chunk, keyword))
            {
                baked.Write(chunk.Whole);
            }

            if (first)
            {
                // Straight after the header: readers that stop at the picture's data still find it.
                Write(baked, [.. keyword, 0, 0, 0, 0, 0, .. text]);
                first = false;
            }
        }

        return baked.ToArray();
    }

    public static string? Unbake(ReadOnlySpan<byte> png)
    {
        int at = Signature.Length;
        bool first = true;
        string? found = null;
        while (Next(png, ref at, first, out Chunk chunk))
        {
            first = false;
            // The file is read to its end also when the credential was found: a damaged image is refused, not half believed.
            if (found is null && (IsBaked(chunk, Keyword(BakedKind.Badge)) || IsBaked(chunk, Keyword(BakedKind.LearnerRecord))))
            {
                found = Text(chunk.Data);
            }
        }

        return found;
    }

    private static byte[] Keyword(BakedKind kind) => (kind == BakedKind.Badge ? "openbadgecredential"u8 : "clrcredential"u8).ToArray();

    private static bool IsBaked(Chunk chunk, ReadOnlySpan<byte> keyword) =>
        chunk.Type.SequenceEqual("iTXt"u8) && chunk.Data.Length > keyword.Length && chunk.Data.StartsWith(keyword) && chunk.Data[keyword.Length] == 0;

    private static bool Next(ReadOnlySpan<byte> png, ref int at, bool first, out Chunk chunk)
    {
        if (png.Length > BakedImage.LargestImage)
        {
            throw new BakingException($"The PNG is larger than {BakedImage.LargestImage} bytes.");
        }

        if (at < 0)
        {
            chunk = default;
            return false;
        }

        if (png.Length - at < ChunkOverhead)
        {
            throw new BakingException("The PNG ends before its end chunk; it is cut off.");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
        if (length > png.Length - at - ChunkOverhead)
        {
            throw new BakingException("A chunk of the PNG is longer than the file.");
        }

        chunk = new(png.Slice(at, (int)length + ChunkOverhead));
        if (Crc32.HashToUInt32(chunk.Whole[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk.Whole[^4..]))
        {
            throw new BakingException("A checksum in the PNG is wrong; the file is damaged.");
        }

        bool header = chunk.Type.SequenceEqual("IHDR"u8);
        if (header != first || (header && length != 13))
        {
            throw new BakingException("The PNG does not begin with its one header chunk.");
        }

        at = chunk.Type.SequenceEqual("IEND"u8) ? -1 : at + chunk.Whole.Length;
        return true;
    }

    // Keyword, 0, compression flag, compression method, language, 0, translated keyword, 0, text.
    private static string Text(ReadOnlySpan<byte> data)
    {
        int at = data.IndexOf((byte)0) + 1;
        if (data.Length - at < 2 || data[at] > 1 || data[at + 1] != 0)
        {
            throw Malformed(null);
        }

        bool compressed = data[at] == 1;
        at += 2;
        for (int field = 0; field < 2; field++)
        {
            int end = data[at..].IndexOf((byte)0);
            at = end < 0 ? throw Malformed(null) : at + end + 1;
        }

        ReadOnlySpan<byte> text = data[at..];
        try
        {
            ReadOnlySpan<byte> plain = compressed ? Decompress(text) : text;
            return plain.Length <= BakedImage.LongestCredential
                ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(plain)
                : throw TooLong();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidDataException)
        {
            throw Malformed(fault);
        }
    }

    private static byte[] Decompress(ReadOnlySpan<byte> text)
    {
        using var zlib = new ZLibStream(new MemoryStream(text.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        Span<byte> part = stackalloc byte[4096];
        for (int read = zlib.Read(part); read > 0; read = zlib.Read(part))
        {
            if (plain.Length + read > BakedImage.LongestCredential)
            {
                throw TooLong();
            }

            plain.Write(part[..read]);
        }

        return plain.ToArray();
    }

    private static void Write(MemoryStream png, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[data.Length + ChunkOverhead];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        "iTXt"u8.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        png.Write(chunk);
    }

    private static BakingException Malformed(Exception? inner) => new("The credential's chunk in the PNG is malformed.", inner);

    private static BakingException TooLong() => new($"The credential in the PNG is longer than {BakedImage.LongestCredential} bytes.");

    private readonly ref struct Chunk(ReadOnlySpan<byte> whole)
    {
        public ReadOnlySpan<byte> Whole { get; } = whole;

        public ReadOnlySpan<byte> Type => Whole[4..8];

        public ReadOnlySpan<byte> Data => Whole[8..^4];
    }
}
