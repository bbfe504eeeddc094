using CredSync.Host.Dispatch;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations.Jobs;

/// <summary>Retries, parks and archives failures that were chosen when the job was made.</summary>
internal sealed class FailureWork(OperatorLedger ledger, OutboxSignal outbox)
{
    private const int FewestToJudge = 5;

    /// <summary>The kinds of jobs.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["retry", "park", "archive"];

    /// <summary>Why a job is to stop; null when it may go on.</summary>
    public static string? WhyStop(JobLine job)
    {
        long settled = job.Succeeded + job.Failed;
        return job.StopAt is { } share && settled >= Math.Min(FewestToJudge, job.Items) && job.Failed >= share * settled && job.Failed > 0
            ? $"{job.Failed} of {settled} failed again, and it was to stop at {share:P0}; mend the cause, then resume it or begin a smaller one."
            : null;
    }

    /// <summary>How many may be taken now: with a share to stop at, few may be without outcome at any moment, else all would be sent before the first has failed.</summary>
    public static long Ahead(JobLine job) => job.StopAt is null ? long.MaxValue : Math.Max(10, (long)(job.Rate * 2)) - job.UnderWay;

    /// <summary>Takes the next ones.</summary>
    /// <returns>False when the job does not run any more or another worker has it.</returns>
    public async Task<bool> TakeAsync(JobLine job, string owner, int count, CancellationToken ct)
    {
        if (await ledger.TakeItemsAsync(job, owner, count, ct).ConfigureAwait(false) is null)
        {
            return false;
        }

        outbox.Notify();
        return true;
    }
}
