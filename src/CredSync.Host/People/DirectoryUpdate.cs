using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;

namespace CredSync.Host.People;

/// <summary>
/// Brings the people of the ledger up to date with the directory: names, addresses, identifiers, consent. Somebody whose consent changed is decided about at once, so that
/// what waited for it is released. Doing it twice changes nothing; a crash in the middle only means that it is done again.
/// </summary>
internal sealed class DirectoryUpdate(ILedger ledger, TimeProvider time)
{
    private const int BatchSize = 500;
    private const int Attempts = 10;

    /// <summary>What the ledger's people would be up to date with: the directory, the policy, and the day, because rows begin and end.</summary>
    public static string MarkOf(Configuration configuration, DateTimeOffset now)
    {
        PeoplePolicy policy = configuration.People;
        return $"{policy.Directory.Revision}/{string.Join(',', policy.MatchOrder)}/{policy.MayCreateUnknown}/{policy.MayCreateContradicted}/{policy.EmailMustBeVerified}/{policy.Name}/{policy.Directory.DayOf(now):O}";
    }

    /// <summary>Brings everybody up to date who is in the directory.</summary>
    public async Task ApplyAsync(Configuration configuration, CancellationToken ct)
    {
        PeopleDirectory directory = configuration.People.Directory;
        DateOnly today = directory.DayOf(time.GetUtcNow());
        var said = new HashSet<Guid>();
        IEnumerable<DirectoryEntry> current = directory.Entries.Select(e => e.Id).Distinct().Select(id => directory.Current(id, today)!);
        foreach (DirectoryEntry[] batch in current.Chunk(BatchSize))
        {
            said.UnionWith(await AgainAsync(transaction => UpdateAsync(transaction, batch, configuration, ct), ct).ConfigureAwait(false));
        }

        await AgainAsync(
            async transaction =>
            {
                IReadOnlyList<Guid> forgotten = await transaction.ForgetConsentsAsync(said, ct).ConfigureAwait(false);
                await PeopleDecisions.DecideAsync(transaction, configuration.RuleBook, forgotten, [], [], [], time.GetUtcNow(), ct).ConfigureAwait(false);
                return forgotten;
            },
            ct).ConfigureAwait(false);
    }

    // Gives those who said something.
    private async Task<IReadOnlyList<Guid>> UpdateAsync(IMatchingTransaction transaction, DirectoryEntry[] batch, Configuration configuration, CancellationToken ct)
    {
        var people = new KnownPeople(await transaction.SubjectsAsync([.. batch.SelectMany(e => e.Keys).Distinct()], ct).ConfigureAwait(false));
        var rows = new List<PersonRow>();
        var said = new List<Guid>();
        foreach (DirectoryEntry entry in batch)
        {
            // Whom nobody told of yet is made when somebody does.
            if (PersonMatcher.Match(entry.Keys, new DirectoryFinding.Person(entry), people.Around(entry.Keys), configuration.People) is not PersonMatch.Known found)
            {
                continue;
            }

            Guid owner = people.OwnerOf(found.Subject, entry.Keys);
            people.Add(owner, entry.Keys);
            rows.Add(new PersonRow(owner, PersonNames.OfDirectory(entry, configuration.People.Name), entry.Email, entry.Keys) { Consents = entry.Consents });
            if (entry.Consents.Count > 0)
            {
                said.Add(owner);
            }
        }

        await transaction.StorePeopleAsync(rows, ct).ConfigureAwait(false);

        // Only consent bears on what is decided already; deciding about everybody else would give nothing new.
        await PeopleDecisions.DecideAsync(transaction, configuration.RuleBook, said, [], [], [], time.GetUtcNow(), ct).ConfigureAwait(false);
        return said;
    }

    private async Task<T> AgainAsync<T>(Func<IMatchingTransaction, Task<T>> work, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using IMatchingTransaction transaction = await ledger.BeginMatchingAsync("", ct).ConfigureAwait(false);
                T result = await work(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(ct).ConfigureAwait(false);
                return result;
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // A page of the same people passed first.
            }
        }
    }
}
