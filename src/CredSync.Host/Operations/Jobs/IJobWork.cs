using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations.Jobs;

/// <summary>How jobs of some kinds are done, step by step. A step may be done again after a crash: doing it twice comes out as doing it once.</summary>
internal interface IJobWork
{
    /// <summary>The kinds of jobs.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Does the next step of a job.</summary>
    /// <param name="job">The job as it is.</param>
    /// <param name="count">How many items at most.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>What was done and found, to be written down.</returns>
    Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct);
}
