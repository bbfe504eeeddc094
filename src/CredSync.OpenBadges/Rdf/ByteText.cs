using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace CredSync.OpenBadges.Rdf;

/// <summary>A growing array of bytes that is written from the front.</summary>
internal sealed class ByteText(int capacity)
{
    private byte[] bytes = GC.AllocateUninitializedArray<byte>(capacity);

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

    /// <summary>Appends a text as UTF-8.</summary>
    /// <exception cref="InvalidOperationException">The text holds half a surrogate pair.</exception>
    public void Append(ReadOnlySpan<char> text)
    {
        // Three bytes are the most that a UTF-16 unit can become.
        if (Utf8.FromUtf16(text, Room(text.Length * 3), out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
            throw new InvalidOperationException("The text holds half a surrogate pair.");
        Length += written;
    }

    /// <summary>Appends a text as UTF-8 between quotes and a last byte after them.</summary>
    /// <exception cref="InvalidOperationException">The text holds half a surrogate pair.</exception>
    public void AppendQuoted(ReadOnlySpan<char> text, byte last)
    {
        Span<byte> room = Room((text.Length * 3) + 3);
        if (Utf8.FromUtf16(text, room[1..], out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
            throw new InvalidOperationException("The text holds half a surrogate pair.");
        room[0] = (byte)'"';
        room[written + 1] = (byte)'"';
        room[written + 2] = last;
        Length += written + 3;
    }

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
