namespace CredSync.OpenBadges.Images;

/// <summary>Paints a scene into pixels. The edges of a shape cover each pixel by the exact share of its area.</summary>
internal static class Rasteriser
{
    private const double FlatDegrees = 4;

    /// <returns>Red, green, blue and opacity of each pixel, row by row, not multiplied.</returns>
    public static byte[] Draw(IReadOnlyList<Shape> scene, int size)
    {
        double scale = size / BadgeScene.Size;
        // Colours multiplied by opacity, as blending wants them.
        var picture = new float[size * size * 4];
        foreach (Shape shape in scene)
        {
            var coverage = new Coverage(size);
            switch (shape)
            {
                case Filled filled:
                    coverage.Add([.. filled.Corners.Select(p => new Point(p.X * scale, p.Y * scale))]);
                    coverage.Blend(picture, filled.Colour, filled.Bottom ?? filled.Colour, filled.Opacity);
                    break;
                case Stroked stroked:
                    foreach (Piece piece in stroked.Pieces)
                    {
                        AddStroke(coverage, piece.Placed(scale, default), stroked.Width * scale / 2);
                    }

                    coverage.Blend(picture, stroked.Colour, stroked.Colour, stroked.Opacity);
                    break;
                default:
                    break;
            }
        }

        return Straight(picture);
    }

    private static void AddStroke(Coverage coverage, Piece piece, double radius)
    {
        Point[] points = [.. piece.Points(FlatDegrees)];
        for (int i = 1; i < points.Length; i++)
        {
            coverage.Add(Capsule(points[i - 1], points[i], radius));
        }
    }

    // A line with round ends as a polygon, always wound the same way, so that overlaps add up instead of cancelling.
    private static Point[] Capsule(Point from, Point to, double radius)
    {
        double angle = from == to ? 0 : Math.Atan2(to.Y - from.Y, to.X - from.X);
        const int Steps = 12;
        var corners = new Point[2 * (Steps + 1)];
        for (int i = 0; i <= Steps; i++)
        {
            double turn = angle - (Math.PI / 2) + (Math.PI * i / Steps);
            (double sin, double cos) = Math.SinCos(turn);
            corners[i] = new(to.X + (radius * cos), to.Y + (radius * sin));
            corners[Steps + 1 + i] = new(from.X - (radius * cos), from.Y - (radius * sin));
        }

        return corners;
    }

    private static byte[] Straight(float[] picture)
    {
        var pixels = new byte[picture.Length];
        for (int i = 0; i < picture.Length; i += 4)
        {
            float opacity = picture[i + 3];
            if (opacity > 0)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels[i + channel] = (byte)Math.Clamp(MathF.Round(picture[i + channel] / opacity * 255), 0, 255);
                }

                pixels[i + 3] = (byte)Math.Clamp(MathF.Round(opacity * 255), 0, 255);
            }
        }

        return pixels;
    }
}
