using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>
/// Looks after a credential was revoked at what rests on it: a question is asked about what has left, as its definition says (<c>on_revoked</c>), and what has not left is stopped.
/// How far it is stands in the ledger, so that a killed worker forgets none.
/// </summary>
internal sealed class TakenBack(ILedger ledger)
{
    private const int BatchSize = 200;
    private const string Stopped = "A credential that it rests on was revoked; it is decided again when the facts change.";

    /// <summary>Looks at all that were revoked since.</summary>
    /// <returns>How many issuances were asked about or stopped.</returns>
    public async Task<int> FollowAsync(Configuration configuration, CancellationToken ct)
    {
        RuleBook ruleBook = configuration.RuleBook;
        int followed = 0;
        while (await ledger.UnfollowedAsync(BatchSize, ct).ConfigureAwait(false) is { Count: > 0 } revoked)
        {
            await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
            followed += await ledger.ActAsync(transaction => FollowAsync(transaction, revoked, ruleBook, ct), ct).ConfigureAwait(false);
        }

        return followed;
    }

    private static async Task<int> FollowAsync(IActTransaction transaction, IReadOnlyList<RevokedCredential> revoked, RuleBook ruleBook, CancellationToken ct)
    {
        var questions = new List<IssuanceRow>();
        int stopped = 0;
        foreach (PlanPerson person in await transaction.PeopleAsync([.. revoked.Select(r => r.Subject).Distinct()], ct).ConfigureAwait(false))
        {
            foreach (Decision.Hold question in ruleBook.Fallen(person.History))
            {
                var key = new IssuanceKey(question.Definition, question.Subject, question.Occurrence);
                if (person.Unsent.Contains(key) && await transaction.StopAsync([key.Id], Stopped, ruleBook.Revision, ct).ConfigureAwait(false) == 1)
                {
                    stopped++;
                }
                else if (!person.Reviewed.Contains(key))
                {
                    questions.AddRange(IssuanceRows.Of([question], ruleBook));
                }
            }
        }

        (_, int held) = await transaction.PlanAsync(questions, ct).ConfigureAwait(false);
        await transaction.NoteFollowedAsync([.. revoked.Select(r => r.Issuance)], ct).ConfigureAwait(false);
        return stopped + held;
    }
}
