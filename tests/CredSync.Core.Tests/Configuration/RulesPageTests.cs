using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page that explains rules: its examples are run.</summary>
public sealed class RulesPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "rules.md"));

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, PageExample.Fences(Page).Count)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_good_and_its_stories_pass(int example) =>
        FindingText.Render(PageExample.Lint(PageExample.Fences(Page)[example])).ShouldBe("");

    [Fact]
    public void The_page_has_examples_with_stories()
    {
        int stories = 0;
        foreach (string fence in PageExample.Fences(Page))
        {
            PageExample.Lint(fence, out int here);
            // One of them is that of the credential which every example has beside it.
            stories += here - 1;
        }

        stories.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData("consent-missing")]
    [InlineData("earned-date-unknown")]
    [InlineData("earned-date-in-future")]
    [InlineData("cohort-unknown")]
    [InlineData("approval")]
    [InlineData("revocation-review")]
    [InlineData("revocation-required")]
    [InlineData("no-longer-earned")]
    [InlineData("same-as-another")]
    public void Every_cause_of_a_hold_is_explained(string cause) => Page.ShouldContain($"`{cause}`");
}
