using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>Makes one person of two, and two of one again. Each in one transaction: a crash leaves it done or not begun.</summary>
internal sealed class PeopleMerge(ILedger ledger, TimeProvider time)
{
    /// <summary>What a merge would change.</summary>
    /// <exception cref="PeopleException">The two are one already, or one of them is not known.</exception>
    public async Task<MergePlan> PreviewAsync(Guid merged, Guid survivor, Configuration configuration, CancellationToken ct)
    {
        await using IActTransaction transaction = await ledger.BeginActAsync(ct).ConfigureAwait(false);
        (_, _, MergePlan plan) = await PlanAsync(transaction, merged, survivor, configuration, ct).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Merges a person into another, and decides about both together.</summary>
    /// <exception cref="PeopleException">The two are one already, or one of them is not known.</exception>
    public Task<MergePlan> MergeAsync(Guid merged, Guid survivor, Configuration configuration, string who, string why, CancellationToken ct) => ledger.ActAsync(
        async transaction =>
        {
            (PlanPerson from, PlanPerson into, MergePlan plan) = await PlanAsync(transaction, merged, survivor, configuration, ct).ConfigureAwait(false);
            Guid[] touched = [.. plan.Decisions.Select(KeyOf).OfType<Core.Issuance.IssuanceKey>().Select(k => k.Id)];
            if (!await transaction.MergeAsync(from.History.Subject, into.History.Subject, [.. plan.Duplicates.Select(k => k.Id)], touched, ct).ConfigureAwait(false))
            {
                throw new PeopleException("Somebody else merged one of the two at this moment; look with: credsync people show PERSON");
            }

            await DecideAsync(transaction, [into.History.Subject], into.History.Completions, configuration.RuleBook, ct).ConfigureAwait(false);
            await transaction.RecordAsync(
                new Act(who, "merge", from.History.Subject.ToString(), why, $"now one with {into.History.Subject}; {plan.Duplicates.Count} held that both have, {plan.Decisions.Count} decided for both together, {plan.Twice.Count} issued to both before"), ct).ConfigureAwait(false);
            return plan;
        },
        ct);

    /// <summary>Takes a merge back, and decides about each of the two again.</summary>
    /// <exception cref="PeopleException">There is no such merge.</exception>
    public Task UnmergeAsync(MergeLine merge, Configuration configuration, string who, string why, CancellationToken ct) => ledger.ActAsync(
        async transaction =>
        {
            if (!await transaction.UnmergeAsync(merge.Merged, ct).ConfigureAwait(false))
            {
                throw new PeopleException("Somebody else took this merge back at this moment; look with: credsync people show PERSON");
            }

            (int planned, int held) = await DecideAsync(transaction, [merge.Merged, merge.Survivor], before: null, configuration.RuleBook, ct).ConfigureAwait(false);
            await transaction.RecordAsync(new Act(who, "unmerge", merge.Merged.ToString(), why, $"apart from {merge.Survivor} again; {planned} planned and {held} held since"), ct).ConfigureAwait(false);
            return true;
        },
        ct);

    // What one of two had is a fact before; what the other adds, one that came late.
    private async Task<(int Planned, int Held)> DecideAsync(IActTransaction transaction, Guid[] subjects, IReadOnlyList<Completion>? before, RuleBook ruleBook, CancellationToken ct)
    {
        List<IssuanceRow> rows = [];
        foreach (PlanPerson person in await transaction.PeopleAsync(subjects, ct).ConfigureAwait(false))
        {
            rows.AddRange(IssuanceRows.Of(ruleBook.Decide(person.History, before ?? person.History.Completions, time.GetUtcNow()), ruleBook));
        }

        return rows.Count == 0 ? (0, 0) : await transaction.PlanAsync(rows, ct).ConfigureAwait(false);
    }

    private async Task<(PlanPerson From, PlanPerson Into, MergePlan Plan)> PlanAsync(IActTransaction transaction, Guid merged, Guid survivor, Configuration configuration, CancellationToken ct)
    {
        IReadOnlyList<PlanPerson> both = merged == survivor ? [] : await transaction.PeopleAsync([merged, survivor], ct).ConfigureAwait(false);
        PlanPerson? from = both.FirstOrDefault(p => p.History.Subject == merged), into = both.FirstOrDefault(p => p.History.Subject == survivor);
        if (from is null || into is null)
        {
            throw new PeopleException(merged == survivor ? "The two are one person already." : "One of the two is not known, or was merged into somebody; look with: credsync people show PERSON");
        }

        return (from, into, MergePlan.Of(configuration.RuleBook, from, into, time.GetUtcNow()));
    }

    private static Core.Issuance.IssuanceKey? KeyOf(Decision decision) => decision switch
    {
        Decision.Issue issue => new Core.Issuance.IssuanceKey(issue.Definition, issue.Subject, issue.Occurrence),
        Decision.Hold hold when !HoldCauses.IsReview(hold.Cause) => new Core.Issuance.IssuanceKey(hold.Definition, hold.Subject, hold.Occurrence),
        _ => null,
    };
}

/// <summary>People cannot be merged or told apart as asked; the message says what to do.</summary>
internal sealed class PeopleException(string message) : Exception(message);
