namespace CredSync.OpenBadges.Rdf;

/// <summary>The escapes of canonical N-Quads (RDF Dataset Canonicalization 1.0, section 5): control characters, quote and backslash, nothing else.</summary>
internal static class NQuadsEscape
{
    /// <summary>The longest that one byte can become.</summary>
    public const int Widest = 6;

    /// <summary>Writes UTF-8 text as the inside of a literal.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(ReadOnlySpan<byte> utf8, Span<byte> target)
    {
        int at = 0;
        foreach (byte symbol in utf8)
        {
            if (symbol is >= 0x20 and not ((byte)'"' or (byte)'\\' or 0x7f))
            {
                target[at++] = symbol;
                continue;
            }

            target[at++] = (byte)'\\';
            byte letter = Letter(symbol);
            if (letter != 0)
            {
                target[at++] = letter;
                continue;
            }

            "u00"u8.CopyTo(target[at..]);
            target[at + 3] = "01234567"u8[symbol >> 4];
            target[at + 4] = "0123456789ABCDEF"u8[symbol & 15];
            at += 5;
        }

        return at;
    }

    private static byte Letter(byte symbol) => symbol switch
    {
        (byte)'"' or (byte)'\\' => symbol,
        (byte)'\b' => (byte)'b',
        (byte)'\t' => (byte)'t',
        (byte)'\n' => (byte)'n',
        (byte)'\f' => (byte)'f',
        (byte)'\r' => (byte)'r',
        _ => 0,
    };
}
