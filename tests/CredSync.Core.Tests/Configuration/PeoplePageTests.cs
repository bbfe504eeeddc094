using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page that explains people: its examples are run.</summary>
public sealed class PeoplePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "people.md"));

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, PageExample.Fences(Page).Count)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_good(int example) => FindingText.Render(PageExample.Lint(PageExample.Fences(Page)[example])).ShouldBe("");

    [Theory]
    [InlineData("person-unknown")]
    [InlineData("person-ambiguous")]
    [InlineData("person-contradicted")]
    [InlineData("too-many-new-people")]
    public void Every_cause_for_which_a_completion_is_held_is_explained(string cause) => Page.ShouldContain($"`{cause}`");
}
