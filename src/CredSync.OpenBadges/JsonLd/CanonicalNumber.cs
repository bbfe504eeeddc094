using System.Globalization;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Numbers as RDF literals (JSON-LD 1.1 API section 8.6, "Data Round Tripping").</summary>
internal static class CanonicalNumber
{
    /// <summary>No number writes longer than this.</summary>
    public const int LongestText = 32;

    /// <summary>Whether a number is written as a double: with a fraction, or from 1e21 up.</summary>
    public static bool IsDouble(double value) => Math.Abs(value) >= 1e21 || Math.Floor(value) != value;

    /// <summary>Writes a whole number below 1e21 in digits.</summary>
    public static int WriteInteger(double value, Span<byte> target)
    {
        // Adding zero turns -0 into 0.
        (value + 0d).TryFormat(target, out int length, "F0", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>Writes <c>d.dE±n</c> with up to 15 fraction digits, no trailing zeros, no plus.</summary>
    public static int WriteDouble(double value, Span<byte> target)
    {
        Span<byte> printed = stackalloc byte[LongestText];
        value.TryFormat(printed, out int length, "E15", CultureInfo.InvariantCulture);
        printed = printed[..length];
        int mark = printed.IndexOf((byte)'E');
        int exponent = int.Parse(printed[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> mantissa = printed[..mark].TrimEnd((byte)'0');
        mantissa.CopyTo(target);
        int at = mantissa.Length;
        if (mantissa[^1] == '.') target[at++] = (byte)'0';
        target[at++] = (byte)'E';
        exponent.TryFormat(target[at..], out int written, default, CultureInfo.InvariantCulture);
        return at + written;
    }
}
