using System.Globalization;
using CredSync.Core;
using CredSync.Core.Configuration;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using Microsoft.Extensions.Time.Testing;
using Quartz;

namespace CredSync.Host.Tests.Operations;

/// <summary>How a source stands depends on what its own file expects.</summary>
public sealed class SourceConditionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(15, null, 45, "well"), InlineData(15, null, 47, "silent"), InlineData(60, null, 47, "well"), InlineData(60 * 24, null, 60 * 24 * 3, "well")]
    public void A_source_is_silent_after_three_of_its_own_intervals(int everyMinutes, string? cron, int unreadMinutes, string condition) =>
        SourceCondition.Of(Source(TimeSpan.FromMinutes(everyMinutes), cron), Read(unreadMinutes), null, Now, TimeZoneInfo.Utc).ShouldBe(condition);

    // Now is a Sunday, nine o'clock UTC, ten in Madrid.
    [Theory]
    [InlineData("0 0 6 1 * ?", "2026-02-01T05:30Z", "well"), InlineData("0 0 6 1 * ?", "2026-01-01T05:30Z", "silent"), InlineData("0 0 6 28 * ?", "2026-01-28T05:30Z", "silent")]
    [InlineData("0 0 6 ? * MON", "2026-02-23T05:30Z", "well"), InlineData("0 0 6 ? * MON", "2026-02-16T05:30Z", "silent"), InlineData("0 0 6 ? * SUN", "2026-02-22T05:30Z", "well")]
    [InlineData("0 0 8 * * ?", "2026-02-28T07:30Z", "well"), InlineData("0 0 8 * * ?", "2026-02-27T07:30Z", "silent")]
    [InlineData("0 0/15 * * * ?", "2026-03-01T08:20Z", "well"), InlineData("0 0/15 * * * ?", "2026-03-01T08:10Z", "silent")]
    [InlineData("0 0 8-18 ? * MON-FRI", "2026-02-27T17:00Z", "well"), InlineData("0 0 8-18 ? * MON-FRI", "2026-02-27T14:00Z", "silent")]
    [InlineData("0 0 6 1 1 ? 2020", "2026-02-22T05:30Z", "well"), InlineData("0 0 6 1 1 ? 2020", "2026-02-20T05:30Z", "silent")]
    public void A_source_that_is_read_by_a_cron_expression_is_silent_when_its_own_next_time_is_over(string cron, string read, string condition)
    {
        TimeZoneInfo madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
        SourceState state = new() { Name = "s", LastSuccess = DateTimeOffset.Parse(read, CultureInfo.InvariantCulture) };
        SourceCondition.Of(Source(TimeSpan.FromMinutes(15), cron), state, null, Now, madrid).ShouldBe(condition);
    }

    [Fact]
    public void A_silent_source_says_when_it_should_have_been_read()
    {
        TimeZoneInfo madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
        SourceState state = new() { Name = "s", LastSuccess = new DateTimeOffset(2026, 1, 1, 5, 30, 0, TimeSpan.Zero) };
        SourceCondition.Sentence(Source(TimeSpan.FromMinutes(15), "0 0 6 1 * ?"), state, "silent", null, Now, madrid)!.ShouldEndWith("by its schedule (0 0 6 1 * ?) it should have been at 2026-02-01 05:00:00Z.");
        SourceCondition.Sentence(Source(TimeSpan.FromMinutes(15), null), state, "silent", null, Now, madrid)!.ShouldEndWith("it should be every 15m at least.");
    }

    [Fact]
    public void A_cron_expression_is_read_in_the_time_zone_of_the_organisation()
    {
        TimeZoneInfo madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
        SourceDefinition source = Source(TimeSpan.FromMinutes(15), "0 0 6 ? * MON");
        SourceSchedule.TriggersOf(source, madrid, new FakeTimeProvider(Now)).OfType<ICronTrigger>().Single().TimeZone.Id.ShouldBe("Europe/Madrid");
        CronTimes.Next("0 0 6 ? * MON", madrid, Now).ShouldBe(new DateTimeOffset(2026, 3, 2, 5, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_source_of_which_no_file_tells_stands_by_the_default()
    {
        SourceCondition.Of(null, Read(60 * 24 * 7), null, Now, TimeZoneInfo.Utc).ShouldBe("well");
        SourceCondition.Of(null, Read(60 * 24 * 9), null, Now, TimeZoneInfo.Utc).ShouldBe("silent");
    }

    [Fact]
    public void A_source_that_brings_nothing_new_for_longer_than_its_file_expects_is_late_and_says_so()
    {
        SourceDefinition source = Source(TimeSpan.FromMinutes(15), null) with { ExpectedFreshness = TimeSpan.FromDays(3) };
        SourceState state = Read(1) with { NewestCompletion = Now.AddDays(-4) };
        SourceCondition.Of(source, state, null, Now, TimeZoneInfo.Utc).ShouldBe("late");
        SourceCondition.Sentence(source, state, "late", null, Now, TimeZoneInfo.Utc)!.ShouldContain("3 days");
        SourceCondition.Of(source with { ExpectedFreshness = TimeSpan.FromDays(5) }, state, null, Now, TimeZoneInfo.Utc).ShouldBe("well");
        SourceCondition.Of(source with { ExpectedFreshness = null }, state, null, Now, TimeZoneInfo.Utc).ShouldBe("well");
    }

    [Fact]
    public void A_source_that_its_file_leaves_out_is_so_unless_somebody_reads_it_all_the_same()
    {
        SourceDefinition source = Source(TimeSpan.FromMinutes(15), null) with { Paused = true };
        SourceCondition.Of(source, new SourceState { Name = "s" }, null, Now, TimeZoneInfo.Utc).ShouldBe("left out");
        SourceCondition.Of(source, Read(60), null, Now, TimeZoneInfo.Utc).ShouldBe("left out");
        SourceCondition.Of(source, Read(1), null, Now, TimeZoneInfo.Utc).ShouldBe("well");
    }

    private static SourceDefinition Source(TimeSpan every, string? cron) => new("s", "play", new object(), every, cron, false, null, new FilePosition("s.yaml", 1, 1));

    private static SourceState Read(int minutesAgo) => new() { Name = "s", LastSuccess = Now.AddMinutes(-minutesAgo) };
}
