using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace CredSync.OpenBadges.Images;

/// <summary>Writes pixels as PNG: 8 bits a channel with opacity (PNG third edition, section 11).</summary>
internal static class PngEncoder
{
    public static byte[] Encode(byte[] pixels, int size)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), size);
        header[8] = 8;
        header[9] = 6;
        Write(png, "IHDR"u8, header);
        Write(png, "IDAT"u8, Compress(pixels, size));
        Write(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static byte[] Compress(byte[] pixels, int size)
    {
        int stride = size * 4;
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] line = new byte[stride + 1];
            for (int y = 0; y < size; y++)
            {
                // The difference to the row above ("Up"): badges shade from top to bottom, so that most bytes become zero.
                line[0] = 2;
                for (int x = 0; x < stride; x++)
                {
                    line[x + 1] = (byte)(pixels[(y * stride) + x] - (y == 0 ? 0 : pixels[((y - 1) * stride) + x]));
                }

                zlib.Write(line);
            }
        }

        return data.ToArray();
    }

    private static void Write(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        png.Write(chunk);
    }
}
