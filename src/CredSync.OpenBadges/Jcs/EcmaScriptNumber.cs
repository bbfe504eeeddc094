using System.Globalization;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Jcs;

/// <summary>Numbers as ECMAScript prints them (RFC 8785 section 3.2.2.3): the shortest digits that read back as the same double.</summary>
internal static class EcmaScriptNumber
{
    /// <summary>No double prints longer than this.</summary>
    public const int LongestText = 32;

    /// <summary>Writes a number.</summary>
    /// <param name="value">A finite double.</param>
    /// <param name="target">At least <see cref="LongestText"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> target)
    {
        if (!double.IsFinite(value)) throw new CanonicalizationException("A number of the document is too large for a double and has no canonical form.");
        if (value == 0)
        {
            target[0] = (byte)'0';
            return 1;
        }

        Span<byte> scientific = stackalloc byte[LongestText];
        Span<byte> digits = stackalloc byte[LongestText];
        // Shortest form with an exponent, for example -1.25E+021: sign, digits and exponent can be taken from it.
        Math.Abs(value).TryFormat(scientific, out int length, "R", CultureInfo.InvariantCulture);
        int count = Digits(scientific[..length], digits, out int point);

        int at = 0;
        if (value < 0) target[at++] = (byte)'-';
        return point switch
        {
            > 21 or < -5 => WithExponent(digits[..count], point - 1, target, at),
            <= 0 => Fraction(digits[..count], point, target, at),
            _ => Whole(digits[..count], point, target, at),
        };
    }

    /// <summary>Takes the significant digits out of a printed number and says where the point stands: 123.4 gives "1234" and 3.</summary>
    private static int Digits(ReadOnlySpan<byte> printed, Span<byte> digits, out int point)
    {
        int exponent = 0;
        int mark = printed.IndexOf((byte)'E');
        if (mark >= 0)
        {
            exponent = int.Parse(printed[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            printed = printed[..mark];
        }

        int count = 0;
        int whole = 0;
        bool fraction = false;
        foreach (byte symbol in printed)
        {
            if (symbol == '.')
            {
                fraction = true;
                continue;
            }

            if (count == 0 && symbol == '0')
            {
                if (fraction) whole--;
                continue;
            }

            digits[count++] = symbol;
            if (!fraction) whole++;
        }

        while (digits[count - 1] == '0') count--;
        point = whole + exponent;
        return count;
    }

    private static int Whole(ReadOnlySpan<byte> digits, int point, Span<byte> target, int at)
    {
        for (int index = 0; index < Math.Max(digits.Length, point); index++)
        {
            if (index == point) target[at++] = (byte)'.';
            target[at++] = index < digits.Length ? digits[index] : (byte)'0';
        }

        return at;
    }

    private static int Fraction(ReadOnlySpan<byte> digits, int point, Span<byte> target, int at)
    {
        target[at++] = (byte)'0';
        target[at++] = (byte)'.';
        for (int zero = point; zero < 0; zero++) target[at++] = (byte)'0';
        digits.CopyTo(target[at..]);
        return at + digits.Length;
    }

    private static int WithExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> target, int at)
    {
        target[at++] = digits[0];
        if (digits.Length > 1)
        {
            target[at++] = (byte)'.';
            digits[1..].CopyTo(target[at..]);
            at += digits.Length - 1;
        }

        target[at++] = (byte)'e';
        target[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(exponent).TryFormat(target[at..], out int length, default, CultureInfo.InvariantCulture);
        return at + length;
    }
}
