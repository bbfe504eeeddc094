using System.Text;

namespace CredSync.OpenBadges.Images;

/// <summary>
/// Draws a badge where nobody supplied a picture: the same design gives the same bytes, in SVG and in PNG, without any font or graphics library.
/// Letters outside the Latin alphabets are left to the viewer's fonts in SVG and left out in PNG.
/// </summary>
public static class BadgeArt
{
    /// <summary>Draws the badge as SVG.</summary>
    /// <param name="design">What it shows.</param>
    /// <returns>UTF-8 text of about 8 kB.</returns>
    /// <exception cref="FormatException">The colour is not <c>#rrggbb</c>.</exception>
    public static byte[] Svg(BadgeDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        return Encoding.UTF8.GetBytes(SvgWriter.Write(BadgeScene.Compose(design), design));
    }

    private const int SmallestReadable = 120;

    /// <summary>Draws the badge as PNG with a transparent background. Below 120 pixels the initials stand alone, because titles could not be read.</summary>
    /// <param name="design">What it shows.</param>
    /// <param name="size">Width and height in pixels, 16 to 2048. Default 512.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is outside its range.</exception>
    /// <exception cref="FormatException">The colour is not <c>#rrggbb</c>.</exception>
    public static byte[] Png(BadgeDesign design, int size = 512)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 2048);
        return PngEncoder.Encode(Rasteriser.Draw(BadgeScene.Compose(design, small: size < SmallestReadable), size), size);
    }
}
