namespace CredSync.OpenBadges.Images;

/// <summary>Sets text in the stroke font.</summary>
internal static class Lettering
{
    /// <summary>Whether the font has every letter.</summary>
    public static bool CanSet(string text) => StrokeFont.Spell(text).All(static c => char.IsWhiteSpace(c) || StrokeFont.Find(c) is not null);

    /// <summary>Width of a line at a height of capitals.</summary>
    public static double Width(string line, double height) => line.Length == 0 ? 0 : (Advance(line) - StrokeFont.Gap) * height / 100;

    /// <summary>The strokes of a line, centred.</summary>
    public static IEnumerable<Piece> Centred(string line, double height, double centre, double top)
    {
        double scale = height / 100;
        double x = centre - (Width(line, height) / 2);
        foreach (char character in line)
        {
            if (StrokeFont.Find(character) is not { } glyph)
            {
                x += StrokeFont.Space * scale;
                continue;
            }

            foreach (Piece piece in glyph.Pieces)
            {
                yield return piece.Placed(scale, new(x, top));
            }

            x += (glyph.Width + StrokeFont.Gap) * scale;
        }
    }

    /// <summary>Breaks text into lines that fit, as large as possible.</summary>
    /// <param name="text">The text.</param>
    /// <param name="heights">Heights of capitals to try, the largest first.</param>
    /// <param name="fits">Whether lines fit at a height.</param>
    /// <param name="mostLines">How many lines there may be.</param>
    /// <returns>The lines, cut with dots when they fit at no height, and the height.</returns>
    public static (IReadOnlyList<string> Lines, double Height) Break(string text, IReadOnlyList<double> heights, Func<IReadOnlyList<string>, double, bool> fits, int mostLines)
    {
        string[] words = StrokeFont.Spell(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (double height in heights)
        {
            foreach (IReadOnlyList<string> lines in Breaks(words, mostLines).OrderBy(l => l.Count).ThenBy(l => l.Max(line => Width(line, height))))
            {
                if (fits(lines, height))
                {
                    return (lines, height);
                }
            }
        }

        return (Cut(words, heights[^1], fits, mostLines), heights[^1]);
    }

    // Every way to break the words into at most so many lines; long titles only by length, or there would be too many ways.
    private static IEnumerable<IReadOnlyList<string>> Breaks(string[] words, int mostLines)
    {
        if (words.Length > 14)
        {
            yield break;
        }

        for (int first = words.Length; first >= 1; first--)
        {
            string line = string.Join(' ', words[..first]);
            if (first == words.Length)
            {
                yield return [line];
            }
            else if (mostLines > 1)
            {
                foreach (IReadOnlyList<string> rest in Breaks(words[first..], mostLines - 1))
                {
                    yield return [line, .. rest];
                }
            }
        }
    }

    private static List<string> Cut(string[] words, double height, Func<IReadOnlyList<string>, double, bool> fits, int mostLines)
    {
        var lines = new List<string> { "" };
        foreach (string word in words)
        {
            string longer = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
            if (fits([.. lines[..^1], longer], height))
            {
                lines[^1] = longer;
            }
            else if (lines[^1].Length > 0 && lines.Count < mostLines && fits([.. lines, word], height))
            {
                lines.Add(word);
            }
            else
            {
                lines[^1] = Shorten(longer, line => fits([.. lines[..^1], line], height));
                break;
            }
        }

        return lines;
    }

    private static string Shorten(string line, Func<string, bool> fits)
    {
        int length = line.Length;
        while (length > 0 && !fits(line[..length].TrimEnd() + "…"))
        {
            length--;
        }

        return line[..length].TrimEnd() + "…";
    }

    private static double Advance(string line) => line.Sum(static c => StrokeFont.Find(c) is { } glyph ? glyph.Width + StrokeFont.Gap : StrokeFont.Space);
}
