using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.People;
using CredSync.Issuers;

namespace CredSync.Host.Operations;

/// <summary>How a hold or a review is settled; the command line, the interface for programs and the screens all come here.</summary>
internal static class HoldDesk
{
    private const int BatchSize = 200;

    /// <summary>Why a hold cannot be settled like this; null when it can.</summary>
    public static string? WhyNot(HeldLine line, HoldWish wish) =>
        !wish.Approved ? (line.Issuance.SentAt is not null && !line.IsReview ? "it was sent before, so the issuer must be asked first: what it minted cannot be refused here" : null)
        : line.IsReview ? null
        : wish.Earned is { } day && day > DateOnly.FromDateTime(line.Issuance.PlannedAt.UtcDateTime).AddDays(1) ? "it cannot have been earned after the ledger learnt of it; give the day from the platform's own records"
        : HoldSettling.WhyNot(line.Cause, line.Issuance.SentAt is not null, wish.Earned is not null || (line.Issuance.EarnedAt is not null && line.Cause != HoldCauses.EarnedDateInFuture));

    /// <summary>Settles all holds of a cause or credential: at once when they are few, as a job that a second person approves when they are over the limit.</summary>
    /// <returns>How many were settled, or the job; and how many cannot be settled like this.</returns>
    public static async Task<(int Done, Ledger.Operators.JobLine? Job, int Cannot)> SettleManyAsync(ILedger ledger, RuleBook ruleBook, Jobs.JobDesk jobs, HeldFilter filter, HoldWish wish, CancellationToken ct)
    {
        IReadOnlyList<HeldLine> lines = await ledger.HeldAsync(filter, int.MaxValue, ct).ConfigureAwait(false);
        HeldLine[] chosen = [.. lines.Where(l => WhyNot(l, wish) is null)];
        int cannot = lines.Count - chosen.Length;
        return chosen.Length == 0 ? throw new Failures.ActException(lines.Count == 0 ? "Nothing is held like this." : $"None of them can be settled like this: {WhyNot(lines[0], wish)}.")
            : chosen.Length > jobs.ApproveOver ? (0, await jobs.SettleAsync(chosen, $"{filter.Cause ?? "any cause"}, {filter.Definition ?? "any credential"}", wish, ct).ConfigureAwait(false), cannot)
            : (await SettleAsync(ledger, ruleBook, chosen, wish, ct).ConfigureAwait(false), null, cannot);
    }

    /// <summary>Settles holds, each with its act in the audit.</summary>
    /// <returns>How many; what somebody else settled meanwhile is left alone.</returns>
    public static async Task<int> SettleAsync(ILedger ledger, RuleBook ruleBook, IReadOnlyList<HeldLine> lines, HoldWish wish, CancellationToken ct)
    {
        int done = 0;
        if (wish.Approved && ruleBook.AnyRests(lines.Select(l => l.Issuance.Definition).ToHashSet(StringComparer.Ordinal)))
        {
            // What rests on the approved ones is planned with them, by this rule book.
            await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
        }

        // In the order in which pages and outcomes lock them, so that two that meet wait for each other and never block each other.
        foreach (HeldLine[] batch in lines.OrderBy(l => l.Issuance.Id).Chunk(BatchSize))
        {
            done += await ledger.ActAsync(transaction => SettleAsync(ruleBook, transaction, batch, wish, ct), ct).ConfigureAwait(false);
        }

        return done;
    }

    private static async Task<int> SettleAsync(RuleBook ruleBook, IActTransaction transaction, HeldLine[] lines, HoldWish wish, CancellationToken ct)
    {
        int done = 0;
        (Guid Subject, string Definition)[] wanted = wish.Approved ? [.. lines.Where(l => !l.IsReview).Select(l => (l.Issuance.Subject, l.Issuance.Definition))] : [];
        bool rests = await Resting.LockAsync(transaction, ruleBook, wanted, ct).ConfigureAwait(false);
        List<(Guid, string)> got = [];
        foreach (HeldLine line in lines)
        {
            AwardFacts? award = wish.Earned is { } day && !line.IsReview ? HoldSettling.WithDate(ruleBook.Find(line.Issuance.Definition), null, day) : null;
            var settlement = new Settlement { Issuance = line.Issuance.Id, Approved = wish.Approved, IsReview = line.IsReview, Cause = line.Cause, Why = wish.Why, Award = award };
            if (await transaction.SettleAsync(settlement, ct).ConfigureAwait(false))
            {
                if (line.IsReview && !wish.Approved)
                {
                    await transaction.RevokeAsync([new RevocationRow(line.Issuance.Id, RevocationWords.NoLongerEarned)], ct).ConfigureAwait(false);
                }

                string became = line.IsReview ? (wish.Approved ? "stays" : "to be revoked at its issuer") : wish.Approved ? "planned" : "refused";
                string detail = $"{line.Issuance.Definition}: held for {line.Cause}, now {became}{(award is null ? "" : $", earned on {Words.Day(award.EarnedAt)} as entered")}";
                await transaction.RecordAsync(
                    new Act(wish.Who, wish.Approved ? "approve" : "reject", line.Issuance.Id.ToString(), wish.Why, detail) { Was = line.IsReview ? $"under review for {line.Cause}" : $"held for {line.Cause}", Became = became }, ct).ConfigureAwait(false);
                done++;
                if (rests && !line.IsReview)
                {
                    got.Add((line.Issuance.Subject, line.Issuance.Definition));
                }
            }
        }

        await Resting.DecideAsync(transaction, ruleBook, got, ct).ConfigureAwait(false);
        return done;
    }
}

/// <summary>How holds are to be settled.</summary>
/// <param name="Approved">Whether they go on, or stay; else they are refused, or revoked.</param>
/// <param name="Earned">The day on which it was earned, as entered; null when the platform says it.</param>
/// <param name="Who">Who does it.</param>
/// <param name="Why">Why.</param>
internal sealed record HoldWish(bool Approved, DateOnly? Earned, string Who, string Why)
{
    /// <summary>The verb.</summary>
    public string Verb => Approved ? "approve" : "reject";
}
