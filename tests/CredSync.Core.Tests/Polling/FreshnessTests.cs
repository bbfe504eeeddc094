using CredSync.Core.Polling;

namespace CredSync.Core.Tests.Polling;

public sealed class FreshnessTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Expected = TimeSpan.FromDays(2);

    [Fact]
    public void A_source_that_answers_and_brings_nothing_new_is_stale() =>
        Freshness.Problem("moodle-hr", Expected, Now.AddDays(-3), Now, Now)!.ShouldContain("its newest completion is of 2026-03-07, older than the 2 days that are expected");

    [Fact]
    public void A_source_that_answers_and_never_brought_anything_is_told_as_such() =>
        Freshness.Problem("moodle-hr", Expected, null, Now, Now)!.ShouldContain("no completion at all");

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, true)]
    [InlineData(30, false)]
    public void A_source_is_well_while_its_newest_completion_is_new_enough_or_nothing_is_expected(int daysAgo, bool isExpected) =>
        Freshness.Problem("moodle-hr", isExpected ? Expected : null, Now.AddDays(-daysAgo), Now, Now).ShouldBeNull();

    [Fact]
    public void Nothing_is_said_of_a_source_that_was_never_read_to_its_end() => Freshness.Problem("moodle-hr", Expected, null, null, Now).ShouldBeNull();
}
