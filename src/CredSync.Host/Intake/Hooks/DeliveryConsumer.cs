using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Takes stored deliveries, a loop for each source, so that a platform that must be asked and is slow holds up nobody else. Woken by what this process stores; looks by itself for what others left.</summary>
internal sealed class DeliveryConsumer(DeliveryDesk desk, ILedger ledger, ActiveConfiguration active, DeliverySignal signal, LeaseOwner owner, LoopProgress progress, TimeProvider time, ILogger<DeliveryConsumer> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SourceDefinition[] sources = [.. active.Current.Sources.Where(s => s.Webhook is not null)];
        if (sources.Length == 0)
        {
            return;
        }

        await Task.WhenAll(sources.Select(s => LoopAsync(s.Name, s.Webhook!, stoppingToken))).ConfigureAwait(false);
    }

    private async Task LoopAsync(string source, WebhookDefinition webhook, CancellationToken ct)
    {
        await Task.Yield();
        DateTimeOffset sweepAt = DateTimeOffset.MinValue;
        bool isPaused = false;
        DateTimeOffset pausedUntil = DateTimeOffset.MinValue;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                DateTimeOffset now = time.GetUtcNow();
                if (now >= sweepAt)
                {
                    await ledger.ReleaseDeadClaimsAsync(owner, ct).ConfigureAwait(false);
                    await ledger.DropDeliveriesAsync(source, now - webhook.Keep, ct).ConfigureAwait(false);
                    sweepAt = now + SweepEvery;
                }

                if (now >= pausedUntil)
                {
                    isPaused = (await ledger.EnsureSourcesAsync([source], ct).ConfigureAwait(false))[0].PausedBecause is not null;
                    pausedUntil = now + LookEvery;
                }

                int claimed = isPaused ? 0 : (await desk.TakeAsync(source, ct).ConfigureAwait(false)).Claimed;
                progress.Beat("hooks");
                if (claimed < DeliveryDesk.Batch)
                {
                    await signal.Of(source).WaitAsync(LookEvery, time, ct).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The ledger is away, or another worker was quicker: what was stored stays, and is claimed again.
                progress.Fault("hooks", e.GetType().Name);
                Log.TakingFailed(logger, source, e.GetType().Name, e.Message);
                await Task.Delay(LookEvery, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
