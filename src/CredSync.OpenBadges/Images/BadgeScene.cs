using System.Globalization;

namespace CredSync.OpenBadges.Images;

/// <summary>The composition of a badge: a faceted hexagon, a disc with the initials, the title and the organisation.</summary>
internal static class BadgeScene
{
    public const double Size = 512;
    private const double Centre = Size / 2;
    private const double Radius = 250;

    private static readonly Disc Upper = new(166, 82);
    private static readonly Disc Middle = new(Centre, 148);

    private sealed record Disc(double Y, double Radius);

    /// <summary>Composes a badge.</summary>
    /// <param name="design">What it shows.</param>
    /// <param name="small">Whether it is too small for letters to be read: then the initials stand alone.</param>
    public static IReadOnlyList<Shape> Compose(BadgeDesign design, bool small = false)
    {
        Rgb colour = Rgb.Parse(design.Colour).DarkenedForWhite();
        string name = design.Name.Trim();
        string organisation = design.Organisation?.Trim() ?? "";
        if (small)
        {
            return [.. Ground(colour), .. Emblem(name, colour, Middle)];
        }

        return
        [
            .. Ground(colour),
            .. Emblem(name, colour, Upper),
            .. Title(name),
            .. Organisation(organisation),
        ];
    }

    private static IEnumerable<Shape> Ground(Rgb colour)
    {
        yield return new Filled(Hexagon(Radius, 30), colour.Mix(Rgb.Black, 0.34));
        yield return new Filled(Hexagon(Radius - 9, 26), colour.Mix(Rgb.White, 0.10)) { Bottom = colour.Mix(Rgb.Black, 0.16) };
        // Facets: light falls from the upper left.
        (double, Rgb)[] light = [(0.07, Rgb.Black), (0.12, Rgb.Black), (0.04, Rgb.Black), (0.05, Rgb.White), (0.11, Rgb.White), (0.03, Rgb.White)];
        List<Point> corners = Hexagon(Radius - 34, 0);
        for (int i = 0; i < 6; i++)
        {
            yield return new Filled([new(Centre, Centre), corners[i], corners[(i + 1) % 6]], light[i].Item2, light[i].Item1);
        }

        yield return new Stroked(Closed(Hexagon(Radius - 22, 20)), 3, Rgb.White, 0.55);
    }

    private static IEnumerable<Shape> Emblem(string name, Rgb colour, Disc disc)
    {
        yield return new Filled(Circle(disc.Y, disc.Radius * 1.11), Rgb.White, 0.28);
        yield return new Filled(Circle(disc.Y, disc.Radius), Rgb.White);
        string initials = Initials(name);
        Rgb ink = colour.Mix(Rgb.Black, 0.12);
        if (initials.Length > 0)
        {
            double height = disc.Radius * Math.Min(0.98, 1.32 / Lettering.Width(initials, 1));
            yield return new Stroked([.. Lettering.Centred(initials, height, Centre, disc.Y - (height / 2))], height * 0.185, ink);
        }
        else
        {
            // A tick, where the title has no letter that can be drawn.
            double unit = disc.Radius / 82;
            Point low = new(Centre - (10 * unit), disc.Y + (28 * unit));
            yield return new Stroked(
                [new(new(Centre - (38 * unit), disc.Y), low), new(low, new(Centre + (40 * unit), disc.Y - (28 * unit)))], 17 * unit, ink);
        }
    }

    private static IEnumerable<Shape> Title(string name)
    {
        const double Line = 318;
        if (name.Length == 0)
        {
            yield break;
        }

        if (!Lettering.CanSet(name))
        {
            yield return new Typed(name, 38, Centre, Line - 19, Rgb.White);
            yield break;
        }

        (IReadOnlyList<string> lines, double height) = Lettering.Break(name, [42, 38, 34, 31, 28, 25, 22, 20, 18], (l, h) => Fits(l, h, Line), mostLines: 4);
        double top = Line - (Block(lines.Count, height) / 2);
        foreach (string line in lines)
        {
            yield return new Stroked([.. Lettering.Centred(line, height, Centre, top)], height * 0.165, Rgb.White);
            top += height * 1.62;
        }
    }

    private static IEnumerable<Shape> Organisation(string organisation)
    {
        const double Top = 410;
        if (organisation.Length == 0)
        {
            yield break;
        }

        yield return new Stroked([new(new(Centre - 22, Top - 20), new(Centre + 22, Top - 20))], 2.5, Rgb.White, 0.6);
        if (!Lettering.CanSet(organisation))
        {
            yield return new Typed(organisation, 17, Centre, Top, Rgb.White, 0.9);
            yield break;
        }

        (IReadOnlyList<string> lines, double height) = Lettering.Break(
            organisation, [17, 15, 13.5, 12], static (l, h) => l.Select((line, i) => (line, i)).All(p => Lettering.Width(p.line, h) <= Room(Top + (p.i * h * 1.6) + h)), mostLines: 2);
        for (int i = 0; i < lines.Count; i++)
        {
            yield return new Stroked([.. Lettering.Centred(lines[i], height, Centre, Top + (i * height * 1.6))], height * 0.15, Rgb.White, 0.92);
        }
    }

    private static bool Fits(IReadOnlyList<string> lines, double height, double middle)
    {
        double top = middle - (Block(lines.Count, height) / 2);
        return Block(lines.Count, height) <= 112
            && lines.Select((line, i) => (line, Bottom: top + (i * height * 1.62) + height)).All(l => Lettering.Width(l.line, height) <= Math.Min(Room(l.Bottom), 366));
    }

    private static double Block(int lines, double height) => (((lines - 1) * 1.62) + 1) * height;

    // Width of the inner hexagon at a depth, with a margin on both sides.
    private static double Room(double y)
    {
        double radius = Radius - 22;
        double below = Math.Max(0, Math.Abs(y - Centre) - (radius / 2));
        return 2 * (radius * 0.866 * (1 - (below / (radius / 2))) - 22);
    }

    private static string Initials(string name)
    {
        string[] words = [.. StrokeFont.Spell(name).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(static w => char.IsLetterOrDigit(w[0]))];
        if (words is [{ Length: <= 4 } acronym] && !acronym.Any(char.IsLower) && Lettering.CanSet(acronym))
        {
            return acronym;
        }

        string[] weighty = [.. words.Where(static w => w.Length > 3 || char.IsUpper(w[0]) || char.IsDigit(w[0]))];
        string letters = string.Concat((weighty.Length > 0 ? weighty : words).Select(static w => char.ToUpper(w[0], CultureInfo.InvariantCulture)));
        letters = letters.Length > 2 ? letters[..2] : letters;
        return Lettering.CanSet(letters) ? letters : "";
    }

    // The first corner at the top, then clockwise; corners are rounded by an arc that touches both edges.
    private static List<Point> Hexagon(double radius, double rounding)
    {
        var corners = new List<Point>();
        for (int i = 0; i < 6; i++)
        {
            double angle = (-90 + (60 * i)) * Math.PI / 180;
            if (rounding == 0)
            {
                corners.Add(new(Centre + (radius * Math.Cos(angle)), Centre + (radius * Math.Sin(angle))));
                continue;
            }

            double reach = radius - (rounding / Math.Cos(Math.PI / 6));
            for (int step = -6; step <= 6; step++)
            {
                double turn = angle + (step * Math.PI / 36);
                corners.Add(new(
                    Centre + (reach * Math.Cos(angle)) + (rounding * Math.Cos(turn)),
                    Centre + (reach * Math.Sin(angle)) + (rounding * Math.Sin(turn))));
            }
        }

        return corners;
    }

    private static List<Point> Circle(double y, double radius) =>
        [.. Enumerable.Range(0, 120).Select(static i => i * Math.PI / 60).Select(a => new Point(Centre + (radius * Math.Cos(a)), y + (radius * Math.Sin(a))))];

    private static List<Piece> Closed(List<Point> corners) => [.. corners.Select((corner, i) => new Piece(corner, corners[(i + 1) % corners.Count]))];
}
