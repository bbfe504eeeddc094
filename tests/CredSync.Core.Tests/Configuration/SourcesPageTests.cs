using System.Text.RegularExpressions;
using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page on sources: its examples have no findings under the adapters that ship, every adapter has one, and every setting that it names is there.</summary>
public sealed class SourcesPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "sources.md"));

    public static TheoryData<string> Examples => [.. PageExample.Fences(Page)];

    public static TheoryData<string> Named => [.. Page[Page.IndexOf("## What nobody", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith('|')).Skip(2)
        .SelectMany(l => Regex.Matches(l.Split('|')[3], "`([a-z_]+)`").Select(m => m.Groups[1].Value)).Distinct()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_page_has_no_findings(string example)
    {
        string name = Regex.Match(example, "^source: (.+)$", RegexOptions.Multiline).Groups[1].Value;
        ConfigurationResult result = ConfigurationReader.Read(
            [new ConfigurationFile("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"), new ConfigurationFile($"sources/{name}.yaml", example)],
            BuiltIn.Adapters,
            Shipped.Secret,
            Shipped.NoOverrides);
        FindingText.Render(result.Findings).ShouldBe("");
    }

    [Fact]
    public void Every_adapter_that_ships_has_an_example() =>
        Page.Split('\n').Where(l => l.StartsWith("adapter: ", StringComparison.Ordinal)).Select(l => l["adapter: ".Length..]).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(BuiltIn.Adapters.Sources.Select(a => a.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Named))]
    public void A_setting_that_stands_for_something_unknown_is_there(string setting) =>
        File.ReadAllText(Path.Combine(Shipped.Root, "config", "credsync.schema.json")).ShouldContain($"\"{setting}\": {{");
}
