using System.Globalization;

namespace CredSync.OpenBadges.Images;

/// <summary>A colour in sRGB.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    public static Rgb White { get; } = new(255, 255, 255);

    public static Rgb Black { get; } = new(0, 0, 0);

    public static Rgb Parse(string text) =>
        text.Length == 7 && text[0] == '#' && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            ? new((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : throw new FormatException("A colour is written #rrggbb, for example #1f4e8c.");

    public Rgb Mix(Rgb other, double share) => new(Mix(R, other.R, share), Mix(G, other.G, share), Mix(B, other.B, share));

    /// <summary>The colour, darkened as far as white letters on it need (contrast of 4.5 to 1, WCAG 2.2 section 1.4.3).</summary>
    public Rgb DarkenedForWhite()
    {
        Rgb colour = this;
        while (1.05 / (colour.Luminance + 0.05) < 4.5)
        {
            colour = colour.Mix(Black, 0.04);
        }

        return colour;
    }

    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

    private double Luminance => (0.2126 * Linear(R)) + (0.7152 * Linear(G)) + (0.0722 * Linear(B));

    private static double Linear(byte channel)
    {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    private static byte Mix(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));
}
