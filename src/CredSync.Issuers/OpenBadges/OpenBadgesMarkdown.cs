using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// The Markdown that criteria and evidence are written in, as HTML: paragraphs, headings, lists, quotations, code, emphasis, and links to web pages. Everything else, tags
/// above all, stays the text that it is: whoever writes a definition cannot put a script, a picture or a form on the page. Text beyond a length is cut off.
/// </summary>
internal static partial class OpenBadgesMarkdown
{
    private const int Longest = 20_000;
    private const int Deepest = 4;

    /// <summary>Blocks of a text.</summary>
    public static string Html(string markdown)
    {
        var page = new StringBuilder();
        string[] lines = (markdown.Length > Longest ? markdown[..Longest] + " …" : markdown).ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length;)
        {
            string line = lines[i];
            if (string.IsNullOrWhiteSpace(line))
            {
                i++;
            }
            else if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                int end = Array.FindIndex(lines, i + 1, static l => l.TrimStart().StartsWith("```", StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                page.Append("<pre><code>").Append(E(string.Join('\n', lines[(i + 1)..end]))).Append("</code></pre>");
                i = end + 1;
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                page.Append("<h3>").Append(Inline(heading.Groups["text"].Value)).Append("</h3>");
                i++;
            }
            else if (Rule().IsMatch(line))
            {
                page.Append("<hr>");
                i++;
            }
            else
            {
                i = Item().IsMatch(line) ? List(page, lines, i) : Paragraph(page, lines, i);
            }
        }

        return page.ToString();
    }

    /// <summary>One line of a text.</summary>
    public static string Inline(string text) => Inline(text.Length > Longest ? text[..Longest] : text, 0);

    private static int List(StringBuilder page, string[] lines, int i)
    {
        bool numbered = char.IsAsciiDigit(lines[i].TrimStart()[0]);
        page.Append(numbered ? "<ol>" : "<ul>");
        while (i < lines.Length && Item().Match(lines[i]) is { Success: true } item && char.IsAsciiDigit(lines[i].TrimStart()[0]) == numbered)
        {
            var text = new StringBuilder(item.Groups["text"].Value);
            for (i++; i < lines.Length && !string.IsNullOrWhiteSpace(lines[i]) && char.IsWhiteSpace(lines[i][0]) && !Item().IsMatch(lines[i]); i++)
            {
                text.Append(' ').Append(lines[i].Trim());
            }

            page.Append("<li>").Append(Inline(text.ToString())).Append("</li>");
        }

        page.Append(numbered ? "</ol>" : "</ul>");
        return i;
    }

    private static int Paragraph(StringBuilder page, string[] lines, int i)
    {
        bool quoted = lines[i].TrimStart().StartsWith('>');
        var text = new List<string>();
        for (; i < lines.Length && !string.IsNullOrWhiteSpace(lines[i]) && (text.Count == 0 || !(Item().IsMatch(lines[i]) || Heading().IsMatch(lines[i]) || lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))); i++)
        {
            text.Add(quoted ? lines[i].TrimStart().TrimStart('>').Trim() : lines[i].Trim());
        }

        page.Append(quoted ? "<blockquote><p>" : "<p>").Append(Inline(string.Join(' ', text))).Append(quoted ? "</p></blockquote>" : "</p>");
        return i;
    }

    private static string Inline(string text, int level)
    {
        var html = new StringBuilder();

        // A mark that nothing closes is not looked for again: else a row of them takes as long as its square.
        var open = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < text.Length;)
        {
            i += text[i] switch
            {
                '\\' when i + 1 < text.Length && char.IsPunctuation(text[i + 1]) => Plain(html, text[i + 1], 2),
                '`' => Pair(html, text, i, "`", "code", open, level),
                '*' when text.AsSpan(i).StartsWith("**") => Pair(html, text, i, "**", "strong", open, level),
                '_' when text.AsSpan(i).StartsWith("__") && AtWord(text, i) => Pair(html, text, i, "__", "strong", open, level),
                '*' => Pair(html, text, i, "*", "em", open, level),
                '_' when AtWord(text, i) => Pair(html, text, i, "_", "em", open, level),
                '[' or '!' when Address().Match(text, i) is { Success: true } link && link.Index == i => Link(html, link, level),
                _ => Plain(html, text[i], 1),
            };
        }

        return html.ToString();
    }

    private static bool AtWord(string text, int i) => i == 0 || !char.IsLetterOrDigit(text[i - 1]);

    private static int Plain(StringBuilder html, char symbol, int length)
    {
        // A pair of surrogates is two symbols here and stays as it is; only these five could ever begin something.
        html.Append(symbol switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '"' => "&quot;", '\'' => "&#39;", _ => symbol.ToString() });
        return length;
    }

    private static int Pair(StringBuilder html, string text, int i, string mark, string tag, HashSet<string> open, int level)
    {
        int from = i + mark.Length;
        int end = from >= text.Length || char.IsWhiteSpace(text[from]) || level >= Deepest || open.Contains(mark) ? -1 : text.IndexOf(mark, from, StringComparison.Ordinal);
        if (end <= from)
        {
            if (end < 0 && from < text.Length && !char.IsWhiteSpace(text[from]))
            {
                open.Add(mark);
            }

            html.Append(E(mark));
            return mark.Length;
        }

        string inner = text[from..end];
        html.Append('<').Append(tag).Append('>').Append(tag == "code" ? E(inner) : Inline(inner, level + 1)).Append("</").Append(tag).Append('>');
        return end + mark.Length - i;
    }

    // A picture becomes a link to it: nothing is loaded from elsewhere.
    private static int Link(StringBuilder html, Match link, int level)
    {
        string label = level >= Deepest ? E(link.Groups["text"].Value) : Inline(link.Groups["text"].Value, level + 1);
        if (Uri.TryCreate(link.Groups["url"].Value, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" && address.UserInfo.Length == 0)
        {
            html.Append("<a href=\"").Append(E(address.AbsoluteUri)).Append("\" rel=\"noopener noreferrer\">").Append(label).Append("</a>");
        }
        else
        {
            html.Append(label);
        }

        return link.Length;
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex("^ {0,3}#{1,6} +(?<text>.+?) *#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ {0,3}([-*_])( *\1){2,} *$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^ {0,3}([-*+]|[0-9]{1,9}[.)]) +(?<text>.+)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"\G!?\[(?<text>[^\[\]]{1,500})\]\((?<url>[^\s()]{1,1000})\)")]
    private static partial Regex Address();
}
