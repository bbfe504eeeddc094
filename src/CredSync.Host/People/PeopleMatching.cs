using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>A completion that is to be given to a person.</summary>
internal interface IMatchable
{
    Completion Completion { get; }

    /// <summary>Who it was given to by hand, if anybody.</summary>
    Guid? MatchedByHand { get; }

    /// <summary>Who it is about; null while nobody can be named.</summary>
    Guid? Subject { get; set; }

    string? HoldCause { get; set; }

    string? HoldSentence { get; set; }
}

/// <summary>
/// Finds who completions are about: by the directory and the people that the ledger knows, one after the other, so that the second completion of a new person finds
/// the first. Stores the people whom it names. What cannot be settled is held with everybody whom it may be.
/// </summary>
internal static class PeopleMatching
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Matches the completions of one source.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="source">Name of the source.</param>
    /// <param name="completions">The completions; who each is about is written into it.</param>
    /// <param name="policy">How people are matched.</param>
    /// <param name="admitted">Whether somebody said that the source's new people are people, however many they are.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task MatchAsync(IPeopleWork work, string source, IReadOnlyCollection<IMatchable> completions, PeoplePolicy policy, bool admitted, DateTimeOffset now, CancellationToken ct)
    {
        DateOnly today = policy.Directory.DayOf(now);
        List<Wanted> wanted = [.. completions.Select(c => Look(c, source, policy, today, now))];
        KnownIdentifiers known = await work.SubjectsAsync([.. wanted.SelectMany(w => w.LookedUp).Distinct()], ct).ConfigureAwait(false);
        (List<PersonRow> rows, int fresh) = Match(wanted, known, policy, today, holdNew: false);
        if (fresh > 0 && !admitted)
        {
            NewPeople brought = await work.NewPeopleAsync(now - Window, ct).ConfigureAwait(false);
            if (brought.IsStopped || (brought.WasRead && policy.NewPeople.IsExceeded(brought.Brought + fresh, brought.Before)))
            {
                (rows, _) = Match(wanted, known, policy, today, holdNew: true);
            }
        }

        await work.StorePeopleAsync(rows, ct).ConfigureAwait(false);
    }

    private static Wanted Look(IMatchable completion, string source, PeoplePolicy policy, DateOnly today, DateTimeOffset now)
    {
        IReadOnlyList<IdentifierKey> keys = PersonMatcher.Keys(source, completion.Completion.Identifiers, policy);
        DirectoryFinding listed = policy.Directory.Find(keys, policy.Directory.DayOf(completion.Completion.CompletedAt ?? now), today);
        IReadOnlyList<IdentifierKey> lookedUp = listed switch
        {
            DirectoryFinding.Person person => [.. keys.Union(person.Entry.Keys)],
            DirectoryFinding.Several several => [.. keys.Union(several.Ids)],
            _ => keys,
        };
        return new Wanted(completion, keys, listed, lookedUp);
    }

    private static (List<PersonRow> Rows, int New) Match(List<Wanted> wanted, KnownIdentifiers known, PeoplePolicy policy, DateOnly today, bool holdNew)
    {
        var people = new KnownPeople(known);
        var rows = new List<PersonRow>(wanted.Count);
        var fresh = new HashSet<Guid>();
        foreach (Wanted one in wanted)
        {
            IMatchable completion = one.Completion;
            (completion.Subject, completion.HoldCause, completion.HoldSentence) = (null, null, null);
            PersonMatch match = PersonMatcher.Match(one.Keys, one.Listed, people.Around(one.LookedUp), policy);
            DirectoryEntry? entry = (one.Listed as DirectoryFinding.Person)?.Entry;
            switch (match)
            {
                case PersonMatch.Known found:
                    completion.Subject = people.OwnerOf(found.Subject, one.LookedUp);
                    entry ??= EntryOf(people.IdentifiersOf(found.Subject), policy, today);
                    break;
                case PersonMatch.New found when holdNew:
                    (completion.HoldCause, completion.HoldSentence) = (PersonCauses.TooManyNew,
                        "The source brought more new people in a day than is plausible; when its ids did not change form, let them in with: credsync sources admit NAME --why '…'");
                    continue;
                case PersonMatch.New found:
                    completion.Subject = found.Subject;
                    fresh.Add(found.Subject);
                    break;
                case PersonMatch.Unsure when completion.MatchedByHand is { } byHand:
                    completion.Subject = byHand;
                    break;
                case PersonMatch.Unsure unsure:
                    (completion.HoldCause, completion.HoldSentence) = (unsure.Cause, unsure.Candidates.Count == 0 ? unsure.Sentence : $"{unsure.Sentence} It may be {string.Join(" or ", unsure.Candidates)}.");
                    continue;
            }

            people.Add(completion.Subject!.Value, one.LookedUp);
            rows.Add(RowOf(completion, entry, one.LookedUp, policy));
        }

        return (rows, fresh.Count);
    }

    private static PersonRow RowOf(IMatchable completion, DirectoryEntry? entry, IReadOnlyList<IdentifierKey> keys, PeoplePolicy policy) => new(
        completion.Subject!.Value,
        PersonNames.Of(completion.Completion, entry, policy.Name),
        entry?.Email ?? completion.Completion.Identifiers.FirstOrDefault(i => i.Kind == IdentifierKinds.Email).Value,
        keys)
    {
        Consents = entry?.Consents,
    };

    // Matched by something that the directory does not have, but the person is in it.
    private static DirectoryEntry? EntryOf(IReadOnlyList<IdentifierKey> keys, PeoplePolicy policy, DateOnly today)
    {
        foreach (IdentifierKey key in policy.Directory.Entries.Count == 0 ? [] : keys)
        {
            if (policy.Directory.Current(key, today) is { } entry)
            {
                return entry;
            }
        }

        return null;
    }

    private sealed record Wanted(IMatchable Completion, IReadOnlyList<IdentifierKey> Keys, DirectoryFinding Listed, IReadOnlyList<IdentifierKey> LookedUp);
}
