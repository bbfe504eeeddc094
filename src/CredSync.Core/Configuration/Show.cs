using System.Text;

namespace CredSync.Core.Configuration;

/// <summary>Parts of files as they may be shown in findings.</summary>
internal static class Show
{
    private const int Longest = 60;

    /// <summary>A value, cut to a readable length and without control characters.</summary>
    public static string Text(string value)
    {
        var shown = new StringBuilder(Math.Min(value.Length, Longest) + 1);
        foreach (char c in value.AsSpan(0, Math.Min(value.Length, Longest)))
        {
            shown.Append(char.IsControl(c) ? ' ' : c);
        }

        return value.Length > Longest ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>A sentence of somebody else's, on one line and with a full stop.</summary>
    public static string Sentence(string sentence)
    {
        string line = string.Join(' ', sentence.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.');
        return line.Length == 0 ? "unreadable." : char.ToLowerInvariant(line[0]) + line[1..] + ".";
    }

    /// <summary>Words joined by commas and a last "or".</summary>
    public static string Or(IReadOnlyCollection<string> words) => Join(words, "or");

    /// <summary>Words joined by commas and a last "and".</summary>
    public static string And(IReadOnlyCollection<string> words) => Join(words, "and");

    private static string Join(IReadOnlyCollection<string> words, string last) => words.Count switch
    {
        0 => "nothing",
        1 => words.First(),
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} {last} {words.Last()}",
    };
}
