using System.CommandLine;
using System.Globalization;
using CredSync.Core.Plans;
using CredSync.Host.Plans;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync coverage</c>: what people finish that no rule names, rules that never fire, people who miss one thing.</summary>
internal static class CoverageCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var limit = new Option<int>("--limit") { Description = "How many lines of each kind at most.", DefaultValueFactory = _ => 50 };
        var command = new Command("coverage", "Shows completions that no rule names, rules that never fire, and people who hold all of a rule but one thing. Example: credsync coverage") { limit };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(limit), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, int limit, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        Core.Rules.RuleBook ruleBook = open.Configuration.RuleBook;
        DateTimeOffset now = open.Time.GetUtcNow();
        var whole = new CoverageCount(ruleBook);
        await using HistoryWalk walk = await HistoryWalk.OpenAsync(open.Ledger, ct).ConfigureAwait(false);
        await walk.EverybodyAsync(
            people =>
            {
                var part = new CoverageCount(ruleBook);
                foreach (PlanPerson person in people)
                {
                    part.Add(person, now);
                }

                return part;
            },
            part =>
            {
                whole.Add(part);
                return Task.CompletedTask;
            },
            ct).ConfigureAwait(false);
        IReadOnlyList<UnmatchedCourse> nobody = await walk.WithoutPersonAsync(ct).ConfigureAwait(false);
        UnmatchedCourse[] unmatched = [.. whole.Summary.Unmatched.Take(limit)];
        NearMiss[] near = [.. whole.AllButOne.Take(limit)];
        output.Write(
            new { ruleBook = ruleBook.Revision, people = whole.Summary.People, completions = whole.Summary.Completions, unmatched, neverFired = whole.NeverFired, allButOne = near, withoutPerson = nobody },
            console => Draw(console, whole, unmatched, near, nobody));
        return ExitCodes.Done;
    }

    private static void Draw(IAnsiConsole console, CoverageCount whole, UnmatchedCourse[] unmatched, NearMiss[] near, IReadOnlyList<UnmatchedCourse> nobody)
    {
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{whole.Summary.Completions:N0} completions of {whole.Summary.People:N0} people");
        console.MarkupLine("[bold]Finished, and no rule names it[/]");
        Courses(console, unmatched);
        console.MarkupLine("[bold]Rules that never fired[/]");
        console.WriteLine(whole.NeverFired.Count == 0 ? "  none" : $"  {string.Join(", ", whole.NeverFired)}");
        console.MarkupLine("[bold]People who hold all of a rule but one thing[/]");
        if (near.Length == 0)
        {
            console.WriteLine("  none");
        }

        foreach (NearMiss miss in near)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {miss.Credential}: {miss.People:N0} would have to {miss.Missing} [grey](for example {string.Join(", ", miss.Samples)})[/]");
        }

        if (nobody.Count > 0)
        {
            console.MarkupLine("[bold]Completions of which nobody can be named[/] (credsync holds ls)");
            Courses(console, nobody);
        }
    }

    private static void Courses(IAnsiConsole console, IReadOnlyList<UnmatchedCourse> courses)
    {
        foreach (UnmatchedCourse course in courses)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {course.Course} on {course.Source}: {course.Completions:N0}");
        }

        if (courses.Count == 0)
        {
            console.WriteLine("  none");
        }
    }
}
