using CredSync.Host.Dispatch;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Jobs;

/// <summary>
/// Does jobs in small steps: at their rate, no further ahead of the outcomes than is wise, until they are done or too much fails. What is done stands in the ledger
/// with every step, so another worker, or this one after a restart, goes on where it was.
/// </summary>
internal sealed class JobRunner(OperatorLedger ledger, OutboxSignal outbox, LeaseOwner owner, LoopProgress progress, TimeProvider time, ILogger<JobRunner> logger) : BackgroundService
{
    /// <summary>Who does what nobody asked for at that moment.</summary>
    public const string Name = "credsync";

    private const int FewestToJudge = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly Dictionary<long, DateTimeOffset> due = [];

    /// <summary>Takes one step of every job that runs and that nobody else has.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        long after = 0;
        while (await ledger.TakeJobAsync(owner.ToString(), Lease, after, ct).ConfigureAwait(false) is { } job)
        {
            after = job.Id;
            await StepAsync(job, ct).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stoppingToken).ConfigureAwait(false);
                progress.Beat("jobs");
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                progress.Fault("jobs", e.GetType().Name);
                Log.JobsFailed(logger, e.GetType().Name, e.Message);
                await Task.Delay(Step * 4, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync(JobLine job, CancellationToken ct)
    {
        long settled = job.Succeeded + job.Failed;
        if (job.StopAt is { } share && settled >= Math.Min(FewestToJudge, job.Items) && job.Failed >= share * settled && job.Failed > 0)
        {
            string why = $"{job.Failed} of {settled} failed again, and it was to stop at {share:P0}; mend the cause, then resume it or begin a smaller one.";
            await EndAsync(job, "stopped", "stop", why, ct).ConfigureAwait(false);
            return;
        }

        if (job.Taken >= job.Items)
        {
            if (job.UnderWay == 0)
            {
                await EndAsync(job, "done", "finish", "", ct).ConfigureAwait(false);
            }

            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset from = due.GetValueOrDefault(job.Id, now);
        if (from > now)
        {
            return;
        }

        // With a share to stop at, few may be without outcome at any moment: else all would be sent before the first has failed.
        long ahead = job.StopAt is null ? long.MaxValue : Math.Max(10, (long)(job.Rate * 2)) - job.UnderWay;
        int count = (int)Math.Min(Math.Min(500, Math.Max(1, (long)(job.Rate * Step.TotalSeconds))), Math.Min(ahead, job.Items - job.Taken));
        if (count <= 0)
        {
            return;
        }

        if (await ledger.TakeItemsAsync(job, owner.ToString(), count, ct).ConfigureAwait(false) is not null)
        {
            due[job.Id] = now + TimeSpan.FromSeconds(count / job.Rate);
            outbox.Notify();
        }
    }

    private async Task EndAsync(JobLine job, string state, string verb, string why, CancellationToken ct)
    {
        due.Remove(job.Id);
        await ledger.MoveJobAsync(job.Id, ["running"], state, Name, verb, why, ct).ConfigureAwait(false);
        Log.JobEnded(logger, job.Id, job.Kind, state, job.Succeeded, job.Failed, job.Skipped);
    }
}
