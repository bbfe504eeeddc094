using System.CommandLine;
using CredSync.Completions;
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
        Guid? person = identifier is null ? null : (await open.PersonAsync(identifier, ct).ConfigureAwait(false)).Subject;
        if (await open.Matching.MatchAsync(key, person, open.Configuration, who, why, ct).ConfigureAwait(false) is not var (subject, planned, held, others))
        {
            output.Error($"No completion '{completion}' is held; look with: credsync holds ls");
            return ExitCodes.Findings;
        }

        output.Write(new { completion, subject, planned, held, others }, console => console.WriteLine($"{completion} is of {subject} now, and stays so; {planned} planned, {held} held by it.{(others > 0 ? $" {others} more held completions have a person by it." : "")}"));
        return ExitCodes.Done;
    }
}
