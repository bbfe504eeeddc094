using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync people</c>: who may be one, who is, and what makes them so. Shows subject ids and kinds of identifiers, never names or addresses.</summary>
internal static class PeopleCommand
{
    public static Command Create(CommandContext context, CommonOptions options) =>
        new("people", "Shows people, makes one of two, and two of one again. Example: credsync people show ada@example.com")
        {
            List(context, options), Show(context, options), PeopleMerging.Merge(context, options), PeopleMerging.Unmerge(context, options),
        };

    private static Command List(CommandContext context, CommonOptions options)
    {
        var limit = new Option<int>("--limit") { Description = "How many lines at most.", DefaultValueFactory = _ => 50 };
        var command = new Command("ls", "Lists people who share a name or an address and may be one, and merges that stand. Example: credsync people ls") { limit };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            using OpenLedger? open = await OpenLedger.TryAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (open is null)
            {
                return ExitCodes.Usage;
            }

            IReadOnlyList<LookAlikes> alike = await open.Ledger.LookAlikesAsync(parsed.GetValue(limit), ct).ConfigureAwait(false);
            IReadOnlyList<MergeLine> merges = await open.Ledger.MergesAsync(null, ct).ConfigureAwait(false);
            LedgerTotals totals = await open.Ledger.TotalsAsync(ct).ConfigureAwait(false);
            output.Write(
                new { totals.People, alike, merges = merges.Take(parsed.GetValue(limit)) },
                console =>
                {
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals.People:N0} people, {merges.Count:N0} merges that stand."));
                    foreach (LookAlikes some in alike)
                    {
                        console.WriteLine($"  the same {some.Shared}: {string.Join(", ", some.People)}");
                    }

                    foreach (MergeLine merge in merges.Take(parsed.GetValue(limit)))
                    {
                        console.WriteLine($"  {merge.Merged} is one with {merge.Survivor} since {Words.Time(merge.MergedAt)}");
                    }
                });
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "An e-mail address, personnel number, login name or subject id." };
        var command = new Command("show", "Shows one person: how they are known, what they said, and who was merged into them. Example: credsync people show NW-1001") { person };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            using OpenLedger? open = await OpenLedger.TryAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (open is null)
            {
                return ExitCodes.Usage;
            }

            FoundPerson found = await open.PersonAsync(parsed.GetValue(person)!, ct).ConfigureAwait(false);
            PersonLine line = (await open.Ledger.PersonAsync(found.Subject, ct).ConfigureAwait(false))!;
            IReadOnlyList<ActLine> acts = [.. (await Task.WhenAll(line.Members.Select(m => open.Ledger.ActsAsync(m.Subject.ToString(), 20, ct))).ConfigureAwait(false)).SelectMany(a => a).OrderBy(a => a.Number)];
            output.Write(new { line.Subject, line.Members, acts }, console => Draw(console, line, acts));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, PersonLine line, IReadOnlyList<ActLine> acts)
    {
        console.MarkupLineInterpolated($"[bold]{line.Subject}[/]");
        foreach (PersonMember member in line.Members)
        {
            string who = member.Subject == line.Subject ? "known" : $"with {member.Subject}, merged into this one: known";
            console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {who} since {Words.Time(member.FirstSeen)}{(member.BroughtBy is { Length: > 0 } source ? $" from {source}" : "")}; {member.Completions:N0} completions, {member.Issuances:N0} issuances"));
            console.WriteLine($"    by {string.Join(", ", member.Identifiers.Select(i => i.Scope.Length == 0 ? i.Kind : $"{i.Kind} on {i.Scope}"))}");
            foreach (Core.People.ConsentFact fact in member.Consents)
            {
                console.WriteLine($"    {(fact.Given ? "consents" : "does not consent")}{(fact.Issuer.Length == 0 ? "" : $" to {fact.Issuer}")}, says the directory");
            }
        }

        foreach (ActLine act in acts)
        {
            console.WriteLine($"  {Words.Time(act.At)} {act.Verb} by {act.Who}: {act.Why} ({act.Detail})");
        }
    }
}
