using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sources</c>: list, pause, resume, and read again from the beginning.</summary>
internal static class SourcesCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("sources", "Lists sources, pauses and resumes them, lets their new people in. Example: credsync sources resume moodle-hr");
        var list = new Command("ls", "Lists the configured sources and where each stands. Example: credsync sources ls");
        options.AddTo(list);
        list.SetAction((parsed, ct) => ListAsync(context, options.Settings(parsed), options.Output(parsed), ct));
        command.Subcommands.Add(list);

        command.Subcommands.Add(Act("run", "Polls a source now, by the running worker. Example: credsync sources run moodle-hr", context, options));
        command.Subcommands.Add(Act("pause", "Stops polling a source until it is resumed. Example: credsync sources pause moodle-hr --why 'upgrade on Saturday'", context, options));
        command.Subcommands.Add(Act("resume", "Lets a paused source be polled again, at once. Example: credsync sources resume moodle-hr", context, options));
        command.Subcommands.Add(Act("rewind", "Reads a source from its beginning at the next poll; nothing is issued twice. Example: credsync sources rewind moodle-hr", context, options));
        command.Subcommands.Add(SourcesAdmit.Create(context, options));
        command.Subcommands.Add(SourcesCheck.Create(context, options));
        command.Subcommands.Add(SourcesDiscover.Create(context, options));
        return command;
    }

    private static Command Act(string verb, string summary, CommandContext context, CommonOptions options)
    {
        var name = new Argument<string>("source") { Description = "The source." };
        var act = new ActOptions(required: false);
        var command = new Command(verb, summary) { name };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            using IHost? host = await OpenAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (host is null)
            {
                return ExitCodes.Usage;
            }

            string source = parsed.GetValue(name)!;
            SourceView view = await Ask.PageAsync(() => host.Services.GetRequiredService<SourceDesk>().ActAsync(source, verb, act.Who(parsed), act.Why(parsed), ct)).ConfigureAwait(false);
            output.Write(view, console => console.WriteLine($"{source}: {(view.Condition == "paused" ? $"paused ({view.Sentence})" : "will be polled")}{(view.Cursor is null ? ", from its beginning" : "")}"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> ListAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        using IHost? host = await OpenAsync(context, settings, output, ct).ConfigureAwait(false);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        Configuration configuration = host.Services.GetRequiredService<ActiveConfiguration>().Current;
        Dictionary<string, SourceState> states = (await host.Services.GetRequiredService<ILedger>().EnsureSourcesAsync([.. configuration.Sources.Select(s => s.Name)], ct).ConfigureAwait(false)).ToDictionary(s => s.Name, StringComparer.Ordinal);
        IReadOnlyList<SourceView> views = await host.Services.GetRequiredService<SourceDesk>().AllAsync(ct).ConfigureAwait(false);
        DateTimeOffset now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        output.Write(
            configuration.Sources.Zip(views, (s, view) => new
            {
                s.Name, s.Adapter, s.Every, s.Cron, view.Condition, view.Sentence, view.LastSuccess, view.NewestCompletion, states[s.Name].PausedBecause, states[s.Name].LastFault, states[s.Name].LastFaultSentence,
            }),
            console =>
            {
                Table table = Output.Table("source", "adapter", "schedule", "last read", "state", "what to know");
                foreach (SourceView view in views)
                {
                    table.AddRow(new Text(view.Name), new Text(view.Adapter), new Text(view.Schedule), new Text(Words.Ago(view.LastSuccess, now)), new Text(view.Condition), new Text(view.Sentence ?? ""));
                }

                Output.Draw(console, table, "No source is configured.");
            });
        return ExitCodes.Done;
    }

    private static async Task<IHost?> OpenAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is not null)
        {
            await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
        }

        return host;
    }
}
