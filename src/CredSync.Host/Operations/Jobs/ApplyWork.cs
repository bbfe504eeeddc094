using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Plans;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations.Jobs;

/// <summary>Makes the changes of a plan, each decided again in the transaction that writes it; what would come out otherwise now is left out.</summary>
internal sealed class ApplyWork(ILedger ledger, OperatorLedger operators, ActiveConfiguration active, OutboxSignal outbox) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["apply"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        RuleBook ruleBook = active.Current.RuleBook;
        if (job.Wish.RuleBook != ruleBook.Revision)
        {
            return new JobStep { Stops = $"The plan was made with rule book {job.Wish.RuleBook}, and {ruleBook.Revision} is in force now; make a new plan." };
        }

        IReadOnlyList<JobChange> changes = await operators.NextChangesAsync(job.OfJob!.Value, (int)Math.Min(count, job.Items - job.Taken), ct).ConfigureAwait(false);
        if (changes.Count == 0)
        {
            return new JobStep { Items = job.Taken, IsLast = true };
        }

        var scope = new PlanScope { Credential = job.Wish.Credential, Since = job.Wish.Since, Until = job.Wish.Until };
        PlanEffect[] batch = [.. changes.Select(PlanWork.Of)];
        await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
        IReadOnlyList<string> results = await ledger.ActAsync(transaction => PlanChanges.MakeAsync(transaction, ruleBook, scope, job.Wish.Present ?? job.At, batch, ct), ct).ConfigureAwait(false);
        outbox.Notify();
        return new JobStep
        {
            Succeeded = results.Count(r => r is PlanChanges.Done or PlanChanges.Before),
            Skipped = results.Count(r => r == PlanChanges.LeftOut),
            Results = [.. changes.Zip(results, (c, r) => (c.Place, r))],
            IsLast = job.Taken + changes.Count >= job.Items,
        };
    }
}
