using System.Text.RegularExpressions;

namespace CredSync.OpenBadges.Tests.Documentation;

/// <summary>What the guides show is what the tests run.</summary>
public sealed partial class GuideTests
{
    [Theory]
    [InlineData("src/CredSync.OpenBadges/README.md")]
    [InlineData("docs/open-badges.md")]
    public void Every_snippet_of_a_guide_is_a_region_of_a_running_test(string guide)
    {
        string root = Repository.Folder;
        string text = File.ReadAllText(Path.Combine(root, guide));
        string code = File.ReadAllText(Path.Combine(root, "tests/CredSync.OpenBadges.Tests/Documentation/OpenBadgesSnippets.cs"));
        MatchCollection snippets = Snippet().Matches(text);
        snippets.Count.ShouldBe(Regex.Count(text, "^```csharp", RegexOptions.Multiline), "Every C# block follows a line <!-- snippet: NAME -->.");
        snippets.Count.ShouldBeGreaterThan(0);
        foreach (Match snippet in snippets)
        {
            snippet.Groups["code"].Value.ShouldBe(Region(code, snippet.Groups["name"].Value), $"{guide}, snippet {snippet.Groups["name"].Value}");
        }
    }

    private static string Region(string code, string name)
    {
        Match region = Regex.Match(code, $@"^(?<indent> *)#region {Regex.Escape(name)}\n(?<body>.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline);
        region.Success.ShouldBeTrue($"There is no region {name}.");
        int indent = region.Groups["indent"].Length;
        return string.Concat(region.Groups["body"].Value.TrimEnd('\n').Split('\n').Select(line => (line.Length >= indent ? line[indent..] : line) + "\n"));
    }

    [GeneratedRegex(@"<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
