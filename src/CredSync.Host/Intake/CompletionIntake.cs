using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.People;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>
/// Takes a page in, in one transaction: stores completions, finds people, lets the rule book decide with all that these people did before, writes
/// issuances, moves the cursor. A crash before the commit only means that the page is read again.
/// </summary>
internal sealed class CompletionIntake(ISourceLedger ledger, RuleBookRecord ruleBooks, TimeProvider time, Handover? handover = null)
{
    private const int Attempts = 10;

    /// <summary>Takes a page in.</summary>
    /// <returns>What it brought.</returns>
    /// <exception cref="LeaseLostException">Another worker took the source or the deliveries over; nothing was stored.</exception>
    public async Task<PageCounts> TakeAsync(PageOrigin origin, SourcePage page, Configuration configuration, CancellationToken ct)
    {
        await ruleBooks.UseAsync(configuration.RuleBook, ct).ConfigureAwait(false);

        // Before the transaction, which keeps other writers out.
        ReceivedHash[] received = [.. page.Completions.Select(c => new ReceivedHash(c.Key.NaturalKey, CompletionHash.Of(c)))];
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                (PageCounts counts, IReadOnlyList<ClaimedIssuance> claimed) = await TakeOnceAsync(origin with { ClaimFor = handover?.Lease }, page, received, configuration, ct).ConfigureAwait(false);
                if (handover is not null)
                {
                    await handover.GiveAsync(claimed, ct).ConfigureAwait(false);
                }

                return counts;
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // Another page of the same people passed first and this one was undone; taken in again, it sees what the other stored.
            }
            catch (System.Data.Common.DbException e)
            {
                throw SqliteErrors.Translate(e);
            }
        }
    }

    private async Task<(PageCounts Counts, IReadOnlyList<ClaimedIssuance> Claimed)> TakeOnceAsync(
        PageOrigin origin, SourcePage page, ReceivedHash[] received, Configuration configuration, CancellationToken ct)
    {
        await using IIntakeTransaction transaction = await ledger.BeginPageAsync(origin, ct).ConfigureAwait(false);
        PageWork work = await CompareAsync(transaction, page, received, ct).ConfigureAwait(false);
        if (work.Changes.Count > 0)
        {
            await PeopleMatching.MatchAsync(transaction, origin.Source, work.Changes, configuration.People, admitted: false, time.GetUtcNow(), ct).ConfigureAwait(false);
            await transaction.StoreCompletionsAsync([.. work.Changes.Select(c => c.ToRow())], ct).ConfigureAwait(false);
        }

        (int planned, int held) = await DecideAsync(transaction, work, configuration.RuleBook, ct).ConfigureAwait(false);
        if (page.Unreadable.Count > 0)
        {
            await transaction.SetAsideAsync(page.Unreadable, ct).ConfigureAwait(false);
        }

        DateTimeOffset now = time.GetUtcNow();
        var counts = new PageCounts
        {
            Read = page.Completions.Count + page.Unreadable.Count,
            New = work.Changes.Count(c => c.Revision == 1),
            Revised = work.Changes.Count(c => c.Revision > 1 && !c.OnlyReceivedAnew),
            Unchanged = page.Completions.Count - work.Changes.Count(c => !c.OnlyReceivedAnew),
            Unreadable = page.Unreadable.Count,
            Planned = planned,
            Held = held + work.Changes.Count(c => c.HoldCause is not null),
            // One that is dated ahead of the clock is no sign of freshness: it would silence the alarm for years.
            NewestCompletion = page.Completions.Max(c => c.CompletedAt <= now ? c.CompletedAt : null),
        };
        await transaction.CommitAsync(page.Next, counts, ct).ConfigureAwait(false);
        return (counts, transaction.Claimed);
    }

    // What is new or says something else than before. Equal hashes, by far the most on a re-read, cost one look-up and no parsing.
    private static async Task<PageWork> CompareAsync(IIntakeTransaction transaction, SourcePage page, ReceivedHash[] received, CancellationToken ct)
    {
        var work = new PageWork();
        if (received.Length == 0)
        {
            return work;
        }

        IReadOnlyList<Difference> different = await transaction.DifferencesAsync(received, ct).ConfigureAwait(false);
        string[] changed = [.. different.Where(d => d.IsKnown).Select(d => received[d.At].NaturalKey)];
        IReadOnlyDictionary<string, StoredCompletion> stored = changed.Length == 0 ? new Dictionary<string, StoredCompletion>() : await transaction.CompletionsAsync(changed, ct).ConfigureAwait(false);
        foreach ((int at, bool _) in different)
        {
            work.Compare(page.Completions[at], received[at].Hash, stored.GetValueOrDefault(received[at].NaturalKey));
        }

        return work;
    }

    private Task<(int Planned, int Held)> DecideAsync(IIntakeTransaction transaction, PageWork work, RuleBook ruleBook, CancellationToken ct)
    {
        var subjects = new HashSet<Guid>();
        var earlier = new List<(Guid, Completion)>();
        foreach (PageChange change in work.Changes)
        {
            if (!change.OnlyReceivedAnew && change.Subject is { } subject)
            {
                subjects.Add(subject);
            }

            if (change is { OnlyReceivedAnew: false, Before: { Subject: { } whose } before })
            {
                // Also somebody who had it before and has it no more.
                subjects.Add(whose);
                earlier.Add((whose, before.Completion));
            }
        }

        CompletionKey[] fresh = [.. work.Changes.Where(c => c.Before is null && !c.OnlyReceivedAnew).Select(c => c.Completion.Key)];
        CompletionKey[] moved = [.. work.Changes.Where(c => c.Before is { } before && before.Subject != c.Subject).Select(c => c.Completion.Key)];
        return PeopleDecisions.DecideAsync(transaction, ruleBook, subjects, earlier, fresh, moved, time.GetUtcNow(), ct);
    }
}
