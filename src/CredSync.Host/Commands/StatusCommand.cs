using System.CommandLine;
using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync status</c>: where every source stands, what is issued, what waits, what went wrong.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("status", "Shows sources, credentials, and what waits or went wrong. Example: credsync status --format json");
        var watch = new Option<bool>("--watch") { Description = "Shows it again every two seconds, until Ctrl+C." };
        command.Options.Add(watch);
        options.AddTo(command);
        command.SetAction((parsed, ct) => parsed.GetValue(watch)
            ? WatchAsync(context, options.Settings(parsed), options.Output(parsed), ct)
            : RunAsync(context, options.Settings(parsed), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> WatchAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), settings.Clock);
        do
        {
            if (!output.IsJson && output.Results.Profile.Out.IsTerminal)
            {
                output.Results.Clear();
            }

            await RunAsync(context, settings, output, ct).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false));
        return ExitCodes.Done;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        using IHost host = context.BuildReader(settings);
        ILedger ledger = host.Services.GetRequiredService<ILedger>();
        await ledger.MigrateAsync(ct).ConfigureAwait(false);
        DateTimeOffset now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        IReadOnlyList<SourceState> sources = await ledger.SourcesAsync(ct).ConfigureAwait(false);
        IReadOnlyList<IssuanceCount> counts = await ledger.CountIssuancesAsync(ct).ConfigureAwait(false);
        IReadOnlyList<IssuanceLine> open = await ledger.OpenIssuancesAsync(20, ct).ConfigureAwait(false);
        IReadOnlyList<RevocationLine> revocations = await ledger.OpenRevocationsAsync(20, ct).ConfigureAwait(false);
        IReadOnlyList<SetAsideLine> setAside = await ledger.SetAsideAsync(20, ct).ConfigureAwait(false);
        LedgerTotals totals = await ledger.TotalsAsync(ct).ConfigureAwait(false);
        Configuration? configuration = ReadConfiguration(context, settings);
        IReadOnlyList<TokenView> tokens = configuration is null ? [] : TokenDesk.Of(configuration, now);
        SourceLine[] stand = [.. sources.Select(s => SourceLine.Of(configuration?.Sources.FirstOrDefault(c => c.Name == s.Name), s, now, TimeZones.Find(configuration?.Organisation.TimeZone ?? "UTC")))];
        OperatorLedger operators = host.Services.GetRequiredService<OperatorLedger>();
        IReadOnlyList<FailureGroup> failures = await operators.FailureGroupsAsync(ct).ConfigureAwait(false);
        long held = (await ledger.CountHeldAsync(new HeldFilter(), ct).ConfigureAwait(false)).Sum(h => (long)h.Count);
        DateTimeOffset? oldest = await operators.OldestWaitingAsync(ct).ConfigureAwait(false);
        long waiting = await operators.CountJobsAsync("waiting", ct).ConfigureAwait(false), running = await operators.CountJobsAsync("running", ct).ConfigureAwait(false);
        output.Write(
            new
            {
                totals,
                tokens,
                sources = stand.Select(l => new { l.State.Name, l.Condition, l.Sentence, l.State.LastSuccess, l.State.NewestCompletion, l.State.PausedBecause, l.State.Failures, l.State.LastFault, l.State.LastFaultSentence, l.State.NotBefore }),
                issuances = counts,
                open = open.Select(i => new { i.Id, i.Definition, i.State, i.Cause, i.Sentence, i.Attempts, i.NotBefore }),
                revocations = revocations.Select(r => new { r.Id, r.Definition, r.Issuer, r.State, r.Cause, r.Sentence, r.Attempts }),
                setAside,
                failures = new { count = failures.Sum(f => f.Count), groups = failures.Count },
                holds = held,
                oldestWaiting = oldest,
                jobs = new { running, waiting },
            },
            console =>
            {
                DrawSources(console, stand, now);
                DrawCounts(console, counts);
                foreach (TokenView token in tokens.Where(t => t.DaysLeft <= TokenDesk.SoonDays))
                {
                    console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]token[/] of {token.Kind} {token.Name} {(token.DaysLeft < 0 ? "ended" : "ends")} on {token.LastDay:yyyy-MM-dd} ({token.DaysLeft} days left)");
                }

                DrawOpen(console, open, revocations, setAside);
                foreach (string line in Wants(failures, held, oldest, waiting, now))
                {
                    console.MarkupLineInterpolated($"[yellow]→[/] {line}");
                }

                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{totals.Completions:N0} completions of {totals.People:N0} people; {totals.Withheld:N0} completions wait for a person to be named; {totals.SetAside:N0} records are set aside.");
            });
        return ExitCodes.Done;
    }

    // What somebody should look at, with the command that shows it.
    private static IEnumerable<string> Wants(IReadOnlyList<FailureGroup> failures, long held, DateTimeOffset? oldest, long waiting, DateTimeOffset now)
    {
        if (failures.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{failures.Sum(f => f.Count):N0} failures in {failures.Count:N0} groups: credsync failures");
        }

        if (held > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{held:N0} are held for a person's decision: credsync holds ls");
        }

        if (waiting > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{waiting:N0} jobs wait for a second person: credsync jobs ls --state waiting");
        }

        if (oldest < now)
        {
            yield return $"the oldest that waits to be sent was planned {Words.Ago(oldest, now)}";
        }
    }

    // It may be under repair; then sources stand by the default, and nothing is known of tokens.
    private static Configuration? ReadConfiguration(CommandContext context, WorkerSettings settings)
    {
        try
        {
            return Worker.ReadConfiguration(settings, context.Catalogue(settings)).Result.Configuration;
        }
        catch (PlugIns.PlugInException)
        {
            return null;
        }
    }

    private static void DrawSources(IAnsiConsole console, IReadOnlyList<SourceLine> sources, DateTimeOffset now)
    {
        Table table = Output.Table("source", "state", "last read", "newest completion", "what to know");
        foreach (SourceLine line in sources)
        {
            string state = line.Condition switch
            {
                "paused" => "[red]paused[/]",
                "failing" => $"[yellow]backing off ({line.State.Failures})[/]",
                "never read" => "[grey]not read yet[/]",
                "silent" or "left out" => $"[grey]{line.Condition}[/]",
                "late" => "[yellow]late[/]",
                _ => "[green]well[/]",
            };
            table.AddRow(new Text(line.State.Name), new Markup(state), new Text(Words.Ago(line.State.LastSuccess, now)), new Text(Words.Time(line.State.NewestCompletion)), new Text(line.Sentence ?? ""));
        }

        Output.Draw(console, table, "No source was read yet.");
    }

    private static void DrawCounts(IAnsiConsole console, IReadOnlyList<IssuanceCount> counts)
    {
        Table table = Output.Table("credential", "issuer", "issued", "planned", "sent", "held", "refused", "revoked");
        foreach (IGrouping<(string Definition, string Issuer), IssuanceCount> row in counts.GroupBy(c => (c.Definition, c.Issuer)))
        {
            string Count(IssuanceState state) => row.FirstOrDefault(c => c.State == state)?.Count.ToString(CultureInfo.InvariantCulture) ?? "·";
            table.AddRow(row.Key.Definition, row.Key.Issuer, Count(IssuanceState.Issued), Count(IssuanceState.Planned), Count(IssuanceState.Sent), Count(IssuanceState.Held), Count(IssuanceState.Refused), Count(IssuanceState.Revoked));
        }

        Output.Draw(console, table, "Nothing was awarded yet.");
    }

    private static void DrawOpen(IAnsiConsole console, IReadOnlyList<IssuanceLine> open, IReadOnlyList<RevocationLine> revocations, IReadOnlyList<SetAsideLine> setAside)
    {
        foreach (IssuanceLine line in open)
        {
            console.MarkupLineInterpolated($"[yellow]{line.State.ToString().ToLowerInvariant()}[/] {line.Definition} {line.Id} [bold]{line.Cause}[/] {line.Sentence}");
        }

        foreach (RevocationLine line in revocations)
        {
            console.MarkupLineInterpolated($"[yellow]revocation {line.State.ToString().ToLowerInvariant()}[/] {line.Definition} {line.Id} [bold]{line.Cause}[/] {line.Sentence}");
        }

        foreach (SetAsideLine line in setAside)
        {
            console.MarkupLineInterpolated($"[yellow]set aside[/] {line.Source} {line.Reference} [bold]{line.Cause}[/] {line.Sentence} (seen {line.Times} times)");
        }
    }

    private sealed record SourceLine(SourceState State, string Condition, string? Sentence)
    {
        public static SourceLine Of(SourceDefinition? source, SourceState state, DateTimeOffset now, TimeZoneInfo zone)
        {
            string condition = SourceCondition.Of(source, state, null, now, zone);
            return new SourceLine(state, condition, SourceCondition.Sentence(source, state, condition, null, now, zone));
        }
    }
}
