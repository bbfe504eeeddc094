using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync jobs</c>: what is done in small steps, how far it is, and the ways to stop it.</summary>
internal static class JobsCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("jobs", "Shows jobs, begins some, approves, pauses, resumes and cancels them. Example: credsync jobs ls")
        {
            List(context, options), Show(context, options), JobsBegin.Changes(context, options), JobsBegin.Plan(context, options), JobsBegin.Apply(context, options), JobsBegin.Backfill(context, options),
        };
        command.Subcommands.Add(Move("approve", "Approves a job of another person, so that it begins. Example: credsync jobs approve 7 --why 'agreed'", context, options));
        command.Subcommands.Add(Move("pause", "Pauses a job. Example: credsync jobs pause 7 --why 'let us look first'", context, options));
        command.Subcommands.Add(Move("resume", "Goes on with a job that is paused or was stopped. Example: credsync jobs resume 7 --why 'mended'", context, options));
        command.Subcommands.Add(Move("cancel", "Ends a job; what it has done stays done. Example: credsync jobs cancel 7 --why 'not needed'", context, options));
        return command;
    }

    internal static void Draw(IAnsiConsole console, JobLine job)
    {
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"job [bold]{job.Id}[/] [yellow]{job.State}[/] {job.Kind} {job.What}, by {job.Who} at {Words.Time(job.At)}: {job.Why}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {job.Taken:N0} of {job.Items:N0} taken at {job.Rate:0.##} a second: {job.Succeeded:N0} succeeded, {job.Failed:N0} failed, {job.Skipped:N0} settled before, {job.UnderWay:N0} under way");
        if (job.Kind is "plan" or "reconcile")
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {job.Found:N0} changes found; see them: credsync jobs changes {job.Id}{(job is { State: "done", Found: > 0 } ? $"; make them: credsync jobs apply {job.Id} --size 1 --why '…'" : "")}");
        }

        if (job.Sentence is not null)
        {
            console.MarkupLineInterpolated($"  {job.Sentence}");
        }
    }

    private static Command List(CommandContext context, CommonOptions options)
    {
        var state = new Option<string?>("--state") { Description = "Only jobs in this state." };
        state.AcceptOnlyFromAmong("waiting", "running", "paused", "stopped", "done", "cancelled");
        var kind = new Option<string?>("--kind") { Description = "Only jobs of this kind, such as retry or plan." };
        var who = new Option<string?>("--who") { Description = "Only jobs of this person or key." };
        var limit = new Option<int>("--limit") { Description = "How many at most, the newest first.", DefaultValueFactory = _ => 20 };
        var after = new Option<string?>("--after") { Description = "Goes on after a page: the 'next' of its JSON." };
        var list = new Command("ls", "Lists jobs, the newest first. Example: credsync jobs ls --state running") { state, kind, who, limit, after };
        options.AddTo(list);
        list.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            Page<JobLine> page = await Ask.PageAsync(
                () => host.Services.GetRequiredService<OperatorLedger>().JobsAsync(parsed.GetValue(state), parsed.GetValue(kind), parsed.GetValue(who), parsed.GetValue(after), Ask.Limit(parsed.GetValue(limit)), ct)).ConfigureAwait(false);
            options.Output(parsed).Write(page, console =>
            {
                foreach (JobLine job in page.Items)
                {
                    Draw(console, job);
                }

                if (page.Items.Count == 0)
                {
                    console.WriteLine("There are no jobs.");
                }
            });
            return ExitCodes.Done;
        });
        return list;
    }

    private static Command Show(CommandContext context, CommonOptions options)
    {
        var id = new Argument<long>("job") { Description = "The job." };
        var show = new Command("show", "Shows one job with its counts as they are now; ends with 4 when it was stopped. Example: credsync jobs show 7") { id };
        options.AddTo(show);
        show.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            JobLine job = await host.Services.GetRequiredService<OperatorLedger>().JobAsync(parsed.GetValue(id), ct).ConfigureAwait(false) ?? throw new UsageException($"There is no job {parsed.GetValue(id)}.");
            options.Output(parsed).Write(job, console => Draw(console, job));
            return job.State == "stopped" ? ExitCodes.Refused : ExitCodes.Done;
        });
        return show;
    }

    private static Command Move(string verb, string summary, CommandContext context, CommonOptions options)
    {
        var id = new Argument<long>("job") { Description = "The job." };
        var act = new ActOptions();
        var command = new Command(verb, summary) { id };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            JobLine job = await Ask.PageAsync(() => host.Services.GetRequiredService<JobDesk>().MoveAsync(parsed.GetValue(id), verb, act.Who(parsed), act.Why(parsed), ct)).ConfigureAwait(false);
            options.Output(parsed).Write(job, console => Draw(console, job));
            return ExitCodes.Done;
        });
        return command;
    }
}
