using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Telemetry;

namespace CredSync.Host.People;

/// <summary>Decides about people with all that they did, and writes what follows: issuances, holds, questions about what left, and questions taken back.</summary>
internal static class PeopleDecisions
{
    /// <summary>Decides.</summary>
    /// <param name="work">The transaction; the people are locked in it until it commits.</param>
    /// <param name="ruleBook">The rule book.</param>
    /// <param name="subjects">Who.</param>
    /// <param name="earlier">Completions as they were before this transaction changed them, with whose they were; empty when nothing changed that was known.</param>
    /// <param name="fresh">Completions that the people did not have before this transaction.</param>
    /// <param name="moved">Completions that were known, but of nobody or of somebody else.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<(int Planned, int Held)> DecideAsync(
        IPeopleWork work, RuleBook ruleBook, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<(Guid Subject, Completion Completion)> earlier, IReadOnlyCollection<CompletionKey> fresh,
        IReadOnlyCollection<CompletionKey> moved, DateTimeOffset now, CancellationToken ct)
    {
        if (subjects.Count == 0)
        {
            return (0, 0);
        }

        var rows = new List<IssuanceRow>();
        IReadOnlyList<PersonHistory> histories = await work.HistoriesAsync(subjects, ct).ConfigureAwait(false);
        HashSet<CompletionKey> added = [.. fresh];
        HashSet<CompletionKey> touched = [.. fresh, .. moved, .. earlier.Select(e => e.Completion.Key)];
        foreach (PersonHistory history in histories)
        {
            List<Completion> before = Before(history, earlier, added);
            IReadOnlyList<Decision> decisions = history.Issuances.Count == 0 ? ruleBook.Decide(history, now) : ruleBook.Decide(history, before, now);
            IssuanceRow[] own = [.. IssuanceRows.Of(ruleBook.WithoutHistory(decisions, history, Known(history, earlier, touched), now), ruleBook)];
            rows.AddRange(own);
            if (earlier.Count > 0 && history.Issuances.Count > 0)
            {
                // What has not left follows the facts by itself; a question is asked only about the rest.
                HashSet<IssuanceKey> followed = [.. own.Where(r => r.Revises).Select(r => r.Key)];
                rows.AddRange(IssuanceRows.Of(ruleBook.Dropped(before, history), ruleBook).Where(r => !followed.Contains(r.Key)));
            }
        }

        if (earlier.Count > 0)
        {
            await TakeBackAsync(work, ruleBook, histories, subjects, ct).ConfigureAwait(false);
        }

        foreach (IssuanceRow row in rows)
        {
            AwardTrace.Begin("intake", row.Key.Id, row.Issuer)?.Dispose();
        }

        return rows.Count == 0 ? (0, 0) : await work.PlanAsync(rows, ct).ConfigureAwait(false);
    }

    // What the person certainly had before, as it was. What came from somebody else is new here.
    private static List<Completion> Known(PersonHistory history, IReadOnlyCollection<(Guid Subject, Completion Completion)> earlier, HashSet<CompletionKey> touched) =>
        [.. history.Completions.Where(c => !touched.Contains(c.Key)), .. earlier.Where(e => e.Subject == history.Subject).Select(e => e.Completion).DistinctBy(c => c.Key)];

    private static List<Completion> Before(PersonHistory history, IReadOnlyCollection<(Guid Subject, Completion Completion)> earlier, HashSet<CompletionKey> fresh)
    {
        HashSet<Guid> own = [history.Subject, .. history.Issuances.Select(i => i.Key.Subject)];
        Dictionary<CompletionKey, Completion> changed = earlier.Where(e => own.Contains(e.Subject) || history.Completions.Any(c => c.Key == e.Completion.Key)).DistinctBy(e => e.Completion.Key).ToDictionary(e => e.Completion.Key, e => e.Completion);
        return [.. history.Completions.Where(c => !changed.ContainsKey(c.Key) && !fresh.Contains(c.Key)), .. changed.Values];
    }

    private static async Task TakeBackAsync(IPeopleWork work, RuleBook ruleBook, IReadOnlyList<PersonHistory> histories, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        IReadOnlyList<IssuanceKey> open = await work.OpenReviewsAsync(subjects, ct).ConfigureAwait(false);
        Guid[] settled =
        [
            .. from key in open
               let history = histories.FirstOrDefault(h => h.Issuances.Any(i => i.Key == key))
               where history is not null && ruleBook.StillEarns(history, key) == true
               select key.Id,
        ];
        if (settled.Length > 0)
        {
            await work.TakeReviewsBackAsync(settled, ct).ConfigureAwait(false);
        }
    }
}
