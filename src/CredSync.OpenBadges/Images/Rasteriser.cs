namespace CredSync.OpenBadges.Images;

/// <summary>Paints a scene into pixels. The edges of a shape cover each pixel by the exact share of its area.</summary>
internal static class Rasteriser
{
    private const double FlatDegrees = 3;
    private const int RoundSteps = 16;

    /// <returns>Red, green, blue and opacity of each pixel, row by row, not multiplied.</returns>
    public static byte[] Draw(IReadOnlyList<Shape> scene, int size)
    {
        double scale = size / BadgeScene.Size;
        // Colours multiplied by opacity, as blending wants them.
        var picture = new float[size * size * 4];
        var coverage = new Coverage(size);
        foreach (Shape shape in scene)
        {
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

    private static void AddStroke(Coverage coverage, Piece piece, double half)
    {
        if (piece.Centre is { } centre && Math.Min(piece.Radii.X, piece.Radii.Y) > half)
        {
            coverage.Add(Band(piece, centre, half));
            return;
        }

        Point[] points = [.. piece.Points(FlatDegrees)];
        for (int i = 1; i < points.Length; i++)
        {
            coverage.Add(Capsule(points[i - 1], points[i], half));
        }
    }

    // An arc with round ends as one polygon: along the outer edge, round the end, back along the inner edge, round the beginning.
    private static List<Point> Band(Piece arc, Point centre, double half)
    {
        int steps = Math.Max(2, (int)Math.Ceiling(Math.Abs(arc.To - arc.From) / FlatDegrees));
        var outer = new List<Point>(steps + 1);
        var inner = new List<Point>(steps + 1);
        for (int i = 0; i <= steps; i++)
        {
            (double sin, double cos) = Math.SinCos((arc.From + ((arc.To - arc.From) * i / steps)) * Math.PI / 180);
            // The normal of an ellipse, so that the stroke is equally wide everywhere.
            (double nx, double ny) = (cos * arc.Radii.Y, sin * arc.Radii.X);
            double length = Math.Sqrt((nx * nx) + (ny * ny));
            (nx, ny) = (nx / length * half, ny / length * half);
            Point on = new(centre.X + (arc.Radii.X * cos), centre.Y + (arc.Radii.Y * sin));
            outer.Add(new(on.X + nx, on.Y + ny));
            inner.Add(new(on.X - nx, on.Y - ny));
        }

        inner.Reverse();
        double sign = Math.Sign(arc.To - arc.From);
        return [.. outer, .. Cap(outer[^1], inner[0], sign), .. inner, .. Cap(inner[^1], outer[0], sign)];
    }

    // Half a circle from one point to the opposite one.
    private static IEnumerable<Point> Cap(Point from, Point to, double sign)
    {
        Point middle = new((from.X + to.X) / 2, (from.Y + to.Y) / 2);
        (double x, double y) = (from.X - middle.X, from.Y - middle.Y);
        for (int i = 1; i < RoundSteps; i++)
        {
            (double sin, double cos) = Math.SinCos(sign * Math.PI * i / RoundSteps);
            yield return new(middle.X + (x * cos) - (y * sin), middle.Y + (x * sin) + (y * cos));
        }
    }

    private static Point[] Capsule(Point from, Point to, double half)
    {
        double angle = from == to ? 0 : Math.Atan2(to.Y - from.Y, to.X - from.X);
        var corners = new Point[2 * (RoundSteps + 1)];
        for (int i = 0; i <= RoundSteps; i++)
        {
            (double sin, double cos) = Math.SinCos(angle - (Math.PI / 2) + (Math.PI * i / RoundSteps));
            corners[i] = new(to.X + (half * cos), to.Y + (half * sin));
            corners[RoundSteps + 1 + i] = new(from.X - (half * cos), from.Y - (half * sin));
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
