using System.Globalization;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations.Jobs;

/// <summary>Looks at everybody, in the order of subject ids, and writes down what the rule book in force would change. Changes nothing else.</summary>
internal sealed class PlanWork(ILedger ledger, ActiveConfiguration active) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["plan"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        RuleBook ruleBook = active.Current.RuleBook;
        if (job.Wish.RuleBook != ruleBook.Revision)
        {
            return new JobStep { Stops = $"It was begun with rule book {job.Wish.RuleBook}, and {ruleBook.Revision} is in force now; begin a new plan." };
        }

        await using IHistoryReading reading = await ledger.OpenReadingAsync(ct).ConfigureAwait(false);
        Guid? after = string.IsNullOrEmpty(job.Place) ? null : Guid.Parse(job.Place, CultureInfo.InvariantCulture);
        if (await reading.LastOfPageAsync(after, count, ct).ConfigureAwait(false) is not { } last)
        {
            return new JobStep { Items = job.Taken, IsLast = true };
        }

        IReadOnlyList<PlanPerson> people = await reading.PeopleAsync(after, last, ct).ConfigureAwait(false);
        var scope = new PlanScope { Credential = job.Wish.Credential, Since = job.Wish.Since, Until = job.Wish.Until };
        return new JobStep
        {
            Place = last.ToString(),
            Succeeded = people.Count,
            Items = Math.Max(job.Items, job.Taken + people.Count),
            Found = [.. people.SelectMany(p => PersonPlan.Of(ruleBook, p, scope, job.Wish.Present ?? job.At).Effects).Select(Of)],
        };
    }

    /// <summary>A change as it is written down.</summary>
    internal static JobChange Of(PlanEffect effect) => new()
    {
        Act = effect.Act.ToString().ToLowerInvariant(),
        Issuance = effect.Key.Id,
        Definition = effect.Key.Definition,
        Subject = effect.Key.Subject,
        Occurrence = effect.Key.Occurrence,
        Issuer = effect.Issuer,
        Cause = effect.Cause,
        EarnedAt = effect.EarnedAt,
    };

    /// <summary>A change as it was written down.</summary>
    internal static PlanEffect Of(JobChange change) => new()
    {
        Key = new Core.Issuance.IssuanceKey(change.Definition!, change.Subject!.Value, change.Occurrence!),
        Act = Enum.Parse<PlanAct>(change.Act, ignoreCase: true),
        Issuer = change.Issuer,
        Cause = change.Cause,
        EarnedAt = change.EarnedAt,
    };
}
