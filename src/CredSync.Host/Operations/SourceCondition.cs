using CredSync.Core.Configuration;
using CredSync.Host.Ledger;

namespace CredSync.Host.Operations;

/// <summary>How a source stands, by what its own file expects and what the ledger knows; the same on every screen and command.</summary>
internal static class SourceCondition
{
    /// <summary>
    /// After how long without being read to its end a source is silent when its file gives no interval: it is read by a cron expression, or the configuration does not name it or cannot
    /// be read. A week and a day, so that a weekly reading may be late by a day.
    /// </summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromDays(8);

    /// <summary>After how long without being read to its end a source is silent: three times its interval and a minute, or <see cref="DefaultPatience"/>.</summary>
    public static TimeSpan PatienceOf(SourceDefinition? source) => source is { Cron: null } ? TimeSpan.FromTicks(source.Every.Ticks * 3) + TimeSpan.FromMinutes(1) : DefaultPatience;

    /// <summary>One of the words that <see cref="SourceView.Condition"/> explains.</summary>
    /// <param name="source">Its file; null when it is not configured, or the configuration cannot be read.</param>
    /// <param name="state">What the ledger knows.</param>
    /// <param name="lastRun">When its last poll began, UTC; null when it was never polled or that is not known.</param>
    /// <param name="now">The time, UTC.</param>
    public static string Of(SourceDefinition? source, SourceState state, DateTimeOffset? lastRun, DateTimeOffset now) =>
        source is { Paused: true } ? "left out"
        : state.PausedBecause is not null ? "paused"
        : state.Failures > 0 ? "failing"
        : state.LastSuccess is null ? "never read"
        : Silence(state, lastRun, now) > PatienceOf(source) ? "silent"
        : source?.ExpectedFreshness is { } fresh && (state.NewestCompletion is null || now - state.NewestCompletion > fresh) ? "late"
        : "well";

    /// <summary>What an operator should know of a source that is not well, in one sentence; null when there is nothing.</summary>
    public static string? Sentence(SourceDefinition? source, SourceState state, string condition, DateTimeOffset? lastRun, DateTimeOffset now) => condition switch
    {
        "left out" => "Paused in its file, so it is read only when somebody asks for it by name.",
        "paused" => state.PausedBecause,
        "silent" => $"Not read to its end for {Words.Duration(Silence(state, lastRun, now))}; it should be every {Words.Duration(source is { Cron: null } ? source.Every : TimeSpan.FromDays(7))} at least.",
        "late" => Core.Polling.Freshness.Problem(state.Name, source?.ExpectedFreshness, state.NewestCompletion, state.LastSuccess, now),
        _ => state.LastFaultSentence,
    };

    private static TimeSpan Silence(SourceState state, DateTimeOffset? lastRun, DateTimeOffset now) => now - (state.LastSuccess ?? lastRun ?? now);
}
