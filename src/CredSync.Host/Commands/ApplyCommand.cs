using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Plans;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync apply</c>: does exactly what a plan says, all at once or a little at first.</summary>
internal static class ApplyCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var plan = new Option<string>("--plan") { Description = "The file that plan wrote.", Required = true };
        var canary = new Option<long?>("--canary") { Description = "At most so many changes now; run it again for the rest." };
        var rate = new Option<int?>("--rate") { Description = "At most so many changes a second." };
        var act = new ActOptions(required: false);
        var command = new Command("apply", "Does exactly what a plan says; a run that was stopped goes on where it was. Refuses a plan that is out of date; many changes become a job that a second person approves. Example: credsync apply --plan plan.json --canary 1") { plan, canary, rate };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), parsed.GetValue(plan)!, parsed.GetValue(canary), parsed.GetValue(rate), act.Who(parsed), act.Why(parsed), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string plan, long? canary, int? rate, string who, string why, Output output, CancellationToken ct)
    {
        if (canary < 1 || rate < 1)
        {
            throw new UsageException("--canary and --rate want a whole number from 1.");
        }

        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        PlanHeader header = await PlanFile.ReadAsync(plan, ct).ConfigureAwait(false);
        if (await open.Jobs.WhereIsAsync(header, ct).ConfigureAwait(false) is { } elsewhere)
        {
            throw new PlanException(elsewhere);
        }

        var applier = new PlanApplier(open.Ledger, open.Time);
        long applied = await applier.AppliedAsync(plan, header, open.Configuration.RuleBook, ct).ConfigureAwait(false);
        long left = header.Changes - applied;
        if (Math.Min(left, canary ?? long.MaxValue) > open.Jobs.ApproveOver)
        {
            JobLine job = await Ask.PageAsync(() => open.Jobs.ApplyAsync(header, PlanFile.ChangesAsync(plan, applied, ct), left, canary, rate, who, why, ct)).ConfigureAwait(false);
            output.Write(job, console =>
            {
                JobsCommand.Draw(console, job);
                console.WriteLine($"More than {open.Jobs.ApproveOver} wait for a second person: credsync jobs approve {job.Id} --why '…'");
                console.WriteLine("The running worker makes them then, each decided again first. Fewer are made at once: --canary 1");
            });
            return ExitCodes.Done;
        }

        ApplyResult result = await applier.ApplyAsync(
            plan, open.Configuration.RuleBook, who, why, canary, rate,
            (done, all) => output.Remark(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {all:N0} changes")),
            ct).ConfigureAwait(false);
        output.Write(result, console =>
        {
            if (result.Before == result.Changes)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Plan {result.Plan} was applied already, all {result.Changes:N0} changes of it; nothing was done."));
                return;
            }

            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Plan {result.Plan}: {result.Applied:N0} of {result.Changes:N0} changes done; now {result.Awarded:N0} planned, {result.Held:N0} held, {result.Stopped:N0} stopped{(result.Revised > 0 ? $", {result.Revised:N0} revised" : "")}{(result.AlreadyDone > 0 ? $", {result.AlreadyDone:N0} done before by the worker" : "")}."));
            if (result.LeftOut > 0)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.LeftOut:N0} were left out: the ledger moved, and they would come out otherwise now. See what is left with: credsync plan"));
            }

            if (result is { Example: { } example } && canary is not null)
            {
                console.WriteLine($"Look at one with: credsync explain {example.Person} {example.Credential}");
            }

            if (result.Applied < result.Changes)
            {
                console.WriteLine($"Go on with: credsync apply --plan {plan}");
            }

            if (result.Awarded > 0)
            {
                console.WriteLine("The worker sends what was planned to its issuers; without one running: credsync sync");
            }
        });
        return result.LeftOut == 0 ? ExitCodes.Done : ExitCodes.Refused;
    }
}
