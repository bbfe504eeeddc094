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
            counts += await MatchAsync(source, configuration, admitted: false, ct).ConfigureAwait(false);
        }

        return counts;
    }

    /// <summary>Matches what is held of one source.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="configuration">The configuration in force.</param>
    /// <param name="admitted">Whether its new people are people, however many they are.</param>
    /// <param name="ct">Cancels between parts; what was matched stays.</param>
    public async Task<RematchCounts> MatchAsync(string source, Configuration configuration, bool admitted, CancellationToken ct)
    {
        var counts = new RematchCounts();
        for (string? after = ""; after is not null;)
        {
            (RematchCounts part, after) = await PartAsync(source, configuration, admitted, after, ct).ConfigureAwait(false);
            counts += part;
        }

        return counts;
    }

    private async Task<(RematchCounts Counts, string? Last)> PartAsync(string source, Configuration configuration, bool admitted, string after, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await PartOnceAsync(source, configuration, admitted, after, ct).ConfigureAwait(false);
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // A page of the same people passed first; matched again, this part sees what it stored.
            }
        }
    }

    private async Task<(RematchCounts Counts, string? Last)> PartOnceAsync(string source, Configuration configuration, bool admitted, string after, CancellationToken ct)
    {
        await using IMatchingTransaction transaction = await ledger.BeginMatchingAsync(source, ct).ConfigureAwait(false);
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
        await transaction.CommitAsync(ct).ConfigureAwait(false);
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
