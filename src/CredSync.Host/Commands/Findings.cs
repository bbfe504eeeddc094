using System.Globalization;
using CredSync.Core.Configuration;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>Draws configuration findings, one a line: <c>file:line:column code sentence</c>, then what to do.</summary>
internal static class Findings
{
    public static void Draw(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            string colour = finding.Severity == Severity.Error ? "red" : "yellow";
            string place = finding.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{finding.File}:{finding.Line}:{finding.Column}") : finding.File;
            console.MarkupLineInterpolated($"{place} [{colour}]{finding.Code}[/] {finding.Sentence}{(finding.Suggestion is null ? "" : $" ({finding.Suggestion})")}");
        }
    }
}
