using System.Collections.Frozen;
using System.Globalization;

namespace CredSync.OpenBadges.Images;

/// <summary>
/// Capital letters of one stroke's width, drawn for badges. Height 100 from the top of a capital (0) to the baseline (100). <c>M x y</c> moves the pen, <c>L x y</c> draws a
/// line, <c>O cx cy rx ry from to</c> an arc between two angles in degrees, clockwise from the right.
/// </summary>
internal static class StrokeFont
{
    public const double Space = 42;
    public const double Gap = 31;

    private static readonly FrozenDictionary<char, Glyph> Glyphs = Parse(
    [
        ("A", 76, "M0 100L38 0L76 100M14 64L62 64"),
        ("B", 60, "M0 48L34 48O34 24 23 24 90 -90L0 0L0 100L34 100O34 74 26 26 90 -90"),
        ("C", 79, "O46 50 46 50 -46 -314"),
        ("D", 74, "M0 0L0 100L28 100O28 50 46 50 90 -90L0 0"),
        ("E", 52, "M52 0L0 0L0 100L52 100M0 49L44 49"),
        ("F", 50, "M50 0L0 0L0 100M0 51L42 51"),
        ("G", 86, "O46 50 46 50 -46 -342L86 54L52 54"),
        ("H", 70, "M0 0L0 100M70 0L70 100M0 49L70 49"),
        ("I", 0, "M0 0L0 100"),
        ("J", 44, "M44 0L44 74O22 74 22 26 0 170"),
        ("K", 62, "M0 0L0 100M60 0L0 60M22 38L62 100"),
        ("L", 48, "M0 0L0 100L48 100"),
        ("M", 88, "M0 100L0 0L44 66L88 0L88 100"),
        ("N", 74, "M0 100L0 0L74 100L74 0"),
        ("O", 96, "O48 50 48 50 0 360"),
        ("P", 58, "M0 100L0 0L30 0O30 28 28 28 -90 90L0 56"),
        ("Q", 96, "O48 50 48 50 0 360M60 74L92 106"),
        ("R", 62, "M0 100L0 0L30 0O30 28 28 28 -90 90L0 56M32 56L62 100"),
        ("S", 60, "O30 25 27 25 -38 -270O30 75 30 25 -90 142"),
        ("T", 70, "M0 0L70 0M35 0L35 100"),
        ("U", 70, "M0 0L0 64O35 64 35 36 180 0L70 0"),
        ("V", 74, "M0 0L37 100L74 0"),
        ("W", 112, "M0 0L28 100L56 8L84 100L112 0"),
        ("X", 68, "M0 0L68 100M68 0L0 100"),
        ("Y", 70, "M0 0L35 52L70 0M35 52L35 100"),
        ("Z", 64, "M0 0L64 0L0 100L64 100"),
        ("0", 66, "O33 50 33 50 0 360"),
        ("1", 28, "M0 22L28 0L28 100"),
        ("2", 58, "O29 29 29 29 -172 38L0 100L58 100"),
        ("3", 58, "O28 25 26 25 -152 90O28 75 30 25 -90 152"),
        ("4", 68, "M52 100L52 0L0 70L68 70"),
        ("5", 58, "M52 0L8 0L4 47O28 68 30 32 -138 152"),
        ("6", 62, "O31 69 31 31 0 360M46 0L4 57"),
        ("7", 58, "M0 0L58 0L18 100"),
        ("8", 60, "O30 25 25 25 0 360O30 75 30 25 0 360"),
        ("9", 62, "O31 31 31 31 0 360M58 43L16 100"),
        (".", 0, "M0 100L0 100"),
        (",", 8, "M8 98L0 114"),
        (":", 0, "M0 36L0 36M0 100L0 100"),
        (";", 8, "M8 36L8 36M8 98L0 114"),
        ("!", 0, "M0 0L0 68M0 100L0 100"),
        ("?", 50, "O25 25 25 25 -172 60L25 68M25 100L25 100"),
        ("-", 34, "M0 54L34 54"),
        ("–", 52, "M0 54L52 54"),
        ("+", 56, "M28 26L28 82M0 54L56 54"),
        ("/", 46, "M0 108L46 -8"),
        ("'", 0, "M0 0L0 20"),
        ("\"", 20, "M0 0L0 20M20 0L20 20"),
        ("(", 18, "O50 50 50 64 238 122"),
        (")", 18, "O-32 50 50 64 -58 58"),
        ("&", 74, "M74 100L15 30O31 20 19 20 148 398L17 55O27 76 27 24 -115 -330L70 52"),
        ("#", 70, "M24 6L14 94M56 6L46 94M4 36L70 36M0 66L66 66"),
        ("%", 80, "O17 22 17 22 0 360O63 78 17 22 0 360M66 0L14 100"),
        ("…", 56, "M0 100L0 100M28 100L28 100M56 100L56 100"),
    ]);

    private static readonly FrozenDictionary<char, (char Letter, char Mark)> Marked = Marks(
        "ÀA`ÁA´ÂA^ÃA~ÄA¨ÅA°ĀA¯ĂAˇĄA,ÇC,ĆC´ČCˇĎDˇÈE`ÉE´ÊE^ËE¨ĒE¯ĖE˙ĘE,ĚEˇĞGˇĢG,ÌI`ÍI´ÎI^ÏI¨ĪI¯İI˙ĶK,ĻL,ÑN~ŃN´ŅN,ŇNˇÒO`ÓO´ÔO^ÕO~ÖO¨ŐO¨ŌO¯ŔR´ŘRˇŚS´ŞS,ŠSˇȘS,ŢT,ŤTˇȚT,ÙU`ÚU´ÛU^ÜU¨ŪU¯ŮU°ŰU¨ŲU,ÝY´ŸY¨ŹZ´ŻZ˙ŽZˇ");

    private static readonly FrozenDictionary<char, string> MarkPaths = new Dictionary<char, string>
    {
        ['`'] = "M-8 -30L8 -18",
        ['´'] = "M-8 -18L8 -30",
        ['^'] = "M-15 -18L0 -32L15 -18",
        ['ˇ'] = "M-15 -32L0 -18L15 -32",
        ['~'] = "M-20 -20L-7 -28L7 -20L20 -28",
        ['¨'] = "M-16 -24L-16 -24M16 -24L16 -24",
        ['°'] = "O0 -24 11 11 0 360",
        ['¯'] = "M-16 -24L16 -24",
        ['˙'] = "M0 -24L0 -24",
        [','] = "M4 110L-6 124",
    }.ToFrozenDictionary();

    /// <summary>The glyph of a character, or null when the font has none.</summary>
    public static Glyph? Find(char character)
    {
        char capital = char.ToUpperInvariant(character);
        if (Glyphs.TryGetValue(Same(capital), out Glyph? glyph))
        {
            return glyph;
        }

        if (!Marked.TryGetValue(capital, out (char Letter, char Mark) marked))
        {
            return null;
        }

        Glyph letter = Glyphs[marked.Letter];
        return letter with { Pieces = [.. letter.Pieces, .. Pieces(MarkPaths[marked.Mark]).Select(p => p.Placed(1, new(letter.Width / 2, 0)))] };
    }

    /// <summary>Letters that are written as others.</summary>
    public static string Spell(string text) => text
        .Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "SS", StringComparison.Ordinal)
        .Replace("Æ", "AE", StringComparison.Ordinal).Replace("æ", "ae", StringComparison.Ordinal)
        .Replace("Œ", "OE", StringComparison.Ordinal).Replace("œ", "oe", StringComparison.Ordinal)
        .Replace("Ø", "Ö", StringComparison.Ordinal).Replace("ø", "ö", StringComparison.Ordinal)
        .Replace("Ł", "L", StringComparison.Ordinal).Replace("ł", "l", StringComparison.Ordinal)
        .Replace("Đ", "D", StringComparison.Ordinal).Replace("đ", "d", StringComparison.Ordinal)
        .Replace("...", "…", StringComparison.Ordinal);

    private static char Same(char capital) => capital switch
    {
        '’' or '‘' or '`' or '´' => '\'',
        '“' or '”' or '„' or '«' or '»' => '"',
        '—' or '−' => '–',
        '\u2010' or '\u2011' or '_' => '-',
        '·' or '•' or '|' => '-',
        '[' => '(',
        ']' => ')',
        _ => capital,
    };

    private static FrozenDictionary<char, Glyph> Parse((string Character, double Width, string Path)[] glyphs) =>
        glyphs.ToFrozenDictionary(static g => g.Character[0], static g => new Glyph(g.Width, [.. Pieces(g.Path)]));

    private static FrozenDictionary<char, (char, char)> Marks(string triples) =>
        triples.Chunk(3).ToFrozenDictionary(static t => t[0], static t => (t[1], t[2]));

    private static IEnumerable<Piece> Pieces(string path)
    {
        Point pen = default;
        int at = 0;
        while (at < path.Length)
        {
            int end = path.AsSpan(at + 1).IndexOfAny("MLO");
            end = end < 0 ? path.Length : at + 1 + end;
            double[] n = [.. path[(at + 1)..end].Split(' ').Select(static t => double.Parse(t, CultureInfo.InvariantCulture))];
            if (path[at] == 'O')
            {
                var arc = Piece.Arc(new(n[0], n[1]), new(n[2], n[3]), n[4], n[5]);
                yield return arc;
                pen = arc.End;
            }
            else
            {
                var point = new Point(n[0], n[1]);
                if (path[at] == 'L')
                {
                    yield return new(pen, point);
                }

                pen = point;
            }

            at = end;
        }
    }
}

/// <summary>A letter as strokes.</summary>
/// <param name="Width">Its width without the gap to the next.</param>
/// <param name="Pieces">Its strokes.</param>
internal sealed record Glyph(double Width, IReadOnlyList<Piece> Pieces);
