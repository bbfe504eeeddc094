using System.Text.RegularExpressions;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page that explains every finding: its examples are run.</summary>
public sealed partial class LintPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "lint.md"));

    // These cannot be shown in a few lines; each has a test of its own below.
    private static readonly string[] WithoutExample = ["CFG003", "CFG022"];

    public static TheoryData<string> Codes => [.. Core.Configuration.Codes.All.Select(c => c.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_an_entry_whose_first_example_is_found_and_whose_second_is_right(string code)
    {
        FindingCode kind = Core.Configuration.Codes.All.Single(c => c.Code == code);
        string section = Sections().Single(s => s.StartsWith($"{code} ", StringComparison.Ordinal));
        section.Split('\n')[0].ShouldBe($"{code} {kind.Title} ({kind.Severity.ToString().ToLowerInvariant()})");
        string[] examples = [.. Fence().Matches(section).Select(m => m.Groups[1].Value)];
        if (WithoutExample.Contains(code))
        {
            examples.ShouldBeEmpty();
            return;
        }

        examples.Length.ShouldBe(2);
        IReadOnlyList<Finding> found = Lint(examples[0]);
        found.Select(f => f.Code).Distinct().ShouldBe([code], FindingText.Render(found));
        FindingText.Render(Lint(examples[1])).ShouldBe("");
    }

    [Fact]
    public void Codes_are_distinct_and_the_page_explains_no_other()
    {
        string[] codes = [.. Core.Configuration.Codes.All.Select(c => c.Code)];
        codes.Distinct().Count().ShouldBe(codes.Length);
        Sections().Select(s => s[..6]).ShouldBe(codes);
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_parsed() =>
        Lint($"# people.yaml\nunknown: create\n#{new string('x', 1_000_000)}\n").Select(f => f.Code).ShouldBe(["CFG003"]);

    [Fact]
    public void A_configuration_without_its_main_file_is_an_error() =>
        Shipped.Read([.. Shipped.Files.Where(f => !f.Path.EndsWith("credsync.yaml", StringComparison.Ordinal))])
            .Findings.Select(f => (f.Code, f.File, f.Line)).ShouldContain(("CFG022", "credsync.yaml", 0));

    private static string[] Sections() => [.. Page.Split("\n## ").Skip(1)];

    private static IReadOnlyList<Finding> Lint(string example)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal)
        {
            ["credsync.yaml"] = "organisation: { name: Northwind, namespace: northwind.example }\n",
            ["sources/moodle-hr.yaml"] = "source: moodle-hr\nadapter: moodle\naddress: https://moodle.northwind.example\ntoken: env:MOODLE_HR_TOKEN\n",
            ["issuers/northwind-badges.yaml"] = "issuer: northwind-badges\nadapter: open-badges\nname: Northwind Academy\nurl: https://badges.northwind.example\n",
            ["credentials/safety-basics.yaml"] = Complete("safety-basics", "earn: { course: SAFETY-101 }\n"),
        };
        Dictionary<string, string> overrides = new(StringComparer.Ordinal);
        foreach (Match part in Part().Matches(example))
        {
            string path = part.Groups[1].Value;
            string text = part.Groups[2].Value;
            if (path == "override")
            {
                string[] pair = text.Trim().Split(": ");
                overrides.Add(pair[0], pair[1]);
            }
            else
            {
                files[path] = path.StartsWith("credentials/", StringComparison.Ordinal) ? Complete(Path.GetFileNameWithoutExtension(path), text) : text;
            }
        }

        ConfigurationResult result = Shipped.Read([.. files.Select(f => new ConfigurationFile(f.Key, f.Value))], overrides);
        return result.Configuration is null ? result.Findings
            : [.. result.Findings, .. RuleTests.Run(result.Configuration).Select(RuleTests.ToFinding).OfType<Finding>()];
    }

    // Adds what an example leaves out, after it, so that its lines stay where they are.
    private static string Complete(string id, string text)
    {
        Dictionary<string, string> rest = new(StringComparer.Ordinal)
        {
            ["credential"] = id, ["name"] = $"Name of {id}", ["description"] = "What it stands for.", ["criteria"] = "What must be done.",
            ["earn"] = $"{{ course: {id.ToUpperInvariant()} }}",
            ["tests"] = "[ { name: nothing comes of nothing, events: [], expect: [ { earned: never } ] } ]",
        };
        return text + string.Concat(rest.Where(r => !Regex.IsMatch(text, $"^{r.Key}:", RegexOptions.Multiline)).Select(r => $"{r.Key}: {r.Value}\n"));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^# ([a-z/-]+(?:\.yaml)?)\n((?:(?!# [a-z/-]+\.yaml\n).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Part();
}
