using System.CommandLine;
using System.Globalization;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync reconcile</c>: the ledger against its issuers, as a job that is watched; a running worker takes part, or this program does it alone.</summary>
internal static class ReconcileCommand
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string?>("issuer") { Description = "One issuer; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var rate = new Option<double?>("--rate") { Description = "How many credentials a second to compare at most." };
        var act = new ActOptions(required: false);
        var command = new Command(
            "reconcile",
            "Compares the ledger with its issuers and changes nothing: 1 when something differs, 4 when an issuer cannot say. What it found is made right with 'credsync jobs apply'. Example: credsync reconcile --rate 5") { name, rate };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(name), parsed.GetValue(rate), act.Who(parsed), act.Why(parsed), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string? name, double? rate, string who, string why, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
        await host.Services.GetRequiredService<IIssueJournal>().MigrateAsync(ct).ConfigureAwait(false);
        OperatorLedger ledger = host.Services.GetRequiredService<OperatorLedger>();
        var ended = new List<(JobLine Job, IReadOnlyList<ChangeCount> Counts, IReadOnlyList<JobChange> Changes)>();
        string[] names = name is null ? [.. host.Services.GetRequiredService<IssuerRegistry>().Names.Order(StringComparer.Ordinal)] : [name];
        foreach (string issuer in names)
        {
            JobLine begun = await Ask.PageAsync(() => host.Services.GetRequiredService<JobDesk>().ReconcileAsync(issuer, rate, who, why, ct)).ConfigureAwait(false);
            JobLine job = await WatchAsync(host.Services, ledger, begun, output, ct).ConfigureAwait(false);
            ended.Add((job, await ledger.CountChangesAsync(job.Id, ct).ConfigureAwait(false), (await ledger.ChangesAsync(job.Id, null, null, 20, ct).ConfigureAwait(false)).Items));
        }

        output.Write(ended.Select(e => new { job = e.Job, counts = e.Counts, changes = e.Changes }), console => ended.ForEach(e => Draw(console, e.Job, e.Counts, e.Changes)));
        return ended.Any(e => e.Job.State != "done" || e.Counts.Any(c => c.Cause == "cannot-say")) ? ExitCodes.Refused
            : ended.Any(e => e.Counts.Count > 0) ? ExitCodes.Findings
            : ExitCodes.Done;
    }

    // One code path with the worker: whoever holds the job takes its steps, and this program only watches when that is another.
    private static async Task<JobLine> WatchAsync(IServiceProvider services, OperatorLedger ledger, JobLine job, Output output, CancellationToken ct)
    {
        using JobRunner runner = Desks.IssuerJobs(services);
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        long told = 0;
        string? waits = null;
        while (job.State == "running")
        {
            long before = job.Taken;
            await runner.StepAsync(ct, job.Id).ConfigureAwait(false);
            job = (await ledger.JobAsync(job.Id, ct).ConfigureAwait(false))!;
            if (job.Taken - told >= 1000 || (job.State == "running" && job.Sentence != waits))
            {
                (told, waits) = (job.Taken, job.Sentence);
                output.Remark(string.Create(CultureInfo.InvariantCulture, $"{job.Wish.Issuer}: {job.Taken:N0} of {job.Items:N0} compared{(job.Sentence is null ? "" : $"; it waits: {job.Sentence}")}"));
            }

            if (job.State == "running" && job.Taken == before)
            {
                await Task.Delay(Between, time, ct).ConfigureAwait(false);
            }
        }

        return job;
    }

    private static void Draw(IAnsiConsole console, JobLine job, IReadOnlyList<ChangeCount> counts, IReadOnlyList<JobChange> changes)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job.What}: {job.Taken:N0} compared, {counts.Sum(c => c.Count):N0} differ{(job.State == "done" ? "." : $"; it is {job.State}: {job.Sentence}")}"));
        JobsBegin.Draw(console, counts, changes);
        if (counts.Sum(c => c.Left) > 0)
        {
            console.WriteLine($"To make it right, small first: credsync jobs apply {job.Id} --size 1 --why '…'");
        }
    }
}
