using System.CommandLine;
using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync lint</c>: is my configuration right? Works offline unless asked to compare with the ledger, shows every finding at once.</summary>
internal static class LintCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var online = new Option<bool>("--online") { Description = "Also compares with what the sources have told: courses that rules name and that were never seen." };
        var sarif = new Option<string?>("--sarif") { Description = "Also writes the findings into this file as SARIF 2.1.0, which code hosts show beside the lines." };
        var command = new Command("lint", "Checks the configuration and shows every finding with file, line and column. Example: credsync lint --config config") { online, sarif };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(online), parsed.GetValue(sarif), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, bool online, string? sarif, Output output, CancellationToken ct)
    {
        (ConfigurationFolder _, ConfigurationResult result, SecretReader _) = Worker.ReadConfiguration(settings, context.Catalogue(settings));
        if (online && result.Configuration is { } configuration)
        {
            using IHost host = context.BuildReader(settings);
            ILedger ledger = host.Services.GetRequiredService<ILedger>();
            await ledger.MigrateAsync(ct).ConfigureAwait(false);
            IReadOnlyList<SeenCourse> seen = await ledger.CoursesSeenAsync(ct).ConfigureAwait(false);
            result = result with { Findings = [.. result.Findings, .. OnlineLint.Check(configuration, [.. seen.Select(s => (s.Source, s.Course))])] };
        }

        if (sarif is not null)
        {
            await File.WriteAllTextAsync(sarif, SarifReport.Write(result.Findings, typeof(LintCommand).Assembly.GetName().Version?.ToString(3) ?? "0"), ct).ConfigureAwait(false);
        }

        int errors = result.Findings.Count(f => f.Severity == Severity.Error);
        output.Write(
            new { good = result.Configuration is not null, findings = result.Findings },
            console =>
            {
                Findings.Draw(console, result.Findings);
                if (result.Configuration is { } good)
                {
                    console.MarkupLineInterpolated($"[green]Good:[/] {Count(good.RuleBook.Definitions.Count, "credential")}, {Count(good.Sources.Count, "source")}, {Count(good.Issuers.Count, "issuer")}; rule book {good.RuleBook.Revision}.");
                }
                else
                {
                    console.MarkupLineInterpolated($"[red]{Count(errors, "error")}[/]");
                }
            });
        return result.Findings.All(f => f.Severity == Severity.Note) ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
