using System.CommandLine;
using CredSync.Host.Ledger;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync audit</c>: who did what by hand, when and why; and which rule books decided since when.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var target = new Argument<string?>("target") { Description = "An issuance id, a completion (source/natural-key) or a plan id; everything when left out.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "How many acts at most, the newest first.", DefaultValueFactory = _ => 100 };
        var command = new Command("audit", "Shows who did what by hand, when and why. Example: credsync audit --limit 20") { target, limit };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(target), parsed.GetValue(limit), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string? target, int limit, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        IReadOnlyList<ActLine> acts = await open.Ledger.ActsAsync(target, limit, ct).ConfigureAwait(false);
        IReadOnlyList<RuleBookLine> books = target is null ? await open.Ledger.RuleBooksAsync(ct).ConfigureAwait(false) : [];
        output.Write(new { acts, ruleBooks = books }, console =>
        {
            Table table = Output.Table("when", "who", "what", "to", "why", "how");
            foreach (ActLine act in acts)
            {
                table.AddRow(new Text(Words.Time(act.At)), new Text(act.Who), new Text(act.Verb), new Text(act.Target), new Text(act.Why), new Text(act.Detail));
            }

            console.Write(table);
            foreach (RuleBookLine book in books)
            {
                console.MarkupLineInterpolated($"rule book [bold]{book.Revision}[/] with {book.Credentials} credentials decides since {Words.Time(book.FirstUsed)}{(book.Revision == open.Configuration.RuleBook.Revision ? " (in force)" : "")}");
            }
        });
        return ExitCodes.Done;
    }
}
