using CredSync.Host.Ledger;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CredSync.Host.Intake;

/// <summary>The Quartz job of one source. A source never overlaps itself; a failed run is tried again by a trigger of its own, sooner than the schedule when the schedule is slow.</summary>
[DisallowConcurrentExecution]
internal sealed class PollSourceJob(SourcePoller poller, SourceRegistry sources, ISourceLedger ledger, LoopProgress progress, TimeProvider time, ILogger<PollSourceJob> logger) : IJob
{
    /// <summary>Key of the source's name in the job's data.</summary>
    public const string SourceKey = "source";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken ct)
    {
        string source = context.MergedJobDataMap.GetString(SourceKey)!;
        if (!sources.All.ContainsKey(source))
        {
            // A schedule that workers share may name what only some of them are configured for.
            Log.NotOurs(logger, source);
            return;
        }

        try
        {
            SourceState state = (await ledger.EnsureSourcesAsync([source], ct).ConfigureAwait(false))[0];
            if (state.PausedBecause is not null || state.NotBefore > time.GetUtcNow())
            {
                return;
            }

            PollResult result = await poller.PollAsync(source, null, ct).ConfigureAwait(false);
            progress.Beat("intake");
            if (result.NotBefore is { } again)
            {
                ITrigger retry = TriggerBuilder.Create(time).ForJob(context.JobDetail.Key).WithIdentity($"{source}-again").StartAt(again.AddMilliseconds(50)).Build();
                await context.Scheduler.ScheduleTrigger(retry, TriggerConflict.Replace, ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping: what was committed stays. Quartz hands the job to another worker, if there is one, and that reads on.
            throw;
        }
        catch (Exception e)
        {
            // The ledger is away: the next trigger tries again, and health says so meanwhile.
            progress.Fault("intake", e.GetType().Name);
            Log.PollFailed(logger, source, e.GetType().Name, e.Message);
        }
    }
}
