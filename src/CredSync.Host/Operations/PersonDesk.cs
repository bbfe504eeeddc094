using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations;

/// <summary>Everything about one person: how they are known, what they completed, what each rule says, what was issued, what people did about it.</summary>
internal sealed class PersonDesk(ILedger ledger, OperatorLedger operators, ActiveConfiguration active, TimeProvider time)
{
    private const int MostCredentials = 200;

    /// <summary>Who has an identifier; an e-mail address, personnel number, login name or subject id.</summary>
    public Task<IReadOnlyList<FoundPerson>> FindAsync(string identifier, CancellationToken ct) => ledger.FindPeopleAsync(identifier, ct);

    /// <summary>Why a person has a credential or has it not.</summary>
    /// <exception cref="ActException">The ledger knows nobody with this subject id, or no credential is called so.</exception>
    public async Task<Explanation> ExplainAsync(Guid subject, string credential, CancellationToken ct)
    {
        RuleBook ruleBook = active.Current.RuleBook;
        FoundPerson person = (await ledger.FindPeopleAsync(subject.ToString(), ct).ConfigureAwait(false)).FirstOrDefault(p => p.Subject == subject)
            ?? throw new ActException($"The ledger knows nobody with the subject id {subject}.") { IsMissing = true };
        return ruleBook.Find(credential) is null
            ? throw new ActException($"No credential is called '{credential}'.") { IsMissing = true }
            : await Explanation.OfAsync(ledger, ruleBook, person, credential, time.GetUtcNow(), ct).ConfigureAwait(false);
    }

    /// <summary>The trace of a person; null when the ledger knows nobody with this subject id.</summary>
    public async Task<PersonView?> TraceAsync(Guid subject, CancellationToken ct)
    {
        if ((await ledger.FindPeopleAsync(subject.ToString(), ct).ConfigureAwait(false)).FirstOrDefault(p => p.Subject == subject) is not { } person)
        {
            return null;
        }

        IReadOnlyList<CompletionLine> completions = await ledger.CompletionsOfAsync(subject, ct).ConfigureAwait(false);
        PersonFacts facts = await PersonFacts.OfAsync(ledger, person, ct).ConfigureAwait(false);
        RuleBook ruleBook = active.Current.RuleBook;
        Explanation[] explanations = [.. ruleBook.Definitions.Take(MostCredentials).Select(d => Explanation.Of(ruleBook, facts, d.Id, time.GetUtcNow()))];
        string[] targets = [.. facts.Issuances.Select(i => i.Id.ToString()).Concat(completions.Select(c => c.Completion.Key.ToString())).Prepend(subject.ToString()).Take(100)];
        IReadOnlyList<ActLine> acts = await operators.ActsOnAsync(targets, 100, ct).ConfigureAwait(false);
        return new PersonView
        {
            Subject = subject,
            KnownBy = facts.KnownBy,
            Completions = [.. completions.Select(PersonCompletion.Of)],
            // What is nearest to a credential first.
            Credentials = [.. explanations.OrderByDescending(e => e.Issuances.Count > 0).ThenByDescending(e => e.Met).ThenByDescending(e => e.Tree.Children.Count(c => c.Met)).ThenBy(e => e.Credential, StringComparer.Ordinal)],
            Acts = acts,
        };
    }
}

/// <summary>A person as screens show them: no name, no address.</summary>
internal sealed record PersonView
{
    public required Guid Subject { get; init; }

    public required IReadOnlyList<IdentifierOrigin> KnownBy { get; init; }

    public required IReadOnlyList<PersonCompletion> Completions { get; init; }

    public required IReadOnlyList<Explanation> Credentials { get; init; }

    public required IReadOnlyList<ActLine> Acts { get; init; }
}

/// <summary>A completion of a person.</summary>
internal sealed record PersonCompletion(
    string Source, string Key, string Course, string? Title, string Status, DateTimeOffset? CompletedAt, decimal? Score, IReadOnlyList<string> ToldBy, int Revision, DateTimeOffset FirstSeen, DateTimeOffset LastChanged)
{
    public static PersonCompletion Of(CompletionLine line) => new(
        line.Completion.Key.Source, line.Completion.Key.NaturalKey, line.Completion.Course.Key, line.Completion.Course.Title, line.Completion.Status.ToString().ToLowerInvariant(), line.Completion.CompletedAt,
        line.Completion.Score?.Scaled, [.. line.Completion.Identifiers.Select(i => i.Kind).Distinct(StringComparer.Ordinal)], line.Revision, line.FirstSeen, line.LastChanged);
}
