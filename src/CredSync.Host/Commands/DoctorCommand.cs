using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Host.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync doctor</c>: looks at everything that a worker needs, and says what to do about what is not well.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("doctor", "Checks configuration, ledger, journal, queue, clock, keys, tokens, disk, sources and issuers, and says what to do. Example: credsync doctor");
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        (_, ConfigurationResult configuration, _) = Worker.ReadConfiguration(settings, context.Catalogue(settings));
        var results = new List<CheckResult> { Configuration(configuration) };
        using IHost host = (configuration.Configuration is null ? null : context.TryBuildQuietly(settings with { Roles = Roles.None, LogToTerminal = false })) ?? context.BuildReader(settings);
        results.AddRange(await host.Services.GetRequiredService<DoctorDesk>().LookAsync(ct).ConfigureAwait(false));
        output.Write(results, console => CheckList.Draw(console, results));
        return results.Any(r => r.Outcome == CheckOutcome.Failed) ? ExitCodes.Unreachable : results.Any(r => r.Outcome == CheckOutcome.Warning) ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static CheckResult Configuration(ConfigurationResult read) => read switch
    {
        { Configuration: null } => new CheckResult("configuration", CheckOutcome.Failed, $"{read.Findings.Count} findings; nothing can start with them", "credsync lint"),
        { Findings.Count: > 0, Configuration: { } good } => new CheckResult("configuration", CheckOutcome.Warning, $"{What(good)}; {read.Findings.Count} findings", "credsync lint"),
        { Configuration: { } good } => new CheckResult("configuration", CheckOutcome.Passed, What(good)),
    };

    private static string What(Configuration good) => $"{good.Sources.Count} sources, {good.Issuers.Count} issuers, {good.RuleBook.Definitions.Count} credentials";
}
