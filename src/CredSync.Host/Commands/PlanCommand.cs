using System.CommandLine;
using System.Globalization;
using CredSync.Core.Plans;
using CredSync.Host.Plans;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync plan</c>: what the rule book in force would do with the ledger's history. Changes nothing.</summary>
internal static class PlanCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var credential = new Option<string?>("--credential") { Description = "Only this credential, and those that its rule asks for." };
        var person = new Option<string?>("--person") { Description = "Only this person: an e-mail address, personnel number, login name or subject id." };
        var since = DayOption.Create("--since", "Only what was earned on this day (UTC) or later, e.g. 2025-01-01, and what it rests on.");
        var until = DayOption.Create("--until", "Only what was earned on this day (UTC) or before.");
        var file = new Option<string?>("--out") { Description = "Writes the plan to a file, for apply." };
        var command = new Command(
            "plan",
            "Shows what the rules would do with everything that is known, and changes nothing. Like diff it tells by its exit code: 0 nothing would change, 2 something would (2 is also a wrong command line; then nothing is on standard output). Example: credsync plan --out plan.json")
        { credential, person, since, until, file };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), new PlanScope { Credential = parsed.GetValue(credential), Since = parsed.GetValue(since), Until = parsed.GetValue(until) },
            parsed.GetValue(person), parsed.GetValue(file), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, PlanScope scope, string? person, string? file, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        open.RequireCredential(scope.Credential);
        Guid? only = person is null ? null : (await open.PersonAsync(person, ct).ConfigureAwait(false)).Subject;
        long told = 0;
        PlanHeader plan = await new Planner(open.Ledger, open.Time).MakeAsync(
            open.Configuration.RuleBook, scope, only, file,
            people =>
            {
                if (people - told >= 20_000)
                {
                    told = people;
                    output.Remark(string.Create(CultureInfo.InvariantCulture, $"{people:N0} people looked at"));
                }
            },
            ct).ConfigureAwait(false);
        output.Write(new { plan, file }, console => Draw(console, plan, file));
        return plan.Changes == 0 ? ExitCodes.Done : ExitCodes.WouldChange;
    }

    private static void Draw(IAnsiConsole console, PlanHeader plan, string? file)
    {
        PlanTotals totals = plan.Totals;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Rule book [bold]{plan.RuleBook}[/] over {totals.Completions:N0} completions of {totals.People:N0} people:");
        if (plan.Changes > 0)
        {
            Table table = Output.Table("would", "credential", "issuer", "how many", "earned", "for example");
            Rows(table, "[green]award[/]", totals.Award);
            Rows(table, "[yellow]hold[/]", totals.Hold);
            Rows(table, "[red]stop[/]", totals.Stop);
            Rows(table, "[yellow]revise[/]", totals.Revise);
            console.Write(table);
        }
        else
        {
            console.MarkupLine("[green]Nothing would change.[/]");
        }

        Remarks(console, "expired before it could be issued", totals.Expired);
        Remarks(console, "was awarded, would not be today, and stays", totals.Stays);
        Remarks(console, "was awarded, would have other dates today, and stays as it is", totals.StaysDated);
        if (totals.UnmatchedCompletions > 0)
        {
            string courses = string.Join(", ", totals.Unmatched.Take(5).Select(u => string.Create(CultureInfo.InvariantCulture, $"{u.Course} on {u.Source} ({u.Completions:N0})")));
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]no rule names[/] {totals.UnmatchedCompletions:N0} completions: {courses}{(totals.Unmatched.Count > 5 ? ", …" : "")}");
        }

        if (plan.Changes > 0)
        {
            console.MarkupLineInterpolated($"[grey]Nothing was changed.[/] {(file is null ? "Write the plan with --out FILE, then: credsync apply --plan FILE" : $"To do this: credsync apply --plan {file} --canary 1, look, then without --canary.")}");
        }
    }

    private static void Rows(Table table, string act, IReadOnlyList<PlanSum> sums)
    {
        foreach (PlanSum sum in sums)
        {
            table.AddRow(
                new Markup(sum.Cause is null ? act : $"{act} {Markup.Escape(sum.Cause)}"), new Text(sum.Credential), new Text(sum.Issuer ?? ""), new Text(sum.Count.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(Range(sum)), new Text($"{sum.Samples.FirstOrDefault()}"));
        }
    }

    private static void Remarks(IAnsiConsole console, string what, IReadOnlyList<PlanSum> sums)
    {
        foreach (PlanSum sum in sums)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{what}:[/] {sum.Credential} ({sum.Count:N0})");
        }
    }

    private static string Range(PlanSum sum) => (sum.FirstEarned, sum.LastEarned) switch
    {
        ({ } first, { } last) when first.UtcDateTime.Date == last.UtcDateTime.Date => Words.Day(first),
        ({ } first, { } last) => $"{Words.Day(first)} to {Words.Day(last)}",
        _ => "no date",
    };
}
