using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync jobs plan</c>, <c>apply</c> and <c>backfill</c>: work that the running worker does, and that survives its restarts.</summary>
internal static class JobsBegin
{
    public static Command Plan(CommandContext context, CommonOptions options)
    {
        var credential = new Option<string?>("--credential") { Description = "Only this credential, and those that its rule asks for." };
        var since = DayOption.Create("--since", "Only what was earned on this day (UTC) or later, e.g. 2025-01-01.");
        var until = DayOption.Create("--until", "Only what was earned on this day (UTC) or before.");
        var rate = new Option<double?>("--rate") { Description = "People a second." };
        var command = new Command("plan", "Begins to look at what the rules would change, as a job. Example: credsync jobs plan --credential data-foundations --why 'the rule changed'") { credential, since, until, rate };
        return Begin(command, context, options, (desk, parsed, who, why, ct) => desk.PlanAsync(parsed.GetValue(credential), parsed.GetValue(since), parsed.GetValue(until), parsed.GetValue(rate), who, why, ct));
    }

    public static Command Apply(CommandContext context, CommonOptions options)
    {
        var id = new Argument<long>("job") { Description = "The plan, or the comparison, whose changes are to be made." };
        var size = new Option<string>("--size") { Description = "How many, in their order: a number, or all.", DefaultValueFactory = _ => "10" };
        var rate = new Option<double?>("--rate") { Description = "Changes a second." };
        var command = new Command("apply", "Makes changes that a plan or a comparison found, as a job; each is proved again first. Example: credsync jobs apply 7 --size 1 --why 'small first'") { id, size, rate };
        return Begin(command, context, options, (desk, parsed, who, why, ct) => desk.ApplyAsync(parsed.GetValue(id), Size(parsed.GetValue(size)!), parsed.GetValue(rate), who, why, ct));
    }

    public static Command Backfill(CommandContext context, CommonOptions options)
    {
        var source = new Argument<string>("source") { Description = "The source." };
        var command = new Command("backfill", "Has a source read once more from the beginning, as a job; nothing is issued twice. Example: credsync jobs backfill moodle-hr --why 'courses were added'") { source };
        return Begin(command, context, options, (desk, parsed, who, why, ct) => desk.BackfillAsync(parsed.GetValue(source)!, who, why, ct));
    }

    public static Command Changes(CommandContext context, CommonOptions options)
    {
        var id = new Argument<long>("job") { Description = "The plan or the comparison." };
        var act = new Option<string?>("--act") { Description = "Only changes of this kind." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 50 };
        var after = new Option<string?>("--after") { Description = "Goes on after a page: the 'next' of its JSON." };
        var command = new Command("changes", "Shows what a plan would change, or a comparison found, and what became of it. Example: credsync jobs changes 7") { id, act, limit, after };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            OperatorLedger ledger = host.Services.GetRequiredService<OperatorLedger>();
            if (await ledger.JobAsync(parsed.GetValue(id), ct).ConfigureAwait(false) is null)
            {
                throw new UsageException($"There is no job {parsed.GetValue(id)}.");
            }

            IReadOnlyList<ChangeCount> counts = await ledger.CountChangesAsync(parsed.GetValue(id), ct).ConfigureAwait(false);
            Page<JobChange> page = await Ask.PageAsync(() => ledger.ChangesAsync(parsed.GetValue(id), parsed.GetValue(act), parsed.GetValue(after), Ask.Limit(parsed.GetValue(limit)), ct)).ConfigureAwait(false);
            options.Output(parsed).Write(new { counts, page.Items, page.Next }, console => Draw(console, counts, page.Items));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Draws changes: their sums, then each.</summary>
    internal static void Draw(IAnsiConsole console, IReadOnlyList<ChangeCount> counts, IReadOnlyList<JobChange> changes)
    {
        foreach (ChangeCount count in counts)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{count.Count:N0}[/] {count.Act} {count.Cause} {count.Definition}, {count.Left:N0} not made yet");
        }

        foreach (JobChange change in changes)
        {
            console.MarkupLineInterpolated($"  {change.Act} {change.Issuance} {change.Definition} {change.Cause}{(change.Result is null ? "" : $" ({change.Result})")} {change.Sentence}");
        }

        if (counts.Count == 0)
        {
            console.WriteLine("Nothing was found.");
        }
    }

    /// <summary>A size as it is typed.</summary>
    internal static long? Size(string text) => text == "all" ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size
        : throw new UsageException($"--size is a number or all, not '{text}'.");

    private static Command Begin(Command command, CommandContext context, CommonOptions options, Func<JobDesk, ParseResult, string, string, CancellationToken, Task<JobLine>> begin)
    {
        var act = new ActOptions();
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost? host = context.TryBuild(options.Settings(parsed) with { Roles = Roles.None, LogToTerminal = false }, options.Output(parsed));
            if (host is null)
            {
                return ExitCodes.Usage;
            }

            await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
            JobLine job = await Ask.PageAsync(() => begin(host.Services.GetRequiredService<JobDesk>(), parsed, act.Who(parsed), act.Why(parsed), ct)).ConfigureAwait(false);
            options.Output(parsed).Write(job, console =>
            {
                JobsCommand.Draw(console, job);
                console.WriteLine(job.State == "waiting" ? $"It waits for a second person: credsync jobs approve {job.Id}" : $"The running worker does it; watch it: credsync jobs show {job.Id}");
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
