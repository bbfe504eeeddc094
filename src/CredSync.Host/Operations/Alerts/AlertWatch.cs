using System.Text.Json;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Alerts;

/// <summary>
/// Tells when a condition begins and when it is over, once each. What was told, and who is telling, stands in the ledger, so that neither a restart nor a second worker
/// tells anything twice; an event that no channel took is told again at the next look.
/// </summary>
internal sealed class AlertWatch(
    OperatorLedger operators, SourceDesk sources, IssuerDesk issuers, TokenDesk tokens, IEnumerable<IAlertChannel> channels, LoopProgress progress, TimeProvider time, ILogger<AlertWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);

    // Longer than all channels may take; a worker that dies while it tells leaves the event to another after this.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private readonly IAlertChannel[] channels = [.. channels];

    /// <summary>Looks once, and tells what changed.</summary>
    public async Task<IReadOnlyList<AlertEvent>> LookAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<JobLine> jobs = await operators.WaitingJobsAsync(ct).ConfigureAwait(false);
        IReadOnlyList<Alert> present = AlertConditions.Of(
            await sources.AllAsync(ct).ConfigureAwait(false), await issuers.AllAsync(ct).ConfigureAwait(false), await operators.FailureGroupsAsync(ct).ConfigureAwait(false), jobs, tokens.Soon(), await operators.OldestWaitingAsync(ct).ConfigureAwait(false), now);
        IReadOnlyList<AlertLine> known = await operators.AlertsAsync(ct).ConfigureAwait(false);
        HashSet<string> told = [.. known.Where(k => k.ToldAt is not null).Select(k => k.Key)];
        AlertEvent[] events =
        [
            .. present.Where(a => !told.Contains(a.Key)).Select(a => new AlertEvent(a, false, now)),
            .. known.Where(k => k.ToldAt is not null && present.All(p => p.Key != k.Key)).Select(k => new AlertEvent(JsonSerializer.Deserialize<Alert>(k.Alert)!, true, now)),
        ];
        var own = new List<AlertEvent>();
        foreach (AlertEvent each in events)
        {
            string key = each.Alert.Key;
            if (each.IsOver ? await operators.ClaimEndAsync(key, Lease, ct).ConfigureAwait(false) : await operators.ClaimBeginningAsync(key, JsonSerializer.Serialize(each.Alert), Lease, ct).ConfigureAwait(false))
            {
                bool taken = await TellAsync(each, ct).ConfigureAwait(false);
                await operators.SettleAlertAsync(key, each.IsOver, taken, ct).ConfigureAwait(false);
                own.Add(each);
            }
        }

        return own;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            while (channels.Length > 0 && await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    await LookAsync(stoppingToken).ConfigureAwait(false);
                    progress.Beat("alerts");
                }
                catch (Exception e) when (e is StorageException or CollisionException or ActException)
                {
                    progress.Fault("alerts", e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    // Told when at least one channel took it: a second one that is away must not repeat it for ever on the first.
    private async Task<bool> TellAsync(AlertEvent each, CancellationToken ct)
    {
        bool taken = false;
        foreach (IAlertChannel channel in channels)
        {
            try
            {
                await channel.TellAsync(each, ct).ConfigureAwait(false);
                taken = true;
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                Log.ChannelFailed(logger, channel.Name, each.Alert.Key, e.GetType().Name);
            }
        }

        return taken;
    }
}

/// <summary>Where alerts are told.</summary>
internal interface IAlertChannel
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Tells an event.</summary>
    Task TellAsync(AlertEvent told, CancellationToken ct);
}
