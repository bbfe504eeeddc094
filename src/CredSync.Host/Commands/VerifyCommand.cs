using System.CommandLine;
using CredSync.Host.Issue;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync verify</c>: is this badge genuine? Every check with its result.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var files = new Argument<string[]>("file") { Description = "Credential files: JSON, JWT, or an image with a baked credential.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("verify", "Verifies credentials: form, signature, dates, status. Example: credsync verify data/badges/safety-basics/*.json") { files };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(files)!, options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string[] files, Output output, CancellationToken ct)
    {
        // With a good configuration at hand the keys of its own issuers are known; anyone else's credential is verified by what it says itself.
        using IHost? host = Directory.Exists(settings.ConfigFolder) ? context.TryBuildQuietly(settings with { Roles = Roles.None, LogToTerminal = false }) : null;
        host?.Services.GetRequiredService<IssuerRegistry>();
        await using ServiceProvider? adapters = host is null ? context.BuildAdapters() : null;
        ICredentialVerifier verifier = (host?.Services ?? adapters!).GetRequiredService<ICredentialVerifier>();
        var reports = new List<(string File, bool Verified, IReadOnlyList<CheckResult> Checks)>();
        foreach (string file in files)
        {
            if (!File.Exists(file))
            {
                throw new UsageException($"There is no file '{file}'.");
            }

            IReadOnlyList<CheckResult> checks = await verifier.VerifyAsync(await File.ReadAllBytesAsync(file, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            reports.Add((file, checks.All(c => c.Outcome != CheckOutcome.Failed) && checks.Any(c => c.Outcome == CheckOutcome.Passed), checks));
        }

        output.Write(
            reports.Select(r => new { file = r.File, verified = r.Verified, checks = r.Checks }),
            console =>
            {
                foreach ((string file, bool verified, IReadOnlyList<CheckResult> checks) in reports)
                {
                    Spectre.Console.AnsiConsoleExtensions.MarkupLineInterpolated(console, $"[bold]{file}[/] {(verified ? "verified" : "NOT VERIFIED")}");
                    CheckList.Draw(console, checks);
                }
            });
        return reports.All(r => r.Verified) ? ExitCodes.Done : ExitCodes.Findings;
    }
}
