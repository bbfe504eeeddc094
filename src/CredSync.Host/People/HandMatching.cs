using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>Gives a held completion to a person, because somebody says so; it stays there, whatever its identifiers say later.</summary>
internal sealed class HandMatching(ILedger ledger, HeldPeople held, TimeProvider time)
{
    /// <summary>Matches.</summary>
    /// <param name="key">The completion.</param>
    /// <param name="person">Whose it is; null for somebody new, named by the strongest identifier that nobody has.</param>
    /// <param name="configuration">The configuration in force.</param>
    /// <param name="who">Who says so.</param>
    /// <param name="why">Why.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>What followed; null when it is not held, or not any more.</returns>
    /// <exception cref="PeopleException">There is nobody whom it could make.</exception>
    public async Task<HandMatch?> MatchAsync(CompletionKey key, Guid? person, Configuration configuration, string who, string why, CancellationToken ct)
    {
        if (await ledger.CompletionAsync(key, ct).ConfigureAwait(false) is not { HoldCause: { } cause } line)
        {
            return null;
        }

        IReadOnlyList<IdentifierKey> identifiers = PersonMatcher.Keys(key.Source, line.Completion.Identifiers, configuration.People);
        Guid subject = person ?? await NewAsync(line.Completion, identifiers, configuration.People, ct).ConfigureAwait(false);
        (int Planned, int Held)? decided = await ledger.ActAsync<(int, int)?>(
            async transaction =>
            {
                if (!await transaction.MatchAsync(key, subject, identifiers, ct).ConfigureAwait(false))
                {
                    return null;
                }

                // A new fact of this person: decided at once with the whole history, as intake does.
                PlanPerson whole = (await transaction.PeopleAsync([subject], ct).ConfigureAwait(false)).Single();
                (RuleBook rules, DateTimeOffset now) = (configuration.RuleBook, time.GetUtcNow());
                Completion[] before = [.. whole.History.Completions.Where(c => c.Key != key)];
                (int p, int h) = await transaction.PlanAsync([.. IssuanceRows.Of(rules.WithoutHistory(rules.Decide(whole.History, before, now), whole.History, before, now), rules)], ct).ConfigureAwait(false);
                await transaction.RecordAsync(new Act(who, "match", key.ToString(), why, $"held for {cause}, now of {subject}; {p} planned and {h} held by it"), ct).ConfigureAwait(false);
                return (p, h);
            },
            ct).ConfigureAwait(false);
        return decided is var (planned, waiting) ? new HandMatch(subject, planned, waiting, (await held.MatchAsync(configuration, ct).ConfigureAwait(false)).Matched) : null;
    }

    private async Task<Guid> NewAsync(Completion completion, IReadOnlyList<IdentifierKey> identifiers, PeoplePolicy policy, CancellationToken ct)
    {
        await using IMatchingTransaction transaction = await ledger.BeginMatchingAsync(completion.Key.Source, ct).ConfigureAwait(false);
        KnownIdentifiers known = await transaction.SubjectsAsync(identifiers, ct).ConfigureAwait(false);
        IdentifierKey? free = identifiers.Where(i => !known.Owners.ContainsKey(i)).Select(i => (IdentifierKey?)i).FirstOrDefault();
        if (free is not { } strongest)
        {
            throw new PeopleException("Every identifier of this completion belongs to somebody; name who it is about.");
        }

        Guid subject = PersonMatcher.SubjectOf(strongest, policy);
        await transaction.StorePeopleAsync([new PersonRow(subject, PersonNames.Of(completion, null, policy.Name), completion.Identifiers.FirstOrDefault(i => i.Kind == IdentifierKinds.Email).Value, [strongest])], ct).ConfigureAwait(false);
        await transaction.CommitAsync(ct).ConfigureAwait(false);
        return subject;
    }
}

/// <summary>What followed from a match by hand.</summary>
/// <param name="Subject">Whose the completion is.</param>
/// <param name="Planned">Issuances planned by it.</param>
/// <param name="Held">Issuances held by it.</param>
/// <param name="Others">Other held completions that have a person by it.</param>
internal sealed record HandMatch(Guid Subject, int Planned, int Held, int Others);
