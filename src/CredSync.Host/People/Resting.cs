using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>
/// Decides about what asks for credentials that people get by an act instead of a fact, an approval for example: no completion will come that would have it decided. Part of the act, so that
/// a process that is killed leaves both or none.
/// </summary>
internal static class Resting
{
    /// <summary>Locks the people, before any of their lines is written, as pages do it.</summary>
    /// <returns>Whether any rule asks for one of the credentials; without one nothing is locked, and nothing need be decided.</returns>
    public static async Task<bool> LockAsync(IActTransaction transaction, RuleBook ruleBook, IReadOnlyCollection<(Guid Subject, string Definition)> got, CancellationToken ct)
    {
        if (got.Count == 0 || !ruleBook.AnyRests(got.Select(g => g.Definition).ToHashSet(StringComparer.Ordinal)))
        {
            return false;
        }

        await transaction.PeopleAsync([.. got.Select(g => g.Subject).Distinct()], ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>Plans and holds what the credentials earn.</summary>
    /// <param name="transaction">The act.</param>
    /// <param name="ruleBook">The rule book; known to the ledger.</param>
    /// <param name="got">Who got what.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task DecideAsync(IActTransaction transaction, RuleBook ruleBook, IReadOnlyCollection<(Guid Subject, string Definition)> got, CancellationToken ct)
    {
        if (got.Count == 0)
        {
            return;
        }

        HashSet<string> credentials = got.Select(g => g.Definition).ToHashSet(StringComparer.Ordinal);
        List<IssuanceRow> rows = [];
        foreach (PlanPerson person in await transaction.PeopleAsync([.. got.Select(g => g.Subject).Distinct()], ct).ConfigureAwait(false))
        {
            rows.AddRange(IssuanceRows.Of(ruleBook.DecideResting(person.History, credentials, transaction.Now), ruleBook));
        }

        if (rows.Count > 0)
        {
            await transaction.PlanAsync(rows, ct).ConfigureAwait(false);
        }
    }
}
