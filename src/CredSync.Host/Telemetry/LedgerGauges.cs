using System.Diagnostics.Metrics;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Telemetry;

/// <summary>Metrics that the ledger knows, for the whole installation and not only for this process; read a few times a minute by the role operations.</summary>
internal sealed class LedgerGauges : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);
    private readonly OperatorLedger operators;
    private readonly ILedger ledger;
    private readonly SourceDesk sources;
    private readonly IssuerDesk issuers;
    private readonly TokenDesk tokens;
    private readonly LoopProgress progress;
    private readonly TimeProvider time;
    private readonly Meter meter = new(Meters.Name);
    private IReadOnlyDictionary<string, IReadOnlyList<Measurement<double>>> last = new Dictionary<string, IReadOnlyList<Measurement<double>>>();

    public LedgerGauges(OperatorLedger operators, ILedger ledger, SourceDesk sources, IssuerDesk issuers, TokenDesk tokens, LoopProgress progress, TimeProvider time)
    {
        (this.operators, this.ledger, this.sources, this.issuers, this.tokens, this.progress, this.time) = (operators, ledger, sources, issuers, tokens, progress, time);
        meter.CreateObservableCounter("credsync.completions", () => Of("credsync.completions"), description: "Records that sources told of: new, revised, duplicate, bad.");
        Gauge("credsync.award.latency", "s", "From the decision to the credential, of the last 7 days: quantile 0.5 and 0.95.");
        Gauge("credsync.source.freshness", "s", "Since a source was last read to its end.");
        Gauge("credsync.source.paused", null, "1 while a source is paused.");
        Gauge("credsync.inbox.oldest_age", "s", "How long the oldest delivery of a webhook waits to be taken in.");
        Gauge("credsync.outbox.oldest_age", "s", "How long the oldest planned issuance waits to be sent.");
        Gauge("credsync.parked", null, "Failures that are not settled, by cause and issuer.");
        Gauge("credsync.holds", null, "What waits for a person, by cause.");
        Gauge("credsync.breaker.state", null, "0: an issuer is asked as work comes; 1: it failed last, and work is tried again; 2: it failed so often that it is left alone for a while.");
        Gauge("credsync.token.days_left", null, "Days until a source's or issuer's token ends, where the configuration says so; below 0 when it has ended.");
        Gauge("credsync.jobs.open", null, "Jobs that run or wait for approval.");
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <summary>Reads them once.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<SourceView> all = await sources.AllAsync(ct).ConfigureAwait(false);
        Latency latency = await operators.LatencyAsync(now.AddDays(-7), ct).ConfigureAwait(false);
        IReadOnlyList<FailureGroup> failures = await operators.FailureGroupsAsync(ct).ConfigureAwait(false);
        Volatile.Write(ref last, new Dictionary<string, IReadOnlyList<Measurement<double>>>
        {
            ["credsync.completions"] = [.. (await operators.ReadCountsAsync(ct).ConfigureAwait(false)).SelectMany(c => new[]
            {
                Value(c.New, ("source", c.Source), ("outcome", "new")), Value(c.Revised, ("source", c.Source), ("outcome", "revised")),
                Value(c.Duplicate, ("source", c.Source), ("outcome", "duplicate")), Value(c.Bad, ("source", c.Source), ("outcome", "bad")),
            })],
            ["credsync.award.latency"] = latency.DecisionHalf is { } half && latency.DecisionSlowest is { } slow ? [Value(half.TotalSeconds, ("quantile", "0.5")), Value(slow.TotalSeconds, ("quantile", "0.95"))] : [],
            ["credsync.source.freshness"] = [.. all.Where(s => s.LastSuccess is not null).Select(s => Value((now - s.LastSuccess!.Value).TotalSeconds, ("source", s.Name)))],
            ["credsync.source.paused"] = [.. all.Select(s => Value(s.Condition == "paused" ? 1 : 0, ("source", s.Name)))],
            ["credsync.inbox.oldest_age"] = [Value(Age(now, await operators.OldestDeliveryAsync(ct).ConfigureAwait(false)))],
            ["credsync.outbox.oldest_age"] = [Value(Age(now, await operators.OldestWaitingAsync(ct).ConfigureAwait(false)))],
            ["credsync.parked"] = [.. failures.GroupBy(f => (f.Cause, f.Place)).Select(g => Value(g.Sum(f => f.Count), ("cause", g.Key.Cause), ("issuer", g.Key.Place)))],
            ["credsync.holds"] = [.. (await ledger.CountHeldAsync(new HeldFilter(), ct).ConfigureAwait(false)).GroupBy(h => h.Cause).Select(g => Value(g.Sum(h => h.Count), ("cause", g.Key)))],
            ["credsync.breaker.state"] = [.. (await issuers.AllAsync(ct).ConfigureAwait(false)).Select(i => Value(i.Breaker switch { "open" => 2, "trying" => 1, _ => 0 }, ("issuer", i.Name)))],
            ["credsync.token.days_left"] = [.. tokens.All().Select(t => Value(t.DaysLeft, (t.Kind, t.Name)))],
            ["credsync.jobs.open"] = [Value(await operators.CountJobsAsync("running", ct).ConfigureAwait(false) + await operators.CountJobsAsync("waiting", ct).ConfigureAwait(false))],
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            do
            {
                try
                {
                    await ReadAsync(stoppingToken).ConfigureAwait(false);
                    progress.Beat("figures");
                }
                catch (Exception e) when (e is StorageException or CollisionException or ActException)
                {
                    progress.Fault("figures", e.GetType().Name);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Gauge(string name, string? unit, string description) => meter.CreateObservableGauge(name, () => Of(name), unit, description);

    private IReadOnlyList<Measurement<double>> Of(string name) => Volatile.Read(ref last).GetValueOrDefault(name) ?? [];

    private static double Age(DateTimeOffset now, DateTimeOffset? since) => since is { } at && at < now ? (now - at).TotalSeconds : 0;

    private static Measurement<double> Value(double value, params (string Name, string Value)[] tags) => new(value, tags.Select(t => new KeyValuePair<string, object?>(t.Name, t.Value)));
}
