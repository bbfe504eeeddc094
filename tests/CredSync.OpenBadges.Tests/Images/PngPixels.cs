using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CredSync.OpenBadges.Tests.Images;

/// <summary>Reads the pixels of a PNG with 8 bits a channel and opacity, as any viewer would.</summary>
internal sealed class PngPixels
{
    private readonly byte[] pixels;

    public PngPixels(byte[] png)
    {
        using var data = new MemoryStream();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = Encoding.ASCII.GetString(png, at + 4, 4);
            if (type == "IHDR")
            {
                Size = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 8));
                BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 12)).ShouldBe(Size);
                png.AsSpan(at + 16, 5).ToArray().ShouldBe([8, 6, 0, 0, 0]);
            }
            else if (type == "IDAT")
            {
                data.Write(png, at + 8, length);
            }

            at += length + 12;
        }

        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        pixels = new byte[Size * Size * 4];
        byte[] line = new byte[(Size * 4) + 1];
        for (int y = 0; y < Size; y++)
        {
            zlib.ReadExactly(line);
            line[0].ShouldBe((byte)2);
            for (int x = 0; x < Size * 4; x++)
            {
                pixels[(y * Size * 4) + x] = (byte)(line[x + 1] + (y == 0 ? 0 : pixels[((y - 1) * Size * 4) + x]));
            }
        }
    }

    public int Size { get; }

    public (byte R, byte G, byte B, byte A) this[int x, int y]
    {
        get
        {
            int at = ((y * Size) + x) * 4;
            return (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]);
        }
    }

    public int Count(Func<(byte R, byte G, byte B, byte A), bool> which) =>
        Enumerable.Range(0, Size * Size).Count(i => which(this[i % Size, i / Size]));
}
