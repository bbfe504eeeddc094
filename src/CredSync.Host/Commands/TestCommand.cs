using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Host.RuleBooks;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync test</c>: runs the tests inside the credentials' files with the engine that decides about real people.</summary>
internal static class TestCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var credential = new Argument<string?>("credential") { Description = "One credential; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("test", "Runs the tests that stand in the credentials' files. Example: credsync test data-foundations") { credential };
        options.AddTo(command, data: false);
        command.SetAction((parsed, _) => Task.FromResult(Run(context, options.Settings(parsed), parsed.GetValue(credential), options.Output(parsed))));
        return command;
    }

    public static int Run(CommandContext context, WorkerSettings settings, string? credential, Output output)
    {
        (ConfigurationFolder _, ConfigurationResult read, SecretReader _) = Worker.ReadConfiguration(settings, context.Catalogue(settings));
        if (read.Configuration is not { } configuration)
        {
            Findings.Draw(output.Remarks, read.Findings);
            output.Error($"The configuration in '{settings.ConfigFolder}' is not good; no test was run.");
            return ExitCodes.Usage;
        }

        if (credential is not null && configuration.RuleBook.Find(credential) is null)
        {
            throw new UsageException($"No credential is called '{credential}'; there are: {string.Join(", ", configuration.RuleBook.Definitions.Select(d => d.Id))}.");
        }

        List<TestOutcome> outcomes =
        [
            .. RuleTests.Run(configuration)
                .Where(r => credential is null || r.Test.Credential == credential)
                .GroupBy(r => r.Test, ReferenceEqualityComparer.Instance)
                .Select(g => TestOutcome.Of((RuleTest)g.Key!, [.. g])),
        ];
        string[] untested = [.. configuration.RuleBook.Definitions.Select(d => d.Id).Where(id => (credential is null || id == credential) && !outcomes.Exists(o => o.Credential == id))];
        int failed = outcomes.Count(o => !o.Passed);
        output.Write(
            new { good = failed == 0, passed = outcomes.Count - failed, failed, untested, tests = outcomes },
            console => Draw(console, outcomes, untested));
        return failed == 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static void Draw(IAnsiConsole console, List<TestOutcome> outcomes, string[] untested)
    {
        foreach (IGrouping<string, TestOutcome> credential in outcomes.GroupBy(o => o.Credential))
        {
            console.MarkupLineInterpolated($"[bold]{credential.Key}[/]");
            foreach (TestOutcome outcome in credential)
            {
                if (outcome.Passed)
                {
                    console.MarkupLineInterpolated($"  [green]✓[/] {outcome.Name}");
                    continue;
                }

                console.MarkupLineInterpolated($"  [red]✗ {outcome.Name}[/]");
                foreach (TestDifference difference in outcome.Differences)
                {
                    console.MarkupLineInterpolated($"      {difference.File}:{difference.Line}:{difference.Column} {difference.Sentence}");
                }
            }
        }

        if (untested.Length > 0)
        {
            console.MarkupLineInterpolated($"[yellow]Without tests:[/] {string.Join(", ", untested)}");
        }

        int failed = outcomes.Count(o => !o.Passed);
        console.MarkupLineInterpolated(failed == 0
            ? (FormattableString)$"[green]{outcomes.Count} tests pass.[/]"
            : $"[red]{failed} of {outcomes.Count} tests fail.[/]");
    }

    private sealed record TestOutcome(string Credential, string Name, string File, int Line, bool Passed, IReadOnlyList<TestDifference> Differences)
    {
        public static TestOutcome Of(RuleTest test, IReadOnlyList<RuleTestResult> results) => new(
            test.Credential, test.Name, test.Position.File, test.Position.Line, results.All(r => r.Passed),
            [.. results.Where(r => !r.Passed).Select(r => new TestDifference(r.Position.File, r.Position.Line, r.Position.Column, r.Difference ?? ""))]);
    }

    private sealed record TestDifference(string File, int Line, int Column, string Sentence);
}
