using System.CommandLine;
using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync holds match</c>: says who a held completion is about, for good; what it earns is decided at once.</summary>
internal static class HoldsMatch
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var completion = new Argument<string>("completion") { Description = "The held completion: source/natural-key, as holds ls shows it." };
        var person = new Argument<string?>("person") { Description = "Who it is about: an e-mail address, personnel number, login name or subject id; left out with --new.", Arity = ArgumentArity.ZeroOrOne };
        var fresh = new Option<bool>("--new") { Description = "It is about somebody whom nobody knows yet." };
        var act = new ActOptions();
        var command = new Command("match", "Says who a held completion is about. Example: credsync holds match 'moodle-hr/1207|42|1' ada@example.com --why 'asked her'") { completion, person, fresh };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(completion)!, parsed.GetValue(fresh) ? null : parsed.GetValue(person) ?? throw new UsageException("Name who it is about, or give --new."), act.Who(parsed), act.Why(parsed), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string completion, string? identifier, string who, string why, Output output, CancellationToken ct)
    {
        int slash = completion.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1)
        {
            throw new UsageException($"'{completion}' is not a completion; it is written source/natural-key, as holds ls shows it.");
        }

        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        var key = new CompletionKey(completion[..slash], completion[(slash + 1)..]);
        if (await open.Ledger.CompletionAsync(key, ct).ConfigureAwait(false) is not { HoldCause: { } cause } line)
        {
            output.Error($"No completion '{completion}' is held; look with: credsync holds ls");
            return ExitCodes.Findings;
        }

        IReadOnlyList<IdentifierKey> identifiers = PersonMatcher.Keys(key.Source, line.Completion.Identifiers, open.Configuration.People);
        Guid subject = identifier is not null
            ? (await open.PersonAsync(identifier, ct).ConfigureAwait(false)).Subject
            : await NewAsync(open, line.Completion, identifiers, ct).ConfigureAwait(false);
        Core.Rules.RuleBook ruleBook = open.Configuration.RuleBook;
        (int Planned, int Held)? decided = await open.Ledger.ActAsync<(int, int)?>(
            async transaction =>
            {
                if (!await transaction.MatchAsync(key, subject, identifiers, ct).ConfigureAwait(false))
                {
                    return null;
                }

                // A new fact of this person: decided at once with the whole history, as intake does.
                Core.Plans.PlanPerson person = (await transaction.PeopleAsync([subject], ct).ConfigureAwait(false)).Single();
                (int p, int h) = await transaction.PlanAsync([.. IssuanceRows.Of(ruleBook.Decide(person.History, open.Time.GetUtcNow()), ruleBook)], ct).ConfigureAwait(false);
                await transaction.RecordAsync(new Act(who, "match", completion, why, $"held for {cause}, now of {subject}; {p} planned and {h} held by it"), ct).ConfigureAwait(false);
                return (p, h);
            },
            ct).ConfigureAwait(false);
        if (decided is not var (planned, held))
        {
            output.Error($"The completion '{completion}' was settled by somebody else at this moment; look with: credsync trace '{completion}'");
            return ExitCodes.Findings;
        }

        int others = (await open.HeldPeople.MatchAsync(open.Configuration, ct).ConfigureAwait(false)).Matched;
        output.Write(new { completion, subject, planned, held, others }, console => console.WriteLine($"{completion} is of {subject} now, and stays so; {planned} planned, {held} held by it.{(others > 0 ? $" {others} more held completions have a person by it." : "")}"));
        return ExitCodes.Done;
    }

    // Named by the strongest identifier that nobody has.
    private static async Task<Guid> NewAsync(OpenLedger open, Completion completion, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct)
    {
        await using IMatchingTransaction transaction = await open.Ledger.BeginMatchingAsync(completion.Key.Source, ct).ConfigureAwait(false);
        KnownIdentifiers known = await transaction.SubjectsAsync(identifiers, ct).ConfigureAwait(false);
        IdentifierKey? free = identifiers.Where(i => !known.Owners.ContainsKey(i)).Select(i => (IdentifierKey?)i).FirstOrDefault();
        if (free is not { } strongest)
        {
            throw new UsageException("Every identifier of this completion belongs to somebody; name who it is about.");
        }

        Guid subject = PersonMatcher.SubjectOf(strongest, open.Configuration.People);
        await transaction.StorePeopleAsync([new PersonRow(subject, PersonNames.Of(completion, null, open.Configuration.People.Name), completion.Identifiers.FirstOrDefault(i => i.Kind == IdentifierKinds.Email).Value, [strongest])], ct).ConfigureAwait(false);
        await transaction.CommitAsync(ct).ConfigureAwait(false);
        return subject;
    }
}
