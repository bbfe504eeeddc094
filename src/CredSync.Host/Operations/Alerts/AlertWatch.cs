using System.Text.Json;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Alerts;

/// <summary>
/// Tells when a condition begins and when it is over, once each. What was told stands in a file, so that a restart tells nothing twice; an event that no channel
/// took is told again at the next look.
/// </summary>
internal sealed class AlertWatch(
    OperatorLedger operators, SourceDesk sources, IssuerDesk issuers, IEnumerable<IAlertChannel> channels, WorkerSettings settings, LoopProgress progress, TimeProvider time, ILogger<AlertWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);
    private readonly IAlertChannel[] channels = [.. channels];

    private string FilePath => Path.Combine(settings.DataFolder, "alerts.json");

    /// <summary>Looks once, and tells what changed.</summary>
    public async Task<IReadOnlyList<AlertEvent>> LookAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<JobLine> jobs = (await operators.JobsAsync(null, null, 50, ct).ConfigureAwait(false)).Items;
        IReadOnlyList<Alert> present = AlertConditions.Of(
            await sources.AllAsync(ct).ConfigureAwait(false), await issuers.AllAsync(ct).ConfigureAwait(false), await operators.FailureGroupsAsync(ct).ConfigureAwait(false), jobs, await operators.OldestWaitingAsync(ct).ConfigureAwait(false), now);
        Dictionary<string, Alert> told = await ReadAsync(ct).ConfigureAwait(false);
        AlertEvent[] events =
        [
            .. present.Where(a => !told.ContainsKey(a.Key)).Select(a => new AlertEvent(a, false, now)),
            .. told.Values.Where(a => present.All(p => p.Key != a.Key)).Select(a => new AlertEvent(a, true, now)),
        ];
        foreach (AlertEvent each in events)
        {
            if (!await TellAsync(each, ct).ConfigureAwait(false))
            {
                continue;
            }

            if (each.IsOver)
            {
                told.Remove(each.Alert.Key);
            }
            else
            {
                told[each.Alert.Key] = each.Alert;
            }
        }

        if (events.Length > 0)
        {
            await File.WriteAllTextAsync(FilePath + ".new", JsonSerializer.Serialize(told.Values), ct).ConfigureAwait(false);
            File.Move(FilePath + ".new", FilePath, overwrite: true);
        }

        return events;
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
                catch (Exception e) when (e is StorageException or CollisionException or ActException or IOException)
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

    private async Task<Dictionary<string, Alert>> ReadAsync(CancellationToken ct)
    {
        if (!File.Exists(FilePath))
        {
            return new Dictionary<string, Alert>(StringComparer.Ordinal);
        }

        try
        {
            return (JsonSerializer.Deserialize<Alert[]>(await File.ReadAllTextAsync(FilePath, ct).ConfigureAwait(false)) ?? []).ToDictionary(a => a.Key, StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return new Dictionary<string, Alert>(StringComparer.Ordinal);
        }
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
