using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CredSync.Core.Configuration;

/// <summary>Findings in SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines.</summary>
public static class SarifReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="version">Version of the program that found them.</param>
    /// <returns>The JSON text. Paths of files are written as relative references, as they were given.</returns>
    public static string Write(IReadOnlyList<Finding> findings, string version)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(version);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, findings, version);
            // A column counts characters as .NET does.
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (Finding finding in findings)
            {
                WriteResult(json, finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteTool(Utf8JsonWriter json, IReadOnlyList<Finding> findings, string version)
    {
        HashSet<string> used = [.. findings.Select(f => f.Code)];
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "credsync");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (FindingCode code in Codes.All.Where(c => used.Contains(c.Code)))
        {
            json.WriteStartObject();
            json.WriteString("id", code.Code);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", code.Title);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Code);
        json.WriteString("level", finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" });
        json.WriteStartObject("message");
        json.WriteString("text", finding.Suggestion is null ? finding.Sentence : $"{finding.Sentence} ({finding.Suggestion})");
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', finding.File.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString)));
        json.WriteEndObject();
        if (finding.Line > 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", finding.Line);
            if (finding.Column > 0)
            {
                json.WriteNumber("startColumn", finding.Column);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
