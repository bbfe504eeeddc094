using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger.Operators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync runs</c>: the history of polls.</summary>
internal static class RunsCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var source = new Argument<string?>("source") { Description = "One source; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var faulty = new Option<bool>("--faulty") { Description = "Only runs that did not go well." };
        var limit = new Option<int>("--limit") { Description = "How many at most, the newest first.", DefaultValueFactory = _ => 20 };
        var after = new Option<string?>("--after") { Description = "Goes on after a page: the 'next' of its JSON." };
        var command = new Command("runs", "Shows when each source was polled, how long it took, and what came of it. Example: credsync runs moodle-hr --limit 5") { source, faulty, limit, after };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost host = context.BuildReader(options.Settings(parsed));
            Output output = options.Output(parsed);
            await host.Services.GetRequiredService<Ledger.ILedger>().MigrateAsync(ct).ConfigureAwait(false);
            Page<RunLine> page = await Ask.PageAsync(
                () => host.Services.GetRequiredService<OperatorLedger>().RunsAsync(parsed.GetValue(source), parsed.GetValue(faulty), parsed.GetValue(after), Ask.Limit(parsed.GetValue(limit)), ct)).ConfigureAwait(false);
            output.Write(page, console => Draw(console, page));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, Page<RunLine> page)
    {
        Table table = Output.Table("run", "source", "began", "took", "read", "new", "revised", "duplicate", "bad", "planned", "held", "what to know");
        foreach (RunLine run in page.Items)
        {
            string N(long n) => n.ToString("N0", CultureInfo.InvariantCulture);
            table.AddRow(
                new Text(N(run.Run)), new Text(run.Source), new Text(Words.Time(run.StartedAt)), new Text(run.Took is { } took ? Words.Duration(took) : "still runs"),
                new Text(N(run.Read)), new Text(N(run.New)), new Text(N(run.Revised)), new Text(N(run.Duplicate)), new Text(N(run.Bad)), new Text(N(run.Planned)), new Text(N(run.Held)),
                new Text(run.Fault is null ? "" : $"{run.Fault}: {run.Sentence}"));
        }

        Output.Draw(console, table, "No source was polled like this yet.");
    }
}
