using System.Globalization;
using System.Text;

namespace CredSync.Core.Configuration;

/// <summary>Findings as lines of text.</summary>
public static class FindingText
{
    /// <summary>One finding as one line: <c>path:line:column code sentence (suggestion)</c>. The place is left out where the whole file is meant.</summary>
    /// <param name="finding">The finding.</param>
    public static string Render(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        string place = finding.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{finding.File}:{finding.Line}:{finding.Column}") : finding.File;
        return finding.Suggestion is null ? $"{place} {finding.Code} {finding.Sentence}" : $"{place} {finding.Code} {finding.Sentence} ({finding.Suggestion})";
    }

    /// <summary>Findings, one a line, each line ended by a line feed.</summary>
    /// <param name="findings">The findings.</param>
    public static string Render(IEnumerable<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var text = new StringBuilder();
        foreach (Finding finding in findings)
        {
            text.Append(Render(finding)).Append('\n');
        }

        return text.ToString();
    }
}
