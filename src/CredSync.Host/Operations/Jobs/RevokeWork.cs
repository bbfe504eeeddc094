using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations.Jobs;

/// <summary>Takes back many credentials that were chosen when the job was made; what is revoked or on its way by now is left alone.</summary>
internal sealed class RevokeWork(ILedger ledger, OperatorLedger operators, OutboxSignal outbox) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["revoke"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        IReadOnlyList<(long Place, Guid Issuance)> items = await operators.NextItemsAsync(job.Id, count, ct).ConfigureAwait(false);
        if (items.Count == 0)
        {
            return new JobStep { IsLast = true };
        }

        // In the name of whoever asked for it; who approved it stands beside the job.
        var wish = new RevocationWish(job.Why, job.Wish.ByHand, job.Who);
        var results = new List<(long, string)>(items.Count);
        foreach ((long place, Guid issuance) in items)
        {
            IssuanceLine? line = await ledger.IssuanceAsync(issuance, ct).ConfigureAwait(false);
            bool done = line is not null && await RevocationDesk.RevokeAsync(ledger, [line], wish, ct).ConfigureAwait(false) == 1;
            results.Add((place, done ? "done" : "skipped"));
        }

        outbox.Notify();
        return new JobStep
        {
            Results = results,
            Succeeded = results.Count(r => r.Item2 == "done"),
            Skipped = results.Count(r => r.Item2 != "done"),
            IsLast = job.Taken + items.Count >= job.Items,
        };
    }
}
