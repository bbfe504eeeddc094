using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync failures</c>: what went wrong, grouped; and the small steps that repair it.</summary>
internal static class FailuresCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var by = new Option<string>("--by") { Description = "How to group: cause, source or issuer.", DefaultValueFactory = _ => "cause" };
        by.AcceptOnlyFromAmong("cause", "source", "issuer");
        var command = new Command("failures", "Shows what went wrong by cause, since when, and what to do; ends with 1 when there is anything. Example: credsync failures --by issuer") { by };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost host = await OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            IReadOnlyList<FailureView> views = await host.Services.GetRequiredService<FailureDesk>().GroupsAsync(null, null, ct).ConfigureAwait(false);
            views = parsed.GetValue(by) switch
            {
                "source" => [.. views.Where(v => v.Group.Kind == "record").OrderBy(v => v.Group.Place, StringComparer.Ordinal)],
                "issuer" => [.. views.Where(v => v.Group.Kind == "issuance").OrderBy(v => v.Group.Place, StringComparer.Ordinal)],
                _ => views,
            };
            options.Output(parsed).Write(views, console => DrawGroups(console, views));
            return views.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
        command.Subcommands.Add(Show(context, options));
        command.Subcommands.Add(FailuresAct.Create("retry", "Plans failures again as a job: one first, then ten, then all. Example: credsync failures retry --cause issuer-template-archived --size 1 --why 'template is back'", context, options));
        command.Subcommands.Add(FailuresAct.Create("park", "Stops trying what still waits, for good until somebody retries it. Example: credsync failures park --cause issuer-defect --why 'until the next version'", context, options));
        command.Subcommands.Add(FailuresAct.Create("archive", "Puts parked failures away, so that they are not counted any more. Example: credsync failures archive --cause issuer-refused --why 'left the company'", context, options));
        command.Subcommands.Add(Note(context, options));
        return command;
    }

    internal static async Task<IHost> OpenAsync(CommandContext context, WorkerSettings settings, CancellationToken ct)
    {
        IHost host = context.BuildReader(settings);
        await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
        return host;
    }

    private static Command Show(CommandContext context, CommonOptions options)
    {
        var cause = new Argument<string>("cause") { Description = "The cause." };
        var fingerprint = new Option<string?>("--kind") { Description = "Only sentences of one kind: the fingerprint of a group." };
        var limit = new Option<int>("--limit") { Description = "How many at most, the newest first.", DefaultValueFactory = _ => 20 };
        var after = new Option<string?>("--after") { Description = "Goes on after a page: the 'next' of its JSON." };
        var show = new Command("show", "Shows what a cause means, what to do, and the failures one by one. Example: credsync failures show issuer-unreachable") { cause, fingerprint, limit, after };
        options.AddTo(show);
        show.SetAction(async (parsed, ct) =>
        {
            using IHost host = await OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            Output output = options.Output(parsed);
            string code = parsed.GetValue(cause)!;
            Cause known = CauseBook.Of(code);
            var filter = new IssuanceFilter { Cause = code, Fingerprint = parsed.GetValue(fingerprint), Failing = true };
            Page<IssuanceSummary> page = await Ask.PageAsync(
                () => host.Services.GetRequiredService<OperatorLedger>().IssuancesAsync(filter, parsed.GetValue(after), Ask.Limit(parsed.GetValue(limit)), ct)).ConfigureAwait(false);
            IReadOnlyList<FailureView> groups = await host.Services.GetRequiredService<FailureDesk>().GroupsAsync(code, null, ct).ConfigureAwait(false);
            output.Write(new { cause = known, groups = groups.Select(g => g.Group), page.Items, page.Next }, console =>
            {
                console.MarkupLineInterpolated($"[bold]{known.Code}[/] ({known.Kind.ToString().ToLowerInvariant()}): {known.Meaning}");
                console.MarkupLineInterpolated($"  who can fix it: {known.Who}");
                console.MarkupLineInterpolated($"  what to do:     {known.ToDo}");
                console.MarkupLineInterpolated($"  [grey]{known.Runbook}[/]");
                foreach (IssuanceSummary line in page.Items)
                {
                    console.MarkupLineInterpolated($"  {line.Id} [yellow]{line.State.ToLowerInvariant()}[/] {line.Definition} at {line.Issuer}, attempt {line.Attempts}, {Words.Time(line.OutcomeAt)}: {line.Sentence}");
                }
            });
            return groups.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
        return show;
    }

    private static Command Note(CommandContext context, CommonOptions options)
    {
        var cause = new Argument<string>("cause") { Description = "The cause." };
        var text = new Argument<string>("text") { Description = "The note; empty takes it away." };
        var fingerprint = new Option<string>("--kind") { Description = "The fingerprint of the group.", DefaultValueFactory = _ => "" };
        var act = new ActOptions(required: false);
        var note = new Command("note", "Writes a note that everybody sees beside a group of failures. Example: credsync failures note issuer-unreachable 'they know; ticket 4711'") { cause, text, fingerprint };
        act.AddTo(note);
        options.AddTo(note);
        note.SetAction(async (parsed, ct) =>
        {
            using IHost host = await OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            await host.Services.GetRequiredService<OperatorLedger>().NoteAsync(parsed.GetValue(cause)!, parsed.GetValue(fingerprint)!, parsed.GetValue(text)!, act.Who(parsed), ct).ConfigureAwait(false);
            options.Output(parsed).Write(new { done = true }, console => console.WriteLine("Noted."));
            return ExitCodes.Done;
        });
        return note;
    }

    private static void DrawGroups(IAnsiConsole console, IReadOnlyList<FailureView> views)
    {
        if (views.Count == 0)
        {
            console.WriteLine("Nothing is failing.");
            return;
        }

        foreach (FailureView view in views)
        {
            FailureGroup group = view.Group;
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{group.Cause}[/] {group.Fingerprint} at {group.Place}: {group.Count:N0} ({group.Waiting:N0} tried again by themselves, {group.InDoubt:N0} in doubt, {group.LastHour:N0} in the last hour)");
            console.MarkupLineInterpolated($"  [grey]from {Words.Time(group.FirstSeen)} to {Words.Time(group.LastSeen)}[/] {group.Sentence}");
            console.MarkupLineInterpolated($"  [yellow]→[/] {view.Cause.Who}: {view.Cause.ToDo} [grey]{view.Cause.Runbook}[/]");
            if (group.Note is { } note)
            {
                console.MarkupLineInterpolated($"  note of {note.Who}, {Words.Time(note.At)}: {note.Text}");
            }
        }
    }
}
