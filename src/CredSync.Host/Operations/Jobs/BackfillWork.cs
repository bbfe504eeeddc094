using System.Globalization;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations.Jobs;

/// <summary>
/// Has a source read once more from the beginning, by the same polls, at the same rate and with the same lease as ever, and tells how far that is. Its place is the
/// source's own cursor, so a restart goes on where it was; pausing it pauses the source.
/// </summary>
internal sealed class BackfillWork(ILedger ledger, OperatorLedger operators, TimeProvider time) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["backfill"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        string source = job.Wish.Source!;
        SourceState state = (await ledger.EnsureSourcesAsync([source], ct).ConfigureAwait(false))[0];
        SourceReads reads = await operators.ReadSinceAsync(source, Since(job), ct).ConfigureAwait(false);

        // A poll that was under way when the source was rewound has moved the cursor on again.
        if (string.IsNullOrEmpty(job.Place) || (reads.Runs == 0 && state.Cursor is not null))
        {
            if (reads.IsPolled)
            {
                return new JobStep { Waits = $"Source '{source}' is being polled; it begins when that poll has ended." };
            }

            DateTimeOffset now = time.GetUtcNow();
            await ledger.RewindAsync(source, ct).ConfigureAwait(false);
            await operators.WishPollAsync(source, ct).ConfigureAwait(false);
            return new JobStep { Place = now.ToString("O", CultureInfo.InvariantCulture) };
        }

        long more = Math.Max(0, reads.Read - job.Taken);
        return new JobStep
        {
            Succeeded = more,
            Items = reads.HasEnded ? job.Taken + more : Math.Max(job.Items, job.Taken + more),
            IsLast = reads.HasEnded,
            Waits = state.PausedBecause is { } why ? $"Source '{source}' is paused: {why}" : state.LastFaultSentence,
        };
    }

    private static DateTimeOffset Since(JobLine job) => string.IsNullOrEmpty(job.Place) ? DateTimeOffset.MaxValue.AddDays(-1) : DateTimeOffset.Parse(job.Place, CultureInfo.InvariantCulture);
}
