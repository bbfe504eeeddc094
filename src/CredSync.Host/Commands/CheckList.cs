using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>Draws check results, one a line, with what to do below those that want something done.</summary>
internal static class CheckList
{
    public static void Draw(IAnsiConsole console, IReadOnlyList<CheckResult> results)
    {
        foreach (CheckResult result in results)
        {
            (string mark, string colour) = result.Outcome switch
            {
                CheckOutcome.Passed => ("✓", "green"),
                CheckOutcome.Warning => ("!", "yellow"),
                CheckOutcome.Failed => ("✗", "red"),
                _ => ("–", "grey"),
            };
            console.MarkupLineInterpolated($"  [{colour}]{mark}[/] {result.Name}: {result.Sentence}");
            if (result.Remedy is not null)
            {
                console.MarkupLineInterpolated($"      [{colour}]→[/] {result.Remedy}");
            }
        }
    }
}
