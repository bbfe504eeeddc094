using System.Buffers;
using SimpleBase;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// Multibase text in the one form that credentials use: <c>z</c> followed by base58 of the Bitcoin alphabet
/// (Controlled Identifiers 1.0, section 2.4). Decoding takes time that grows with the square of the length, so it is bounded.
/// </summary>
public static class Multibase
{
    /// <summary>The longest text that is decoded: an RSA key of 8192 bits fits.</summary>
    private const int LongestText = 1536;

    private const string Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // Five digits at a time: the largest power of 58 that leaves room for a carry of 32 bits.
    private const uint FiveDigits = 58 * 58 * 58 * 58 * 58;

    /// <summary>What is encoded on the stack; signatures and keys are shorter.</summary>
    private const int LongestEncoded = 128;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Digits);

    /// <summary>Encodes bytes as <c>z</c> + base58.</summary>
    /// <param name="bytes">The bytes; may be empty.</param>
    public static string Encode(ReadOnlySpan<byte> bytes) => bytes.Length > LongestEncoded ? "z" + Base58.Bitcoin.Encode(bytes) : EncodeShort(bytes);

    /// <summary>Decodes <c>z</c> + base58.</summary>
    /// <param name="text">The text; anything else than a bounded base58btc value gives false.</param>
    /// <param name="bytes">The bytes; empty when the result is false.</param>
    /// <returns>Whether the text was well formed.</returns>
    public static bool TryDecode(string? text, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length < 2 || text.Length > LongestText || text[0] != 'z') return false;
        ReadOnlySpan<char> digits = text.AsSpan(1);
        if (digits.IndexOfAnyExcept(Alphabet) >= 0) return false;
        bytes = Base58.Bitcoin.Decode(digits);
        return true;
    }

    // One stands on every signed credential, and digit by digit it costs half as much as the signature.
    private static string EncodeShort(ReadOnlySpan<byte> bytes)
    {
        int zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;
        ReadOnlySpan<byte> rest = bytes[zeros..];
        Span<uint> words = stackalloc uint[(LongestEncoded / 4) + 1];
        words = words[..((rest.Length + 3) / 4)];
        words.Clear();
        for (int i = 0; i < rest.Length; i++)
        {
            int fromEnd = rest.Length - 1 - i;
            words[words.Length - 1 - (fromEnd / 4)] |= (uint)rest[i] << (8 * (fromEnd % 4));
        }

        Span<char> text = stackalloc char[(LongestEncoded * 2) + 1];
        int start = text.Length;
        while (words.Length > 0)
        {
            ulong remainder = 0;
            for (int i = 0; i < words.Length; i++)
            {
                ulong value = (remainder << 32) | words[i];
                (words[i], remainder) = ((uint)(value / FiveDigits), value % FiveDigits);
            }

            for (int digit = 0; digit < 5; digit++)
            {
                text[--start] = Digits[(int)(remainder % 58)];
                remainder /= 58;
            }

            while (words.Length > 0 && words[0] == 0)
            {
                words = words[1..];
            }
        }

        // The last five may begin with digits that are not there; each zero byte at the front is a digit of its own.
        while (start < text.Length && text[start] == Digits[0])
        {
            start++;
        }

        start -= zeros;
        text.Slice(start, zeros).Fill(Digits[0]);
        text[--start] = 'z';
        return new string(text[start..]);
    }
}
