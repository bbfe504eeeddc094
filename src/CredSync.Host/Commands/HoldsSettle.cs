using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Jobs;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync holds approve</c> and <c>reject</c>: one by its id, or many by cause and credential, which wants <c>--yes</c> after a preview.</summary>
internal static class HoldsSettle
{
    public static Command Create(string verb, string summary, bool approved, CommandContext context, CommonOptions options)
    {
        var id = IssuanceArgument.Create("The issuance; left out, all of a cause or credential.", "credsync holds ls");
        var cause = new Option<string?>("--cause") { Description = "All that are held for this cause." };
        var credential = new Option<string?>("--credential") { Description = "All that are held of this credential." };
        var earned = DayOption.Create("--earned", "The day on which it was earned (UTC), when the platform does not say; from the platform's own records.");
        var yes = new Option<bool>("--yes") { Description = "Does it; without, many are only shown." };
        var act = new ActOptions();
        var command = new Command(verb, summary) { id, cause, credential, yes };
        if (approved)
        {
            command.Options.Add(earned);
        }

        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), new HeldFilter(parsed.GetValue(id), parsed.GetValue(cause), parsed.GetValue(credential)),
            new HoldWish(approved, approved ? parsed.GetValue(earned) : null, act.Who(parsed), act.Why(parsed)), parsed.GetValue(yes), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, HeldFilter filter, HoldWish wish, bool yes, Output output, CancellationToken ct)
    {
        if (filter is { Id: null, Cause: null, Definition: null })
        {
            throw new UsageException($"Name an issuance, or --cause, or --credential: credsync holds {wish.Verb} ID --why '…'");
        }

        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        IReadOnlyList<HeldLine> lines = await open.Ledger.HeldAsync(filter, int.MaxValue, ct).ConfigureAwait(false);
        if (lines.Count == 0)
        {
            output.Error("Nothing is held like this; look with: credsync holds ls");
            return ExitCodes.Findings;
        }

        var settled = lines.ToLookup(l => HoldDesk.WhyNot(l, wish) is null);
        HeldLine[] chosen = [.. settled[true]];
        JobDesk jobs = open.Jobs;
        if (yes && filter.Id is null && chosen.Length > jobs.ApproveOver)
        {
            JobLine job = await jobs.SettleAsync(chosen, $"{filter.Cause ?? "any cause"}, {filter.Definition ?? "any credential"}", wish, ct).ConfigureAwait(false);
            output.Write(job, console =>
            {
                JobsCommand.Draw(console, job);
                console.WriteLine($"More than {jobs.ApproveOver} wait for a second person: credsync jobs approve {job.Id} --why '…'");
            });
            return ExitCodes.Done;
        }

        bool acts = yes || filter.Id is not null;
        int done = acts ? await HoldDesk.SettleAsync(open.Ledger, open.Configuration.RuleBook, chosen, wish, ct).ConfigureAwait(false) : 0;
        output.Write(
            new
            {
                done,
                changed = acts,
                would = settled[true].GroupBy(l => (l.Cause, l.Issuance.Definition)).Select(g => new { cause = g.Key.Cause, credential = g.Key.Definition, count = g.Count(), firstEarned = g.Min(l => l.Issuance.EarnedAt), lastEarned = g.Max(l => l.Issuance.EarnedAt) }),
                cannot = settled[false].Select(l => new { l.Issuance.Id, l.Cause, sentence = HoldDesk.WhyNot(l, wish) }),
            },
            console =>
            {
                foreach (IGrouping<(string Cause, string Definition), HeldLine> group in settled[true].GroupBy(l => (l.Cause, l.Issuance.Definition)))
                {
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wish.Verb} {group.Key.Definition}, held for {group.Key.Cause}: {group.Count():N0}, for example {string.Join(", ", group.Take(3).Select(l => l.Issuance.Id))}"));
                }

                foreach (IGrouping<string?, HeldLine> group in settled[false].GroupBy(l => HoldDesk.WhyNot(l, wish)))
                {
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cannot {wish.Verb} {group.Count():N0} ({string.Join(", ", group.Take(3).Select(l => l.Issuance.Id))}): {group.Key}."));
                }

                console.WriteLine(acts ? string.Create(CultureInfo.InvariantCulture, $"{done:N0} done.") : "Nothing was changed; to do this, add --yes.");
            });
        return settled[false].Any() ? ExitCodes.Refused : ExitCodes.Done;
    }
}
