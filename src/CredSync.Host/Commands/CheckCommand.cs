using System.CommandLine;
using CredSync.Host.Intake;
using CredSync.Host.Issue;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync check</c>: can we reach it, and may we? Address, credentials, rights, of every source and issuer or of one.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string?>("name") { Description = "A source or issuer; all but paused sources when left out.", Arity = ArgumentArity.ZeroOrOne };
        var conformance = new Option<bool>("--conformance") { Description = "Runs the adapter kit's cases that only read against the source's platform." };
        var record = new Option<string?>("--record") { Description = "Writes what passes between the source and its platform to this file, without secrets and real people, for the adapter kit to play back." };
        var pages = new Option<int?>("--pages") { Description = $"How many pages those two read at most: {CheckConformance.Pages} for --conformance, {CheckRecording.Pages} for --record when left out." };
        var command = new Command("check", "Proves address, credentials and rights of sources and issuers, changing nothing there. Example: credsync check moodle-hr") { name, conformance, record, pages };
        options.AddTo(command);
        command.SetAction((parsed, ct) => (parsed.GetValue(conformance), parsed.GetValue(record), parsed.GetValue(name)) switch
        {
            (false, null, _) => RunAsync(context, options.Settings(parsed), parsed.GetValue(name), options.Output(parsed), ct),
            (_, _, null) => throw new UsageException("--conformance and --record are about one source; name it."),
            (true, null, { } source) => CheckConformance.RunAsync(context, options.Settings(parsed), source, AtLeastOne(parsed.GetValue(pages)), options.Output(parsed), ct),
            (false, { } file, { } source) => CheckRecording.RunAsync(context, options.Settings(parsed), source, file, AtLeastOne(parsed.GetValue(pages)), options.Output(parsed), ct),
            _ => throw new UsageException("--conformance and --record are two runs; ask for one of them."),
        });
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string? name, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        var connections = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string source, object adapter) in host.Services.GetRequiredService<SourceRegistry>().All.Select(s => (s.Key, (object)s.Value))
            .Concat(host.Services.GetRequiredService<IssuerRegistry>().All.Select(i => (i.Key, (object)i.Value))))
        {
            connections[source] = adapter;
        }

        if (name is not null && !connections.ContainsKey(name))
        {
            throw new UsageException($"No source or issuer is called '{name}'; there are: {string.Join(", ", connections.Keys.Order(StringComparer.Ordinal))}.");
        }

        HashSet<string> paused = name is not null ? [] : [.. host.Services.GetRequiredService<ActiveConfiguration>().Current.Sources.Where(s => s.Paused).Select(s => s.Name)];
        if (paused.Count > 0)
        {
            output.Remark($"Paused in the configuration, so checked only by name: {string.Join(", ", paused.Order(StringComparer.Ordinal))}");
        }

        var reports = new List<(string Connection, IReadOnlyList<CheckResult> Results)>();
        foreach ((string connection, object adapter) in connections.Where(c => name is null ? !paused.Contains(c.Key) : c.Key == name))
        {
            List<CheckResult> results = adapter is ICheckable checkable
                ? [.. await checkable.CheckAsync(ct).ConfigureAwait(false)]
                : [new CheckResult("check", CheckOutcome.NotChecked, "This adapter has nothing that can be checked without using it.")];
            if (adapter is ITemplateCheckable templates)
            {
                foreach (string template in Templates(host, connection))
                {
                    results.Add(await templates.CheckTemplateAsync(template, ct).ConfigureAwait(false));
                }
            }

            reports.Add((connection, results));
        }

        output.Write(reports.Select(r => new { connection = r.Connection, checks = r.Results }), console => Draw(console, reports));
        return reports.Any(r => r.Results.Any(c => c.Outcome == CheckOutcome.Failed)) ? ExitCodes.Unreachable
            : reports.Any(r => r.Results.Any(c => c.Outcome == CheckOutcome.Warning)) ? ExitCodes.Findings
            : ExitCodes.Done;
    }

    private static int? AtLeastOne(int? pages) => pages is < 1 ? throw new UsageException("--pages wants at least 1.") : pages;

    // The templates that definitions name at an issuer.
    private static IEnumerable<string> Templates(IHost host, string issuer) => host.Services.GetRequiredService<ActiveConfiguration>().Current.RuleBook.Definitions
        .SelectMany(d => d.Issuers).Where(i => i.Issuer == issuer).Select(i => i.Template).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static void Draw(IAnsiConsole console, List<(string Connection, IReadOnlyList<CheckResult> Results)> reports)
    {
        foreach ((string connection, IReadOnlyList<CheckResult> results) in reports)
        {
            console.MarkupLineInterpolated($"[bold]{connection}[/]");
            CheckList.Draw(console, results);
        }
    }
}
