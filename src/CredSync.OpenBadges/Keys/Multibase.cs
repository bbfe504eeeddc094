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

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    /// <summary>Encodes bytes as <c>z</c> + base58.</summary>
    /// <param name="bytes">The bytes; may be empty.</param>
    public static string Encode(ReadOnlySpan<byte> bytes) => "z" + Base58.Bitcoin.Encode(bytes);

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
}
