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
/// <param name="name">What this runner is called among the worker's loops.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="failures">How failures are retried, parked and archived; null when this runner leaves them alone.</param>
/// <param name="works">How jobs of other kinds are done.</param>
/// <param name="owner">Who leases jobs.</param>
/// <param name="progress">Where beats are told.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class JobRunner(
    string name, OperatorLedger ledger, FailureWork? failures, IReadOnlyList<IJobWork> works, LeaseOwner owner, LoopProgress progress, TimeProvider time, ILogger<JobRunner> logger) : BackgroundService
{
    /// <summary>Who does what nobody asked for at that moment.</summary>
    public const string Name = "credsync";

    private const int LargestStep = 500;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Dictionary<long, DateTimeOffset> due = [];
    private readonly string[] kinds = [.. failures is null ? [] : FailureWork.Kinds, .. works.SelectMany(w => w.Kinds)];

    /// <summary>Takes one step of every job that runs and that nobody else has.</summary>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">The only job that is wanted; null for all.</param>
    public async Task StepAsync(CancellationToken ct, long? only = null)
    {
        long after = 0;
        while (await ledger.TakeJobAsync(owner.ToString(), Lease, after, kinds, only, held => LocalProcess.IsGone(held, owner), ct).ConfigureAwait(false) is { } job)
        {
            after = job.Id;
            await StepAsync(job, ct).ConfigureAwait(false);
            if (only is not null)
            {
                return;
            }
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
                progress.Beat(name);
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                progress.Fault(name, e.GetType().Name);
                Log.JobsFailed(logger, e.GetType().Name, e.Message);
                await Task.Delay(Step * 4, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync(JobLine job, CancellationToken ct)
    {
        bool ofFailures = OperatorLedger.IsOfFailures(job.Kind);
        if (ofFailures && FailureWork.WhyStop(job) is { } why)
        {
            await EndAsync(job, "stopped", "stop", why, ct).ConfigureAwait(false);
            return;
        }

        if (ofFailures && job.Taken >= job.Items)
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

        int count = (int)Math.Min(LargestStep, Math.Max(1, (long)(job.Rate * Step.TotalSeconds)));
        if (!ofFailures)
        {
            await WorkAsync(job, count, now, ct).ConfigureAwait(false);
            return;
        }

        count = (int)Math.Min(count, Math.Min(FailureWork.Ahead(job), job.Items - job.Taken));
        if (count > 0 && await failures!.TakeAsync(job, owner.ToString(), count, ct).ConfigureAwait(false))
        {
            due[job.Id] = now + TimeSpan.FromSeconds(count / job.Rate);
        }
    }

    private async Task WorkAsync(JobLine job, int count, DateTimeOffset now, CancellationToken ct)
    {
        JobStep step = await works.First(w => w.Kinds.Contains(job.Kind)).StepAsync(job, count, ct).ConfigureAwait(false);
        if (!await ledger.AdvanceAsync(job, owner.ToString(), step, ct).ConfigureAwait(false))
        {
            return;
        }

        // The counts of the end are those after this step.
        JobLine after = job with { Succeeded = job.Succeeded + step.Succeeded, Failed = job.Failed + step.Failed, Skipped = job.Skipped + step.Skipped };
        due[job.Id] = now + (step.Waits is null ? TimeSpan.FromSeconds(step.Taken / job.Rate) : step.Taken > 0 ? Step : Patience);
        if (step.Stops is { } why)
        {
            await EndAsync(after, "stopped", "stop", why, ct).ConfigureAwait(false);
        }
        else if (step.IsLast)
        {
            await EndAsync(after, "done", "finish", "", ct).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(JobLine job, string state, string verb, string why, CancellationToken ct)
    {
        due.Remove(job.Id);
        await ledger.MoveJobAsync(job.Id, ["running"], state, Name, verb, why, ct).ConfigureAwait(false);
        Log.JobEnded(logger, job.Id, job.Kind, state, job.Succeeded, job.Failed, job.Skipped);
    }
}
