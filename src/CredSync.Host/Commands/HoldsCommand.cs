using System.CommandLine;
using System.Globalization;
using CredSync.Host.Ledger;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync holds</c>: what waits for a person, and the ways to settle it.</summary>
internal static class HoldsCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("holds", "Shows what waits for a person, and settles it. Example: credsync holds ls") { List(context, options) };
        command.Subcommands.Add(HoldsSettle.Create("approve", "Lets held issuances go to their issuers, or keeps credentials under review. Example: credsync holds approve --cause approval --why 'board of 3 May' --yes", approved: true, context, options));
        command.Subcommands.Add(HoldsSettle.Create("reject", "Refuses held issuances for good, or asks for the revocation of credentials under review. Example: credsync holds reject 9d0aab55-8294-5638-a0ef-c2f5e3a3bed7 --why 'not our employee'", approved: false, context, options));
        command.Subcommands.Add(HoldsMatch.Create(context, options));
        return command;
    }

    private static Command List(CommandContext context, CommonOptions options)
    {
        var cause = new Option<string?>("--cause") { Description = "Only this cause." };
        var credential = new Option<string?>("--credential") { Description = "Only this credential." };
        var limit = new Option<int>("--limit") { Description = "How many lines at most, the oldest first.", DefaultValueFactory = _ => 50 };
        var list = new Command("ls", "Lists held issuances, credentials under review, and completions of which nobody can be named. Example: credsync holds ls --cause approval") { cause, credential, limit };
        options.AddTo(list);
        list.SetAction((parsed, ct) => ListAsync(context, options.Settings(parsed), new HeldFilter(null, parsed.GetValue(cause), parsed.GetValue(credential)), Ask.Limit(parsed.GetValue(limit)), options.Output(parsed), ct));
        return list;
    }

    private static async Task<int> ListAsync(CommandContext context, WorkerSettings settings, HeldFilter filter, int limit, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        IReadOnlyList<HeldCount> counts = await open.Ledger.CountHeldAsync(filter, ct).ConfigureAwait(false);
        IReadOnlyList<HeldLine> lines = await open.Ledger.HeldAsync(filter, limit, ct).ConfigureAwait(false);
        IReadOnlyList<CompletionLine> completions = filter.Definition is null ? await open.Ledger.HeldCompletionsAsync(filter.Cause, limit, ct).ConfigureAwait(false) : [];
        output.Write(
            new
            {
                counts,
                issuances = lines.Select(l => new { l.Issuance.Id, l.Issuance.Definition, l.Issuance.Subject, l.Cause, l.Sentence, l.Since, l.IsReview, l.Issuance.EarnedAt, l.Issuance.Reason }),
                completions = completions.Select(c => new { key = c.Completion.Key.ToString(), course = c.Completion.Course.Key, kinds = Kinds(c), cause = c.HoldCause, sentence = c.HoldSentence, since = c.FirstSeen }),
            },
            console => Draw(console, counts, lines, completions));
        return ExitCodes.Done;
    }

    private static void Draw(IAnsiConsole console, IReadOnlyList<HeldCount> counts, IReadOnlyList<HeldLine> lines, IReadOnlyList<CompletionLine> completions)
    {
        if (counts.Count == 0 && completions.Count == 0)
        {
            console.WriteLine("Nothing is held.");
            return;
        }

        foreach (HeldCount count in counts)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{count.Cause}[/] {count.Definition}: {count.Count:N0}{(count.IsReview ? " under review" : "")}, the oldest since {Words.Time(count.Oldest)}");
        }

        foreach (HeldLine line in lines)
        {
            console.MarkupLineInterpolated($"  {line.Issuance.Id} [yellow]{line.Cause}[/] {line.Issuance.Definition} for {line.Issuance.Subject}: {line.Issuance.Reason}. {line.Sentence}");
        }

        foreach (CompletionLine line in completions)
        {
            console.MarkupLineInterpolated($"  {line.Completion.Key} [yellow]{line.HoldCause}[/] {line.Completion.Course.Key}, told by {string.Join(", ", Kinds(line))}. {line.HoldSentence}");
        }
    }

    private static string[] Kinds(CompletionLine line) => [.. line.Completion.Identifiers.Select(i => i.Kind).Distinct(StringComparer.Ordinal)];
}
