using System.CommandLine;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync explain</c>: why somebody has a credential or has it not, and what would have to happen.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "An e-mail address, personnel number, login name or subject id." };
        var credential = new Argument<string>("credential") { Description = "The credential." };
        var command = new Command("explain", "Explains why a person has a credential or has it not. Example: credsync explain ada@example.com data-foundations") { person, credential };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(person)!, parsed.GetValue(credential)!, options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string person, string credential, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        open.RequireCredential(credential);
        FoundPerson found = await open.PersonAsync(person, ct).ConfigureAwait(false);
        Explanation explanation = await Explanation.OfAsync(open.Ledger, open.Configuration.RuleBook, found, credential, open.Time.GetUtcNow(), ct).ConfigureAwait(false);
        output.Write(explanation, console => Draw(console, explanation));
        return ExitCodes.Done;
    }

    private static void Draw(IAnsiConsole console, Explanation e)
    {
        console.MarkupLineInterpolated($"[bold]{e.Credential}[/] for {e.Subject}: {e.Reason} [grey](rule book {e.RuleBook})[/]");
        Node(console, e.Tree, 1);
        console.MarkupLineInterpolated($"[grey]found by[/] {string.Join(", ", e.FoundBy)}; [grey]completions are matched by[/] {string.Join(", ", e.KnownBy.Select(k => k.Scope.Length == 0 ? k.Kind : $"{k.Kind} on {k.Scope}"))}");
        foreach (ExplainedIssuance issuance in e.Issuances)
        {
            string earned = issuance.EarnedAt is { } at ? $", earned on {Words.Day(at)}" : "";
            string expires = issuance.ExpiresAt is { } end ? $", expires on {Words.Day(end)}" : "";
            string why = issuance.Cause is null ? "" : $": {issuance.Cause}. {issuance.Sentence}";
            console.MarkupLineInterpolated($"[bold]{issuance.Under}[/] {issuance.Id} by {issuance.Issuer}{earned}{expires}, decided by rule book {issuance.DecidedBy}{why}");
        }

        foreach (string step in e.NextSteps)
        {
            console.MarkupLineInterpolated($"[yellow]→[/] {step}");
        }
    }

    private static void Node(IAnsiConsole console, ExplainedNode node, int depth)
    {
        string indent = new(' ', depth * 2);
        console.MarkupLineInterpolated($"{indent}[{(node.Met ? "green" : "red")}]{(node.Met ? "✓" : "✗")}[/] {node.Node}{(node.Met || node.Missing is null || node.Children.Count > 0 ? "" : $": {node.Missing}")}");
        foreach (ExplainedFact fact in node.Facts)
        {
            console.MarkupLineInterpolated($"{indent}    [grey]{fact.Key}: {fact.Sentence}[/]");
        }

        foreach (ExplainedNode child in node.Children)
        {
            Node(console, child, depth + 1);
        }
    }
}
