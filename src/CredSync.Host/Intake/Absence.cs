using System.Globalization;
using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>
/// What a source does not show any more (source-apis.md section 6.5, rule 5). Absence is weak evidence: people leave, contracts end, rights are lost. It is only told of, unless the source's configuration takes it
/// for a withdrawal; then a completion must be missing twice, a day or more apart, with the rest of its platform's list there.
/// </summary>
internal sealed class Absence(ISourceLedger ledger, string source, SourceAbsence policy, long reading, TimeProvider time)
{
    private const int KeysAtOnce = 5000;
    private const int RecordsAPage = 500;
    private const double LeastShown = 0.8;
    private static readonly TimeSpan Apart = TimeSpan.FromHours(24);

    // What was pushed, or read where it shows sooner, may take days to come into the list that is read whole.
    private static readonly TimeSpan Settled = TimeSpan.FromDays(3);
    private SeenKeys? seen;
    private bool isBlurred;
    private bool? hasMissing;

    /// <summary>Looks at a page before it is taken in.</summary>
    /// <returns>The page with what follows from what it tells to be missing.</returns>
    public async Task<SourcePage> LookAsync(SourcePage page, CancellationToken ct)
    {
        if (page.BeginsWhole)
        {
            (seen, isBlurred) = (new SeenKeys(reading), false);
        }

        foreach (Completion completion in seen is null ? [] : page.Completions)
        {
            // A ledger may hold a key in its safe form only, and must not take it for another one.
            seen!.Add(PostgresText.Safe(completion.Key.NaturalKey)!);
        }

        // A record that could not be read may be the very one that is looked for.
        isBlurred |= page.Unreadable.Any(r => r.Missing is null);
        if (policy == SourceAbsence.Keep)
        {
            return page;
        }

        await ForgetAsync(page.Completions, ct).ConfigureAwait(false);
        string[] gone = [.. page.Unreadable.Select(r => r.Missing).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (gone.Length == 0)
        {
            return page;
        }

        (IReadOnlyList<Completion> withdrawn, IReadOnlyList<UnreadableRecord> waiting) = await JudgeAsync(gone, ct).ConfigureAwait(false);
        return page with { Completions = [.. page.Completions, .. withdrawn], Unreadable = [.. page.Unreadable.Where(r => r.Missing is null), .. waiting] };
    }

    /// <summary>What follows from a reading of everything that has come to its end: pages to take in behind its last one. A reading that a crash cut in two says nothing; the next one does.</summary>
    public async IAsyncEnumerable<SourcePage> ConcludeAsync(Cursor next, [EnumeratorCancellation] CancellationToken ct)
    {
        if (seen is null || isBlurred)
        {
            yield break;
        }

        DateTimeOffset settled = time.GetUtcNow() - Settled;
        long absent = 0;
        await foreach (IReadOnlyList<string> keys in AbsentAsync(seen, settled, ct).ConfigureAwait(false))
        {
            absent += keys.Count;
        }

        if (absent == 0)
        {
            yield break;
        }

        long known = await ledger.CountCompleteAsync(source, settled, ct).ConfigureAwait(false);
        if (known - absent < known * LeastShown)
        {
            yield return Page("reading-shrunk", string.Create(CultureInfo.InvariantCulture,
                $"The platform shows only {known - absent} of the {known} completions of '{source}' that are known: look whether the account lost rights or another address is read; nothing is concluded from it."));
        }
        else if (policy == SourceAbsence.Keep)
        {
            yield return Page("completions-missing", string.Create(CultureInfo.InvariantCulture,
                $"{absent} of the {known} completions of '{source}' that are known are not shown by the platform any more; they stay as they are, because 'absence: withdraw' is not set."));
        }
        else
        {
            await foreach (IReadOnlyList<string> keys in AbsentAsync(seen, settled, ct).ConfigureAwait(false))
            {
                foreach (string[] gone in keys.Chunk(RecordsAPage))
                {
                    (IReadOnlyList<Completion> withdrawn, IReadOnlyList<UnreadableRecord> waiting) = await JudgeAsync(gone, ct).ConfigureAwait(false);
                    yield return new SourcePage { Completions = withdrawn, Unreadable = waiting, Next = next };
                }
            }
        }

        seen = null;

        SourcePage Page(string cause, string sentence) => new() { Completions = [], Unreadable = [new UnreadableRecord("whole reading", cause, sentence)], Next = next };
    }

    /// <summary>Forgets that completions were missing: they are told of again.</summary>
    public async Task ForgetAsync(IReadOnlyList<Completion> completions, CancellationToken ct)
    {
        if (policy == SourceAbsence.Keep || completions.Count == 0)
        {
            return;
        }

        // Mostly nothing is missing, which is asked once; what is, is looked up for the page: it may be hundreds of thousands.
        if (hasMissing ??= await ledger.HasMissingAsync(source, ct).ConfigureAwait(false))
        {
            IReadOnlyDictionary<string, DateTimeOffset> back = await ledger.MissingAsync(source, [.. completions.Select(c => c.Key.NaturalKey)], ct).ConfigureAwait(false);
            if (back.Count > 0)
            {
                await ledger.ForgetMissingAsync(source, [.. back.Keys], ct).ConfigureAwait(false);
            }
        }
    }

    private async Task<(IReadOnlyList<Completion> Withdrawn, IReadOnlyList<UnreadableRecord> Waiting)> JudgeAsync(string[] gone, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyDictionary<string, DateTimeOffset> since = await ledger.MissingAsync(source, gone, ct).ConfigureAwait(false);
        string[] due = [.. gone.Where(k => since.TryGetValue(k, out DateTimeOffset first) && now - first >= Apart)];
        List<Completion> withdrawn = [];
        if (due.Length > 0)
        {
            withdrawn.AddRange((await ledger.StoredAsync(source, due, ct).ConfigureAwait(false)).Where(c => c.Status == CompletionStatus.Completed)
                .Select(c => c with { Status = CompletionStatus.Withdrawn, StatusReason = "row_missing" }));

            // Before the page is taken in: should the process end between the two, the day begins anew and the withdrawal comes later. The other way round a note would stay for ever.
            await ledger.ForgetMissingAsync(source, due, ct).ConfigureAwait(false);
        }

        List<UnreadableRecord> waiting = [];
        foreach (string key in gone.Except(due, StringComparer.Ordinal))
        {
            hasMissing = true;
            waiting.Add(new UnreadableRecord(key, SetAsideCauses.Missing,
                $"The platform does not show completion '{key}' any more; it stays as it is, and counts as withdrawn if it is not shown a day or more later either ('absence: withdraw').") { Missing = key });
        }

        return (withdrawn, waiting);
    }

    // What is complete, settled, and was not shown. All keys are passed, and only of those that were not shown it is asked how they stand: mostly of none.
    private async IAsyncEnumerable<IReadOnlyList<string>> AbsentAsync(SeenKeys shown, DateTimeOffset settled, [EnumeratorCancellation] CancellationToken ct)
    {
        string? after = null;
        while (true)
        {
            IReadOnlyList<string> keys = await ledger.KeysAsync(source, after, KeysAtOnce, ct).ConfigureAwait(false);
            if (keys.Count == 0)
            {
                yield break;
            }

            after = keys[^1];
            string[] missing = [.. keys.Where(k => !shown.Has(PostgresText.Safe(k)!))];
            IReadOnlyList<string> gone = missing.Length == 0 ? [] : await ledger.CompleteKeysAsync(source, missing, settled, ct).ConfigureAwait(false);
            if (gone.Count > 0)
            {
                yield return gone;
            }
        }
    }
}
