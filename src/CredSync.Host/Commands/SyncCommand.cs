using System.CommandLine;
using CredSync.Host.Dispatch;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.People;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sync</c>: one poll now, and what follows from it, then stop.</summary>
internal static class SyncCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var names = new Argument<string[]>("source") { Description = "Sources to poll; all that are not paused when left out.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("sync", "Polls sources once, issues what was earned, and stops. Example: credsync sync moodle-hr") { names };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(names) ?? [], options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string[] names, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.Dispatch | Roles.Issue }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        SourceRegistry sources = host.Services.GetRequiredService<SourceRegistry>();
        if (names.FirstOrDefault(n => !sources.All.ContainsKey(n)) is { } unknown)
        {
            throw new UsageException($"No source is called '{unknown}'; there are: {string.Join(", ", sources.All.Keys.Order(StringComparer.Ordinal))}.");
        }

        // Everything is read before anything leaves: what leaves does not follow the facts any more, and sources tell a history in any order.
        await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
        await host.Services.GetRequiredService<PeopleKeeper>().LookAsync(ct).ConfigureAwait(false);
        var results = new List<(string Source, PollResult Result)>();
        foreach (string name in names.Length > 0 ? names : Unpaused(host, sources, output))
        {
            var seen = new PageCounts();
            var progress = new Watcher(counts =>
            {
                // Platforms have courses in which nobody finished anything; such a page tells nothing.
                if (counts.Read > 0)
                {
                    output.Remark($"{name}: {(seen += counts).Read} read, {seen.New} new, {seen.Planned} planned");
                }
            });
            results.Add((name, await host.Services.GetRequiredService<SourcePoller>().PollAsync(name, progress, ct).ConfigureAwait(false)));
        }

        await host.StartAsync(ct).ConfigureAwait(false);

        // With a queue that outlives this process other workers finish the work; the in-memory one must be emptied before it dies.
        if (host.Services.GetRequiredService<QueueLifetime>().DiesWithProcess)
        {
            await Quiet.WhenNothingIsUnderWayAsync(host.Services, ct).ConfigureAwait(false);

            // What was revoked just now may have something resting on it; a worker looks every few seconds.
            await host.Services.GetRequiredService<TakenBack>().FollowAsync(host.Services.GetRequiredService<ActiveConfiguration>().Current, ct).ConfigureAwait(false);
        }

        await host.StopAsync(ct).ConfigureAwait(false);
        output.Write(
            results.Select(r => new { source = r.Source, succeeded = r.Result.Succeeded, counts = r.Result.Counts, fault = r.Result.Fault, sentence = r.Result.Sentence }),
            console =>
            {
                Table table = Output.Table("source", "read", "new", "revised", "unchanged", "set aside", "planned", "held", "");
                foreach ((string source, PollResult r) in results)
                {
                    table.AddRow(source, $"{r.Counts.Read}", $"{r.Counts.New}", $"{r.Counts.Revised}", $"{r.Counts.Unchanged}", $"{r.Counts.Unreadable}", $"{r.Counts.Planned}", $"{r.Counts.Held}", Markup.Escape(r.Sentence ?? ""));
                }

                console.Write(table);
            });
        if (results.Sum(r => r.Result.Counts.Unreadable) is > 0 and var aside)
        {
            output.Remark($"{aside} records could not be taken as they are and were set aside; why, and what to do: credsync failures --by source");
        }

        return results.All(r => r.Result.Succeeded) ? ExitCodes.Done : ExitCodes.Unreachable;
    }

    // One that the configuration pauses is polled only by name: mostly it waits for its account.
    private static string[] Unpaused(IHost host, SourceRegistry sources, Output output)
    {
        HashSet<string> paused = [.. host.Services.GetRequiredService<ActiveConfiguration>().Current.Sources.Where(s => s.Paused).Select(s => s.Name)];
        if (paused.Count > 0)
        {
            output.Remark($"Paused in the configuration, so polled only by name: {string.Join(", ", paused.Order(StringComparer.Ordinal))}");
        }

        return [.. sources.All.Keys.Where(name => !paused.Contains(name))];
    }

    private sealed class Watcher(Action<PageCounts> tell) : IProgress<PageCounts>
    {
        public void Report(PageCounts value) => tell(value);
    }
}
