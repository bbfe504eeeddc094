using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>Makes changes of a plan: each is decided again within the transaction, and is written only when it comes out as the plan says.</summary>
internal static class PlanChanges
{
    /// <summary>It was made.</summary>
    public const string Done = "done";

    /// <summary>It stood so already.</summary>
    public const string Before = "before";

    /// <summary>It would come out otherwise now, and was not made.</summary>
    public const string LeftOut = "left-out";

    /// <summary>Makes a batch of changes.</summary>
    /// <returns>The result of each, in their order.</returns>
    public static async Task<IReadOnlyList<string>> MakeAsync(IActTransaction transaction, RuleBook ruleBook, PlanScope scope, DateTimeOffset madeAt, IReadOnlyList<PlanEffect> batch, CancellationToken ct)
    {
        var people = new Dictionary<Guid, PlanPerson>();
        foreach (PlanPerson person in await transaction.PeopleAsync([.. batch.Select(e => e.Key.Subject).Distinct()], ct).ConfigureAwait(false))
        {
            // A line of somebody who was merged into this person stands under their own id.
            people[person.History.Subject] = person;
            foreach (HeldIssuance held in person.History.Issuances)
            {
                people[held.Key.Subject] = person;
            }
        }

        var rows = new List<IssuanceRow>();
        var stops = new List<Guid>();
        var results = new Dictionary<PlanEffect, string>(ReferenceEqualityComparer.Instance);
        foreach (IGrouping<Guid, PlanEffect> own in batch.GroupBy(e => e.Key.Subject))
        {
            PlanPerson? person = people.GetValueOrDefault(own.Key);
            IReadOnlyList<PlanEffect> today = person is null ? [] : PersonPlan.Of(ruleBook, person, scope, madeAt).Effects;
            foreach (PlanEffect wanted in own)
            {
                if (today.FirstOrDefault(wanted.IsSameAs) is not { } effect)
                {
                    results[wanted] = person is not null && person.History.Issuances.Any(wanted.IsDone) ? Before : LeftOut;
                    continue;
                }

                results[wanted] = Done;
                if (effect.Act == PlanAct.Stop)
                {
                    stops.Add(effect.Key.Id);
                }
                else
                {
                    rows.AddRange(IssuanceRows.Of([effect.Decision!], ruleBook));
                }
            }
        }

        await transaction.PlanAsync(rows, ct).ConfigureAwait(false);
        if (stops.Count > 0)
        {
            await transaction.StopAsync(stops, $"Rule book {ruleBook.Revision} does not award it; it is decided again when the rule or the facts change.", ruleBook.Revision, ct).ConfigureAwait(false);
        }

        return [.. batch.Select(e => results[e])];
    }
}
