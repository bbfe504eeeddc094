using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;

namespace CredSync.Host.People;

/// <summary>
/// Looks again at completions that are held because it was not known who they are about: after the directory or the policy changed, people were merged, or new people
/// were admitted. What can be named now is given to its person and decided about at once.
/// </summary>
internal sealed class HeldPeople(ILedger ledger, TimeProvider time)
{
    private const int BatchSize = 200;
    private const int Attempts = 10;

    /// <summary>Matches everything that is held.</summary>
    /// <returns>How many completions have a person now, and what that planned and held.</returns>
    public async Task<RematchCounts> MatchAsync(Configuration configuration, CancellationToken ct)
    {
        var counts = new RematchCounts();
        foreach (string source in await ledger.SourcesWithHeldPeopleAsync(ct).ConfigureAwait(false))
        {
            for (string? after = ""; after is not null;)
            {
                (RematchCounts part, after) = await InOneAsync(
                    source,
                    async transaction => await PartAsync(transaction, source, configuration, admitted: false, after, ct).ConfigureAwait(false),
                    ct).ConfigureAwait(false);
                counts += part;
            }
        }

        return counts;
    }

    /// <summary>
    /// Matches everything that is held of one source, whose new people are people however many they are, and takes its new people without asking from now on. All of it, with its act
    /// in the audit, in one transaction: an admission that nobody can be found for cannot be.
    /// </summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="configuration">The configuration in force.</param>
    /// <param name="act">The act, by what came of it.</param>
    /// <param name="ct">Cancels; then nothing was done.</param>
    public Task<RematchCounts> AdmitAsync(string source, Configuration configuration, Func<RematchCounts, Act> act, CancellationToken ct) => InOneAsync(
        source,
        async transaction =>
        {
            var counts = new RematchCounts();
            for (string? after = ""; after is not null;)
            {
                (RematchCounts part, after) = await PartAsync(transaction, source, configuration, admitted: true, after, ct).ConfigureAwait(false);
                counts += part;
            }

            await transaction.AdmitNewPeopleAsync(ct).ConfigureAwait(false);
            await transaction.RecordAsync(act(counts), ct).ConfigureAwait(false);
            return counts;
        },
        ct);

    private async Task<T> InOneAsync<T>(string source, Func<IMatchingTransaction, Task<T>> work, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using IMatchingTransaction transaction = await ledger.BeginMatchingAsync(source, ct).ConfigureAwait(false);
                T result = await work(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(ct).ConfigureAwait(false);
                return result;
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // A page of the same people passed first; matched again, this sees what it stored.
            }
        }
    }

    private async Task<(RematchCounts Counts, string? Last)> PartAsync(IMatchingTransaction transaction, string source, Configuration configuration, bool admitted, string after, CancellationToken ct)
    {
        IReadOnlyList<HeldCompletion> held = await transaction.HeldAsync(after, BatchSize, ct).ConfigureAwait(false);
        if (held.Count == 0)
        {
            return (new RematchCounts(), null);
        }

        List<Held> completions = [.. held.Select(h => new Held(h))];
        await PeopleMatching.MatchAsync(transaction, source, completions, configuration.People, admitted, time.GetUtcNow(), ct).ConfigureAwait(false);
        await transaction.RematchAsync([.. completions.Select(c => new Rematch(c.Completion.Key.NaturalKey, c.Revision, c.Subject, c.HoldCause, c.HoldSentence))], ct).ConfigureAwait(false);
        Guid[] subjects = [.. completions.Select(c => c.Subject).OfType<Guid>().Distinct()];
        (int planned, int heldNow) = await PeopleDecisions.DecideAsync(transaction, configuration.RuleBook, subjects, [], [.. completions.Where(c => c.Subject is not null).Select(c => c.Completion.Key)], [], time.GetUtcNow(), ct).ConfigureAwait(false);
        var counts = new RematchCounts { Looked = held.Count, Matched = completions.Count(c => c.Subject is not null), Planned = planned, Held = heldNow };
        return (counts, held.Count < BatchSize ? null : held[^1].Completion.Key.NaturalKey);
    }

    private sealed class Held(HeldCompletion held) : IMatchable
    {
        public Completion Completion => held.Completion;

        public int Revision => held.Revision;

        public Guid? MatchedByHand => null;

        public Guid? Subject { get; set; }

        public string? HoldCause { get; set; }

        public string? HoldSentence { get; set; }
    }
}

/// <summary>What looking again at held completions brought.</summary>
internal sealed record RematchCounts
{
    public int Looked { get; init; }

    public int Matched { get; init; }

    public int Planned { get; init; }

    public int Held { get; init; }

    public static RematchCounts operator +(RematchCounts a, RematchCounts b) => new()
    {
        Looked = a.Looked + b.Looked, Matched = a.Matched + b.Matched, Planned = a.Planned + b.Planned, Held = a.Held + b.Held,
    };
}
