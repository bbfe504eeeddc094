using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync lint</c>: is my configuration right? Works offline, shows every finding at once.</summary>
internal static class LintCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("lint", "Checks the configuration and shows every finding with file, line and column. Example: credsync lint --config config");
        options.AddTo(command, data: false);
        command.SetAction((parsed, _) => Task.FromResult(Run(context, options.Settings(parsed), options.Output(parsed))));
        return command;
    }

    public static int Run(CommandContext context, WorkerSettings settings, Output output)
    {
        (ConfigurationFolder _, ConfigurationResult result, SecretReader _) = Worker.ReadConfiguration(settings, context.Catalogue);
        int errors = result.Findings.Count(f => f.Severity == Severity.Error);
        output.Write(
            new { good = result.Configuration is not null, findings = result.Findings },
            console =>
            {
                Findings.Draw(console, result.Findings);
                if (result.Configuration is { } good)
                {
                    console.MarkupLineInterpolated($"[green]Good:[/] {good.RuleBook.Definitions.Count} credentials, {good.Sources.Count} sources, {good.Issuers.Count} issuers; rule book {good.RuleBook.Revision}.");
                }
                else
                {
                    console.MarkupLineInterpolated($"[red]{errors} {(errors == 1 ? "error" : "errors")}[/]");
                }
            });
        return result.Findings.All(f => f.Severity == Severity.Note) ? ExitCodes.Done : ExitCodes.Findings;
    }
}
