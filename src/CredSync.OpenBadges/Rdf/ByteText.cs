using System.Buffers.Text;
using System.Text;

namespace CredSync.OpenBadges.Rdf;

/// <summary>A growing array of bytes that is written from the front.</summary>
internal sealed class ByteText(int capacity)
{
    /// <summary>Up to this length room is made for the longest UTF-8 that a text can have, which is quicker than counting.</summary>
    private const int MostToGuess = 256;

    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public byte[] Array => bytes;

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Append(byte symbol)
    {
        Room(1)[0] = symbol;
        Length++;
    }

    public void Append(ReadOnlySpan<char> text, Encoding encoding) =>
        Length += encoding.GetBytes(text, Room(text.Length <= MostToGuess ? text.Length * 3 : encoding.GetByteCount(text)));

    /// <summary>Takes the last byte back.</summary>
    public void RemoveLast() => Length--;

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out int written);
        Length += written;
    }

    private Span<byte> Room(int length)
    {
        if (bytes.Length - Length < length) System.Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + length));
        return bytes.AsSpan(Length);
    }
}
