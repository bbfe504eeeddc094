using System.Globalization;
using System.Text;

namespace CredSync.OpenBadges.Images;

/// <summary>A point; y grows downwards.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>One piece of an outline: a line to a point, or an arc around a centre.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Centre">Centre of the arc; null for a line.</param>
/// <param name="Radii">Radii of the arc along x and y.</param>
/// <param name="From">Angle at the start in degrees, clockwise from the right.</param>
/// <param name="To">Angle at the end.</param>
internal readonly record struct Piece(Point Start, Point End, Point? Centre = null, Point Radii = default, double From = 0, double To = 0)
{
    public static Piece Arc(Point centre, Point radii, double from, double to) => new(At(centre, radii, from), At(centre, radii, to), centre, radii, from, to);

    public Piece Placed(double scale, Point offset)
    {
        Point Place(Point p) => new((p.X * scale) + offset.X, (p.Y * scale) + offset.Y);
        return new(Place(Start), Place(End), Centre is { } c ? Place(c) : null, new(Radii.X * scale, Radii.Y * scale), From, To);
    }

    /// <summary>Points along the piece, the start included.</summary>
    public IEnumerable<Point> Points(double degrees)
    {
        yield return Start;
        if (Centre is { } centre)
        {
            int steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(To - From) / degrees));
            for (int i = 1; i < steps; i++)
            {
                yield return At(centre, Radii, From + ((To - From) * i / steps));
            }
        }

        yield return End;
    }

    private static Point At(Point centre, Point radii, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(centre.X + (radii.X * cos), centre.Y + (radii.Y * sin));
    }
}

/// <summary>Pieces as path data of SVG.</summary>
internal static class PathData
{
    public static string Of(IEnumerable<Piece> pieces)
    {
        var data = new StringBuilder();
        Point? pen = null;
        foreach (Piece piece in pieces)
        {
            if (pen != piece.Start)
            {
                data.Append('M').Append(Number(piece.Start.X)).Append(' ').Append(Number(piece.Start.Y));
            }

            Append(data, piece);
            pen = piece.End;
        }

        return data.ToString();
    }

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder data, Piece piece)
    {
        if (piece.Centre is not { } centre)
        {
            data.Append('L').Append(Number(piece.End.X)).Append(' ').Append(Number(piece.End.Y));
            return;
        }

        // An SVG arc cannot be a whole ellipse, and one of more than half of it needs a flag; halves need neither.
        double middle = (piece.From + piece.To) / 2;
        foreach (Piece half in (Piece[])[Piece.Arc(centre, piece.Radii, piece.From, middle), Piece.Arc(centre, piece.Radii, middle, piece.To)])
        {
            data.Append('A').Append(Number(half.Radii.X)).Append(' ').Append(Number(half.Radii.Y)).Append(" 0 0 ").Append(piece.To > piece.From ? 1 : 0)
                .Append(' ').Append(Number(half.End.X)).Append(' ').Append(Number(half.End.Y));
        }
    }
}
