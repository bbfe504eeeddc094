using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations;

/// <summary>
/// Whether anything is wrong now, in one look.
/// </summary>
internal sealed class OverviewDesk(
    ILedger ledger, OperatorLedger operators, SourceDesk sources, IssuerDesk issuers, ActiveConfiguration active, TokenDesk tokens, Looks looks, TimeProvider time)
{
    /// <summary>The figures; at most as old as taking them is dear. They are taken apart from the thread that asks.</summary>
    public ValueTask<Overview> GetAsync(CancellationToken ct) => looks.SeeAsync(typeof(Overview), own => Apart.RunAsync(TakeAsync, own), fresh: false, ct);

    private async Task<Overview> TakeAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        Organisation organisation = active.Current.Organisation;
        DateTimeOffset week = now.AddDays(-7);
        IReadOnlyList<SourceView> all = await sources.AllAsync(ct).ConfigureAwait(false);
        IReadOnlyList<FailureGroup> failures = await operators.FailureGroupsAsync(ct).ConfigureAwait(false);
        IReadOnlyList<HeldCount> held = await ledger.CountHeldAsync(new HeldFilter(), ct).ConfigureAwait(false);
        IReadOnlyList<IssuerView> issuing = await issuers.AllAsync(ct).ConfigureAwait(false);
        LedgerTotals totals = await ledger.TotalsAsync(ct).ConfigureAwait(false);
        return new Overview
        {
            At = now,
            TimeZone = organisation.TimeZone,
            Today = await operators.FunnelAsync(StartOfDay(now, organisation.TimeZone), ct).ConfigureAwait(false),
            Week = await operators.FunnelAsync(week, ct).ConfigureAwait(false),
            Latency = await operators.LatencyAsync(week, ct).ConfigureAwait(false),
            SourcesInTrouble = [.. all.Where(s => s.Condition is not ("well" or "never read" or "left out")).Select(s => new Trouble(s.Name, s.Condition, s.Sentence))],
            Sources = all.Count,
            IssuersInTrouble = [.. issuing.Where(i => i.Condition is "failing").Select(i => new Trouble(i.Name, i.Condition, string.Create(CultureInfo.InvariantCulture, $"{i.Failing:N0} failures")))],
            Issuers = issuing.Count,
            SourcesUnread = all.Count(s => s.Condition is "never read" or "left out"),
            IssuersUnused = issuing.Count(i => i.Condition == "never used"),
            FailureGroups = failures.Count,
            Failures = failures.Sum(f => f.Count),
            Holds = held.Sum(h => h.Count),
            Unmatched = totals.Withheld,
            OldestWaiting = await operators.OldestWaitingAsync(ct).ConfigureAwait(false),
            OpenJobs = await operators.CountJobsAsync("running", ct).ConfigureAwait(false),
            WaitingJobs = await operators.CountJobsAsync("waiting", ct).ConfigureAwait(false),
            Totals = totals,
            Tokens = tokens.Soon(),
        };
    }

    private static DateTimeOffset StartOfDay(DateTimeOffset now, string zone)
    {
        TimeZoneInfo here = TimeZones.Find(zone);
        DateTime day = TimeZoneInfo.ConvertTime(now, here).Date;
        return new DateTimeOffset(day, here.GetUtcOffset(day)).ToUniversalTime();
    }
}

/// <summary>Everything that one look should tell.</summary>
internal sealed record Overview
{
    /// <summary>When the figures were taken.</summary>
    public required DateTimeOffset At { get; init; }

    public required string TimeZone { get; init; }

    public required Funnel Today { get; init; }

    public required Funnel Week { get; init; }

    public required Latency Latency { get; init; }

    public required IReadOnlyList<Trouble> SourcesInTrouble { get; init; }

    public required int Sources { get; init; }

    public required IReadOnlyList<Trouble> IssuersInTrouble { get; init; }

    public required int Issuers { get; init; }

    /// <summary>Sources of which nothing is known: none of them was ever read to its end.</summary>
    public required int SourcesUnread { get; init; }

    /// <summary>Issuers of which nothing is known: they never issued anything.</summary>
    public required int IssuersUnused { get; init; }

    public required int FailureGroups { get; init; }

    public required long Failures { get; init; }

    public required long Holds { get; init; }

    public required long Unmatched { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }

    public required long OpenJobs { get; init; }

    public required long WaitingJobs { get; init; }

    public required LedgerTotals Totals { get; init; }

    /// <summary>Tokens that end soon, or have ended, the soonest first.</summary>
    public required IReadOnlyList<TokenView> Tokens { get; init; }

    /// <summary>Whether nothing is known to be wrong; where nothing is known at all, that says little: see <see cref="IsSilent"/>.</summary>
    public bool IsWell => SourcesInTrouble.Count == 0 && IssuersInTrouble.Count == 0 && Failures == 0;

    /// <summary>Whether nothing can be said: no source was ever read.</summary>
    public bool IsSilent => IsWell && SourcesUnread == Sources;
}

/// <summary>A source or an issuer that wants a look.</summary>
internal sealed record Trouble(string Name, string Condition, string? Sentence);
