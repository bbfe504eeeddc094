using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations;

/// <summary>
/// Whether anything is wrong now, in one look. The figures are taken at most so often that taking them costs the ledger a twentieth of its time;
/// whoever looks in between sees the last ones, with their time.
/// </summary>
internal sealed class OverviewDesk(ILedger ledger, OperatorLedger operators, SourceDesk sources, IssuerDesk issuers, ActiveConfiguration active, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim one = new(1, 1);
    private Overview? last;
    private long takenAt;
    private TimeSpan cost;

    /// <summary>The figures; at most as old as taking them is dear.</summary>
    public async Task<Overview> GetAsync(CancellationToken ct)
    {
        if (last is not null && (time.GetElapsedTime(takenAt) < Pace || !await one.WaitAsync(TimeSpan.Zero, ct).ConfigureAwait(false)))
        {
            return last;
        }

        if (last is null)
        {
            await one.WaitAsync(ct).ConfigureAwait(false);
        }

        try
        {
            if (last is null || time.GetElapsedTime(takenAt) >= Pace)
            {
                long start = time.GetTimestamp();
                last = await TakeAsync(ct).ConfigureAwait(false);
                takenAt = time.GetTimestamp();
                cost = time.GetElapsedTime(start, takenAt);
            }

            return last;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private TimeSpan Pace => cost * 20 > Shortest ? cost * 20 : Shortest;

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
            SourcesInTrouble = [.. all.Where(s => s.Condition is not "well").Select(s => new Trouble(s.Name, s.Condition, s.Sentence))],
            Sources = all.Count,
            IssuersInTrouble = [.. issuing.Where(i => i.Condition is "failing").Select(i => new Trouble(i.Name, i.Condition, string.Create(CultureInfo.InvariantCulture, $"{i.Failing:N0} failures")))],
            Issuers = issuing.Count,
            FailureGroups = failures.Count,
            Failures = failures.Sum(f => f.Count),
            Holds = held.Sum(h => h.Count),
            Unmatched = totals.Withheld,
            OldestWaiting = await operators.OldestWaitingAsync(ct).ConfigureAwait(false),
            OpenJobs = (await operators.JobsAsync("running", null, 50, ct).ConfigureAwait(false)).Items.Count,
            WaitingJobs = (await operators.JobsAsync("waiting", null, 50, ct).ConfigureAwait(false)).Items.Count,
            Totals = totals,
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

    public required int FailureGroups { get; init; }

    public required long Failures { get; init; }

    public required long Holds { get; init; }

    public required long Unmatched { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }

    public required int OpenJobs { get; init; }

    public required int WaitingJobs { get; init; }

    public required LedgerTotals Totals { get; init; }

    /// <summary>Whether anything wants a look.</summary>
    public bool IsWell => SourcesInTrouble.Count == 0 && IssuersInTrouble.Count == 0 && Failures == 0;
}

/// <summary>A source or an issuer that wants a look.</summary>
internal sealed record Trouble(string Name, string Condition, string? Sentence);
