using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync failures retry</c>, <c>park</c> and <c>archive</c>: each makes a job that the running worker does.</summary>
internal static class FailuresAct
{
    public static Command Create(string kind, string summary, CommandContext context, CommonOptions options)
    {
        var id = IssuanceArgument.Create("One issuance; left out, all of a cause, kind or issuer.", "credsync failures show CAUSE");
        var cause = new Option<string?>("--cause") { Description = "All of this cause." };
        var fingerprint = new Option<string?>("--kind") { Description = "Only sentences of one kind: the fingerprint of a group." };
        var issuer = new Option<string?>("--issuer") { Description = "Only at this issuer." };
        var size = new Option<string>("--size") { Description = "How many, the oldest first: a number, or all.", DefaultValueFactory = _ => "10" };
        var rate = new Option<double>("--rate") { Description = "Items a second.", DefaultValueFactory = _ => FailureDesk.DefaultRate };
        var stopAt = new Option<double?>("--stop-at") { Description = "Stops when this share (0 to 1) of those with an outcome failed again." };
        var act = new ActOptions();
        var command = new Command(kind, summary) { id, cause, fingerprint, issuer, size, rate };
        if (kind == "retry")
        {
            command.Options.Add(stopAt);
        }

        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var filter = new FailureFilter(parsed.GetValue(cause), parsed.GetValue(fingerprint), parsed.GetValue(issuer), parsed.GetValue(id));
            if (filter is { Cause: null, Issuer: null, Id: null })
            {
                throw new UsageException($"Name an issuance, --cause or --issuer: credsync failures {kind} --cause CAUSE --size 1 --why '…'");
            }

            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            JobLine job = await Ask.PageAsync(() => host.Services.GetRequiredService<FailureDesk>().ActAsync(
                kind, filter, filter.Id is null ? Size(parsed.GetValue(size)!) : 1, parsed.GetValue(rate), kind == "retry" ? parsed.GetValue(stopAt) : null, act.Who(parsed), act.Why(parsed), ct)).ConfigureAwait(false);
            options.Output(parsed).Write(job, console =>
            {
                JobsCommand.Draw(console, job);
                console.WriteLine(job.State == "waiting"
                    ? $"It waits for a second person: credsync jobs approve {job.Id}"
                    : $"The running worker does it; watch it: credsync jobs show {job.Id}");
            });
            return ExitCodes.Done;
        });
        return command;
    }

    private static int? Size(string text) => text == "all" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size
        : throw new UsageException($"--size is a number or all, not '{text}'.");
}
