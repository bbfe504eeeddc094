using System.CommandLine;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync audit</c>: who did what by hand, when and why; and which rule books decided since when.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var target = new Argument<string?>("target") { Description = "An issuance id, a completion (source/natural-key) or a plan id; everything when left out.", Arity = ArgumentArity.ZeroOrOne };
        var who = new Option<string?>("--who") { Description = "Only what this person or key did." };
        var verb = new Option<string?>("--what") { Description = "Only acts of this kind, such as retry or approve." };
        var limit = new Option<int>("--limit") { Description = "How many acts at most, the newest first.", DefaultValueFactory = _ => 100 };
        var after = new Option<string?>("--after") { Description = "Goes on after a page: the 'next' of its JSON." };
        var command = new Command("audit", "Shows who did what by hand, when and why. Example: credsync audit --limit 20") { target, who, verb, limit, after };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            // Who changed what is asked for most when the configuration is being mended.
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            string? of = parsed.GetValue(target);
            Page<ActLine> page = await Ask.PageAsync(() => host.Services.GetRequiredService<OperatorLedger>()
                .ActsAsync(of, parsed.GetValue(who), parsed.GetValue(verb), parsed.GetValue(after), Ask.Limit(parsed.GetValue(limit)), ct)).ConfigureAwait(false);
            IReadOnlyList<RuleBookLine> books = of is null ? await host.Services.GetRequiredService<ILedger>().RuleBooksAsync(ct).ConfigureAwait(false) : [];
            options.Output(parsed).Write(new { acts = page.Items, page.Next, ruleBooks = books }, console => Draw(console, page, books));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, Page<ActLine> page, IReadOnlyList<RuleBookLine> books)
    {
        if (page.Items.Count == 0)
        {
            console.WriteLine("Nobody did anything like this by hand.");
        }
        else
        {
            Table table = Output.Table("when", "who", "what", "to", "why", "before", "after", "how");
            foreach (ActLine act in page.Items)
            {
                table.AddRow(new Text(Words.Time(act.At)), new Text(act.Who), new Text(act.Verb), new Text(act.Target), new Text(act.Why), new Text(act.Was ?? ""), new Text(act.Became ?? ""), new Text(act.Detail));
            }

            console.Write(table);
        }

        foreach (RuleBookLine book in books)
        {
            console.MarkupLineInterpolated($"rule book [bold]{book.Revision}[/] with {book.Credentials} credentials decides since {Words.Time(book.FirstUsed)}");
        }
    }
}
