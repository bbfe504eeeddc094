using CredSync.Core;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;

namespace CredSync.Host.Tests.Operations;

/// <summary>How a source stands depends on what its own file expects.</summary>
public sealed class SourceConditionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(15, null, 45, "well"), InlineData(15, null, 47, "silent"), InlineData(60, null, 47, "well"), InlineData(60 * 24, null, 60 * 24 * 3, "well")]
    [InlineData(15, "0 0 6 ? * MON", 60 * 24 * 7, "well"), InlineData(15, "0 0 6 ? * MON", (60 * 24 * 8) + 1, "silent")]
    public void A_source_is_silent_after_three_of_its_own_intervals_or_a_week_and_a_day_where_it_has_none(int everyMinutes, string? cron, int unreadMinutes, string condition) =>
        SourceCondition.Of(Source(TimeSpan.FromMinutes(everyMinutes), cron), Read(unreadMinutes), null, Now).ShouldBe(condition);

    [Fact]
    public void A_source_of_which_no_file_tells_stands_by_the_default()
    {
        SourceCondition.Of(null, Read(60 * 24 * 7), null, Now).ShouldBe("well");
        SourceCondition.Of(null, Read(60 * 24 * 9), null, Now).ShouldBe("silent");
    }

    [Fact]
    public void A_source_that_brings_nothing_new_for_longer_than_its_file_expects_is_late_and_says_so()
    {
        SourceDefinition source = Source(TimeSpan.FromMinutes(15), null) with { ExpectedFreshness = TimeSpan.FromDays(3) };
        SourceState state = Read(1) with { NewestCompletion = Now.AddDays(-4) };
        SourceCondition.Of(source, state, null, Now).ShouldBe("late");
        SourceCondition.Sentence(source, state, "late", null, Now)!.ShouldContain("3 days");
        SourceCondition.Of(source with { ExpectedFreshness = TimeSpan.FromDays(5) }, state, null, Now).ShouldBe("well");
        SourceCondition.Of(source with { ExpectedFreshness = null }, state, null, Now).ShouldBe("well");
        SourceCondition.Of(source with { Paused = true }, state, null, Now).ShouldBe("left out");
    }

    private static SourceDefinition Source(TimeSpan every, string? cron) => new("s", "play", new object(), every, cron, false, null, new FilePosition("s.yaml", 1, 1));

    private static SourceState Read(int minutesAgo) => new() { Name = "s", LastSuccess = Now.AddMinutes(-minutesAgo) };
}
