using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations.Jobs;

/// <summary>Approves or rejects many holds that were chosen when the job was made; what somebody settled meanwhile is left alone.</summary>
internal sealed class SettleWork(ILedger ledger, OperatorLedger operators, ActiveConfiguration active, OutboxSignal outbox) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["approve", "reject"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        IReadOnlyList<(long Place, Guid Issuance)> items = await operators.NextItemsAsync(job.Id, count, ct).ConfigureAwait(false);
        if (items.Count == 0)
        {
            return new JobStep { IsLast = true };
        }

        // In the name of whoever asked for it; who approved it stands beside the job.
        var wish = new HoldWish(job.Kind == "approve", job.Wish.Earned, job.Who, job.Why);
        var results = new List<(long, string)>(items.Count);
        foreach ((long place, Guid issuance) in items)
        {
            HeldLine? line = (await ledger.HeldAsync(new HeldFilter(issuance), 1, ct).ConfigureAwait(false)).FirstOrDefault();
            bool done = line is not null && HoldDesk.WhyNot(line, wish) is null && await HoldDesk.SettleAsync(ledger, active.Current.RuleBook, [line], wish, ct).ConfigureAwait(false) == 1;
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
