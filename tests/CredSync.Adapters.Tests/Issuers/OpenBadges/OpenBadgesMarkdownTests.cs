using System.Text.RegularExpressions;
using CredSync.Issuers.OpenBadges;
using CsCheck;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

public sealed partial class OpenBadgesMarkdownTests
{
    private static readonly string[] Pieces = ["**", "*", "_", "`", "[", "](", ")", "https://a.example/", "javascript:", "<b>", "\"", "'", "&", "\n", "- ", "1. ", "# ", "> ", "```", "\\", "!", "é", "𝄞"];

    [Theory]
    [InlineData("Pass **both** courses.\nWith 80 %.\n\nThen ask.", "<p>Pass <strong>both</strong> courses. With 80 %.</p><p>Then ask.</p>")]
    [InlineData("# First\n- one\n- *two*\n  and a half\n\n1. a\n2. b", "<h3>First</h3><ul><li>one</li><li><em>two</em> and a half</li></ul><ol><li>a</li><li>b</li></ol>")]
    [InlineData("> said\n> so\n\n---\n\n```\na < b\n```", "<blockquote><p>said so</p></blockquote><hr><pre><code>a &lt; b</code></pre>")]
    [InlineData("[page](https://example.org/a?b=1&c=2) and `x*y*z`", "<p><a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener noreferrer\">page</a> and <code>x*y*z</code></p>")]
    [InlineData("![photo](https://example.org/p.png)", "<p><a href=\"https://example.org/p.png\" rel=\"noopener noreferrer\">photo</a></p>")]
    [InlineData("snake_case_name and 2 * 3 * 4 and \\*so\\*", "<p>snake_case_name and 2 * 3 * 4 and *so*</p>")]
    [InlineData("**never closed", "<p>**never closed</p>")]
    public void What_is_written_is_what_is_shown(string markdown, string html) => OpenBadgesMarkdown.Html(markdown).ShouldBe(html);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("[x](javascript:alert(1))"), InlineData("[x](data:text/html,hello)"), InlineData("[x](//elsewhere.example)"), InlineData("[x](https://a@b.example/)")]
    [InlineData("**<img src=x onerror=alert(1)>**"), InlineData("`</code><script>`"), InlineData("[\"><script>](https://example.org/\"onclick=)")]
    public void Nothing_but_text_and_safe_links_comes_out(string markdown) => Tags().Matches(OpenBadgesMarkdown.Html(markdown)).ShouldAllBe(t => Known(t.Value));

    [Fact]
    public void Whatever_comes_in_only_known_tags_come_out()
    {
        Gen<string> piece = Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[Gen.Char[' ', '~'], 0, 6]);
        piece.List[0, 30].Select(parts => string.Concat(parts)).Sample(markdown => Tags().Matches(OpenBadgesMarkdown.Html(markdown)).All(t => Known(t.Value)));
    }

    [Fact]
    public void Rows_of_marks_and_very_long_texts_are_bounded()
    {
        foreach (string mark in (string[])["*", "**a ", "_a ", "[", "![x](", "`a", "> ", "# ", "\\"])
        {
            OpenBadgesMarkdown.Html(string.Concat(Enumerable.Repeat(mark, 100_000))).Length.ShouldBeLessThan(600_000);
        }
    }

    private static bool Known(string tag) => Allowed().IsMatch(tag);

    [GeneratedRegex("<[^>]*>?")]
    private static partial Regex Tags();

    [GeneratedRegex("^</?(p|h3|ul|ol|li|blockquote|hr|pre|code|strong|em|a)>$|^<a href=\"https?://[^\"<>]*\" rel=\"noopener noreferrer\">$")]
    private static partial Regex Allowed();
}
