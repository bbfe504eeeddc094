using System.CommandLine;
using System.Globalization;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync people merge</c> and <c>unmerge</c>: a preview first when more than who they are would change.</summary>
internal static class PeopleMerging
{
    public static Command Merge(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "Who is merged: an identifier or subject id." };
        var into = new Argument<string>("into") { Description = "Into whom: the one whose name and address are used from now on." };
        var yes = new Option<bool>("--yes") { Description = "Does it; without, it is only shown when issuances change by it." };
        var act = new ActOptions();
        var command = new Command("merge", "Makes one person of two; nothing is issued twice, and it can be taken back. Example: credsync people merge NW-1001 ada@example.com --why 'married, new personnel number'") { person, into, yes };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            using OpenLedger? open = await OpenLedger.TryAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (open is null)
            {
                return ExitCodes.Usage;
            }

            Guid merged = (await open.PersonAsync(parsed.GetValue(person)!, ct).ConfigureAwait(false)).Subject;
            Guid survivor = (await open.PersonAsync(parsed.GetValue(into)!, ct).ConfigureAwait(false)).Subject;
            MergePlan plan = await open.Merges.PreviewAsync(merged, survivor, open.Configuration, ct).ConfigureAwait(false);
            bool acts = parsed.GetValue(yes) || (plan.Duplicates.Count == 0 && plan.Decisions.Count == 0);
            int matched = 0;
            if (acts)
            {
                plan = await open.Merges.MergeAsync(merged, survivor, open.Configuration, act.Who(parsed), act.Why(parsed), ct).ConfigureAwait(false);
                matched = (await open.HeldPeople.MatchAsync(open.Configuration, ct).ConfigureAwait(false)).Matched;
            }

            Write(output, merged, survivor, plan, acts, matched);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Unmerge(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "Who was merged, by subject id; or an identifier of the person, when only one was merged into them." };
        var act = new ActOptions();
        var command = new Command("unmerge", "Takes a merge back: two people again, as before. Example: credsync people unmerge ada@example.com --why 'two people after all'") { person };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            using OpenLedger? open = await OpenLedger.TryAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (open is null)
            {
                return ExitCodes.Usage;
            }

            MergeLine merge = await FindAsync(open, parsed.GetValue(person)!, ct).ConfigureAwait(false);
            await open.Merges.UnmergeAsync(merge, open.Configuration, act.Who(parsed), act.Why(parsed), ct).ConfigureAwait(false);
            output.Write(new { merge.Merged, merge.Survivor }, console => console.WriteLine($"{merge.Merged} and {merge.Survivor} are two people again."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<MergeLine> FindAsync(OpenLedger open, string identifier, CancellationToken ct)
    {
        Guid root = (await open.PersonAsync(identifier, ct).ConfigureAwait(false)).Subject;
        PersonLine line = (await open.Ledger.PersonAsync(root, ct).ConfigureAwait(false))!;
        List<MergeLine> merges = [.. (await open.Ledger.MergesAsync(null, ct).ConfigureAwait(false)).Where(m => line.Members.Any(p => p.Subject == m.Merged))];
        return Guid.TryParse(identifier, out Guid id) && merges.Find(m => m.Merged == id) is { } named ? named
            : merges switch
            {
                [var only] => only,
                [] => throw new UsageException("Nobody was merged into this person; look with: credsync people ls"),
                _ => throw new UsageException($"Several people were merged into this one; give the subject id of the one that you mean: {string.Join(", ", merges.Select(m => m.Merged))}"),
            };
    }

    private static void Write(Output output, Guid merged, Guid survivor, MergePlan plan, bool acts, int matched) => output.Write(
        new
        {
            merged,
            survivor,
            changed = acts,
            duplicates = plan.Duplicates.Select(k => new { k.Id, k.Definition, k.Subject }),
            issuedTwice = plan.Twice.Select(k => new { k.Id, k.Definition, k.Subject }),
            decided = plan.Decisions.Select(d => new { d.Definition, what = d is Decision.Issue ? "award" : "hold", d.Reason }),
            matched,
        },
        console =>
        {
            foreach (Core.Issuance.IssuanceKey key in plan.Duplicates)
            {
                console.WriteLine($"hold {key.Definition} of {key.Subject}: both have it, and one is enough");
            }

            foreach (Core.Issuance.IssuanceKey key in plan.Twice)
            {
                console.WriteLine($"{key.Definition} was issued to both before; to take one back, revoke {key.Id}");
            }

            foreach (Decision decision in plan.Decisions)
            {
                console.WriteLine($"{(decision is Decision.Issue ? "award" : "hold")} {decision.Definition}: {decision.Reason}");
            }

            console.WriteLine(acts
                ? string.Create(CultureInfo.InvariantCulture, $"{merged} is one with {survivor} now{(matched > 0 ? $"; {matched:N0} held completions have a person by it" : "")}.")
                : "Nothing was changed; to do this, add --yes.");
        });
}
