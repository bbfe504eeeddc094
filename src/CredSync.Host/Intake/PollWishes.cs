using CredSync.Host.Ledger.Operators;
using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CredSync.Host.Intake;

/// <summary>Polls at once what a person wishes to be polled now; the wish may come from another process.</summary>
internal sealed class PollWishes(OperatorLedger ledger, ISchedulerFactory schedulers, TimeProvider time, ILogger<PollWishes> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    foreach (string source in await ledger.TakePollWishesAsync(stoppingToken).ConfigureAwait(false))
                    {
                        IScheduler scheduler = await schedulers.GetScheduler(stoppingToken).ConfigureAwait(false);
                        var job = new JobKey(source);
                        if (await scheduler.GetJobDetail(job, stoppingToken).ConfigureAwait(false) is not null)
                        {
                            await scheduler.TriggerJob(job, stoppingToken).ConfigureAwait(false);
                        }
                    }
                }
                catch (StorageException e)
                {
                    Log.WishesWait(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
