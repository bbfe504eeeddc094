using CredSync.Core.Configuration;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.Operations;

/// <summary>How a source stands, by what its own file expects and what the ledger knows; the same on every screen and command.</summary>
internal static class SourceCondition
{
    /// <summary>
    /// After how long without being read to its end a source is silent when nothing says when it should be read: the configuration does not name it or cannot be read, or its cron expression
    /// never comes again. A week and a day.
    /// </summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromDays(8);

    // A reading may take long, and be tried again when it fails.
    private static readonly TimeSpan LongestMargin = TimeSpan.FromDays(1);

    /// <summary>
    /// From when on a source is silent if it is not read to its end until then, by its own schedule: three of its intervals and a minute; where it is read by a cron expression, its next time and a
    /// day, or two of its intervals where that is shorter.
    /// </summary>
    /// <param name="source">Its file; null when it is not configured, or the configuration cannot be read.</param>
    /// <param name="read">When it was read to its end, UTC.</param>
    /// <param name="zone">The organisation's time zone.</param>
    public static DateTimeOffset SilentFrom(SourceDefinition? source, DateTimeOffset read, TimeZoneInfo zone)
    {
        if (source is { Cron: null })
        {
            return read + (3 * source.Every) + TimeSpan.FromMinutes(1);
        }

        if (source is not { Cron: { } cron } || CronTimes.Next(cron, zone, read) is not { } next)
        {
            return read + DefaultPatience;
        }

        TimeSpan margin = CronTimes.Next(cron, zone, next) is { } second && 2 * (second - next) < LongestMargin ? 2 * (second - next) : LongestMargin;
        return next + margin + TimeSpan.FromMinutes(1);
    }

    /// <summary>
    /// One of the words that <see cref="SourceView.Condition"/> explains. What its file leaves out and somebody reads all the same, by name or with a setting of their own, stands as any other.
    /// </summary>
    /// <param name="source">Its file; null when it is not configured, or the configuration cannot be read.</param>
    /// <param name="state">What the ledger knows.</param>
    /// <param name="lastRun">When its last poll began, UTC; null when it was never polled or that is not known.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="zone">The organisation's time zone.</param>
    public static string Of(SourceDefinition? source, SourceState state, DateTimeOffset? lastRun, DateTimeOffset now, TimeZoneInfo zone) =>
        source is { Paused: true } && (state.LastSuccess is null || IsSilent(source, state, lastRun, now, zone)) ? "left out"
        : state.PausedBecause is not null ? "paused"
        : state.Failures > 0 ? "failing"
        : state.LastSuccess is null ? "never read"
        : IsSilent(source, state, lastRun, now, zone) ? "silent"
        : source?.ExpectedFreshness is { } fresh && (state.NewestCompletion is null || now - state.NewestCompletion > fresh) ? "late"
        : "well";

    /// <summary>What an operator should know of a source that is not well, in one sentence; null when there is nothing.</summary>
    public static string? Sentence(SourceDefinition? source, SourceState state, string condition, DateTimeOffset? lastRun, DateTimeOffset now, TimeZoneInfo zone) => condition switch
    {
        "left out" => "Paused in its file, so it is read only when somebody asks for it by name.",
        "paused" => state.PausedBecause,
        "silent" => $"Not read to its end for {Words.Duration(now - Read(state, lastRun, now))}; {ShouldBe(source, Read(state, lastRun, now), zone)}.",
        "late" => Core.Polling.Freshness.Problem(state.Name, source?.ExpectedFreshness, state.NewestCompletion, state.LastSuccess, now),
        _ => state.LastFaultSentence,
    };

    private static bool IsSilent(SourceDefinition? source, SourceState state, DateTimeOffset? lastRun, DateTimeOffset now, TimeZoneInfo zone) => now > SilentFrom(source, Read(state, lastRun, now), zone);

    private static DateTimeOffset Read(SourceState state, DateTimeOffset? lastRun, DateTimeOffset now) => state.LastSuccess ?? lastRun ?? now;

    private static string ShouldBe(SourceDefinition? source, DateTimeOffset read, TimeZoneInfo zone) => source switch
    {
        { Cron: null } => $"it should be every {Words.Duration(source.Every)} at least",
        { Cron: { } cron } when CronTimes.Next(cron, zone, read) is { } next => $"by its schedule ({cron}) it should have been at {Words.Time(next)}",
        _ => $"it should be every {Words.Duration(TimeSpan.FromDays(7))} at least",
    };
}
