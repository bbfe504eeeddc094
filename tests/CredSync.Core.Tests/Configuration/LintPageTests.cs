using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page that explains every finding: its examples are run.</summary>
public sealed class LintPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "lint.md"));

    // These cannot be shown in a few lines; each has a test of its own below.
    private static readonly string[] WithoutExample = ["CFG003", "CFG022", "RUL021"];

    public static TheoryData<string> Codes => [.. Core.Configuration.Codes.All.Select(c => c.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_an_entry_whose_first_example_is_found_and_whose_second_is_right(string code)
    {
        FindingCode kind = Core.Configuration.Codes.All.Single(c => c.Code == code);
        string section = Sections().Single(s => s.StartsWith($"{code} ", StringComparison.Ordinal));
        section.Split('\n')[0].ShouldBe($"{code} {kind.Title} ({kind.Severity.ToString().ToLowerInvariant()})");
        IReadOnlyList<string> examples = PageExample.Fences(section);
        if (WithoutExample.Contains(code))
        {
            examples.ShouldBeEmpty();
            return;
        }

        examples.Count.ShouldBe(2);
        IReadOnlyList<Finding> found = PageExample.Lint(examples[0]);
        found.Select(f => f.Code).Distinct().ShouldBe([code], FindingText.Render(found));
        FindingText.Render(PageExample.Lint(examples[1])).ShouldBe("");
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
        PageExample.Lint($"# people.yaml\nunknown: create\n#{new string('x', 1_000_000)}\n").Select(f => f.Code).ShouldBe(["CFG003"]);

    [Fact]
    public void A_configuration_without_its_main_file_is_an_error() =>
        Shipped.Read([.. Shipped.Files.Where(f => !f.Path.EndsWith("credsync.yaml", StringComparison.Ordinal))])
            .Findings.Select(f => (f.Code, f.File, f.Line)).ShouldContain(("CFG022", "credsync.yaml", 0));

    [Fact]
    public void A_rule_on_a_course_that_its_source_never_told_of_is_found_online()
    {
        Core.Configuration.Configuration shipped = Shipped.Read(Shipped.Files).Configuration!;
        OnlineLint.Check(shipped, []).ShouldBeEmpty();
        (string, string)[] seen = [("moodle-hr", "SAFETY-101"), ("moodle-hr", "STAT-101"), ("moodle-hr", "DATA-11O"), ("moodle-hr", "LEAD-300"), ("moodle-hr", "FIRSTAID-201")];
        Finding found = OnlineLint.Check(shipped, seen).ShouldHaveSingleItem();
        (found.Code, found.File).ShouldBe(("RUL021", "config/credentials/data-foundations.yaml"));
        found.Suggestion.ShouldBe("did you mean 'DATA-11O'?");
    }

    private static string[] Sections() => [.. Page.Split("\n## ").Skip(1)];
}
