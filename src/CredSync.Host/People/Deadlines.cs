using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>Settles what nobody settled in time: approvals as their credential says, and proposals to revoke whose time of grace is over. Each is an act of its own in the audit.</summary>
internal sealed class Deadlines(ILedger ledger)
{
    private const int BatchSize = 200;
    private const string Who = "credsync";

    /// <summary>Settles everything that is due.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SettleAsync(Configuration configuration, CancellationToken ct)
    {
        int settled = 0;
        RuleBook ruleBook = configuration.RuleBook;
        while (await ledger.DueAsync(BatchSize, ct).ConfigureAwait(false) is { Count: > 0 } due)
        {
            if (ruleBook.AnyRests(due.Select(d => d.Definition).ToHashSet(StringComparer.Ordinal)))
            {
                await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
            }

            int now = await ledger.ActAsync(transaction => SettleAsync(transaction, due, ruleBook, ct), ct).ConfigureAwait(false);
            settled += now;
            if (now == 0)
            {
                // Somebody else settles them at this moment.
                break;
            }
        }

        return settled;
    }

    private static async Task<int> SettleAsync(IActTransaction transaction, IReadOnlyList<DueLine> due, RuleBook ruleBook, CancellationToken ct)
    {
        int settled = 0;
        bool IsApproved(DueLine line) => !line.IsReview && ruleBook.Find(line.Definition)?.Approval?.AfterThat == ApprovalLapse.Issue;
        bool rests = await Resting.LockAsync(transaction, ruleBook, [.. due.Where(IsApproved).Select(d => (d.Subject, d.Definition))], ct).ConfigureAwait(false);
        List<(Guid, string)> got = [];
        foreach (DueLine line in due)
        {
            bool approved = IsApproved(line);
            string why = line.IsReview ? "its time of grace is over" : "nobody answered in time";
            var settlement = new Settlement { Issuance = line.Issuance, Approved = approved, IsReview = line.IsReview, Cause = line.Cause, Why = $"Refused because {why}." };
            if (!await transaction.SettleAsync(settlement, ct).ConfigureAwait(false))
            {
                continue;
            }

            if (line.IsReview)
            {
                await transaction.RevokeAsync([new RevocationRow(line.Issuance, RevocationWords.NoLongerEarned)], ct).ConfigureAwait(false);
            }

            string became = line.IsReview ? "to be revoked at its issuer" : approved ? "planned" : "refused";
            await transaction.RecordAsync(new Act(Who, line.IsReview ? "revoke" : approved ? "approve" : "reject", line.Issuance.ToString(), why, $"{line.Definition}: held for {line.Cause}, now {became}"), ct).ConfigureAwait(false);
            settled++;
            if (rests && approved)
            {
                got.Add((line.Subject, line.Definition));
            }
        }

        await Resting.DecideAsync(transaction, ruleBook, got, ct).ConfigureAwait(false);
        return settled;
    }
}

/// <summary>What a credential's status may say in public.</summary>
internal static class RevocationWords
{
    public const string NoLongerEarned = "What it was earned by does not count any more.";

    /// <summary>It was taken back at its issuer, and the ledger learns of it.</summary>
    public const string AtTheIssuer = "It was taken back at its issuer.";
}
