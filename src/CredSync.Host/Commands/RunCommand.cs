using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync run</c>: the worker. Everything in one process by default, or some of its roles.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var roles = new Option<string>("--roles") { Description = "Which roles this process takes: any of intake,dispatch,issue,operations.", DefaultValueFactory = _ => "intake,dispatch,issue,operations" };
        var command = new Command("run", "Runs the worker until it is stopped. Example: credsync run --config config --data data") { roles };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed) with { Roles = Parse(parsed.GetValue(roles)!) }, options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        await host.StartAsync(ct).ConfigureAwait(false);
        Introduce(host, settings, output);
        await host.WaitForShutdownAsync(ct).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static void Introduce(IHost host, WorkerSettings settings, Output output)
    {
        Configuration configuration = host.Services.GetRequiredService<ActiveConfiguration>().Current;
        output.Remark($"CredSync is running as {settings.Roles.ToString().ToLowerInvariant()}; Ctrl+C stops it.");
        output.Remark($"  rule book  {configuration.RuleBook.Revision}, {configuration.RuleBook.Definitions.Count} credentials from '{settings.ConfigFolder}'");
        foreach (SourceDefinition source in configuration.Sources)
        {
            output.Remark($"  source     {source.Name} ({source.Adapter}), {(source.Paused ? "paused" : source.Cron is null ? $"every {Words.Duration(source.Every)}" : $"at {source.Cron}")}");
        }

        foreach (IssuerDefinition issuer in configuration.Issuers)
        {
            output.Remark($"  issuer     {issuer.Name} ({issuer.Adapter})");
        }

        if (host.Services.GetService<Intake.Hooks.HookServer>()?.Address is { } hooks)
        {
            output.Remark($"  hooks      {string.Join(", ", configuration.Sources.Where(s => s.Webhook is not null).Select(s => $"{hooks}/hooks/{s.Name}"))}");
        }

        if (host.Services.GetService<Operations.Public.PublicServer>()?.Address is { } pages)
        {
            output.Remark($"  public     {pages}");
        }

        output.Remark($"  data       {Path.GetFullPath(settings.DataFolder)}");
        if (host.Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>() is { } addresses)
        {
            output.Remark($"  screens    {SignInLink.Make(host, settings) ?? string.Join(", ", addresses.Addresses)}");
            output.Remark($"  health     {string.Join(", ", addresses.Addresses.Select(a => $"{a}/health/ready"))}");
        }
    }

    private static Roles Parse(string text)
    {
        Roles roles = Roles.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= word switch
            {
                "intake" => Roles.Intake,
                "dispatch" => Roles.Dispatch,
                "issue" => Roles.Issue,
                "operations" => Roles.Operations,
                _ => throw new UsageException($"There is no role '{word}'; the roles are intake, dispatch, issue and operations."),
            };
        }

        return roles == Roles.None ? throw new UsageException("--roles names no role; the roles are intake, dispatch, issue and operations.") : roles;
    }
}
