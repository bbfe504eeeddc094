using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CredSync.Host.Tests.Operations;

/// <summary>What is shipped for Prometheus and Grafana, tried with Prometheus's own tool.</summary>
public sealed partial class ObservabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(Root(), "config", "observability");

    [Fact]
    public async Task Every_alert_rule_fires_when_it_should_and_not_before()
    {
        string rules = Path.Combine(Folder, "prometheus-rules.yml");
        string tests = await File.ReadAllTextAsync(Path.Combine(Root(), "tests", "CredSync.Host.Tests", "Operations", "prometheus-rules.tests.yml"), Ct);
        await PromtoolAsync(["test", "rules"], tests.Replace("RULES", rules, StringComparison.Ordinal));
        string[] named = [.. AlertName().Matches(await File.ReadAllTextAsync(rules, Ct)).Select(m => m.Groups[1].Value)];
        named.Length.ShouldBeGreaterThan(5);
        foreach (string name in named)
        {
            Regex.Count(tests, $@"alertname: {name}\r?\n\s+exp_alerts:\r?\n").ShouldBeGreaterThan(0, $"no test lets {name} fire");
        }
    }

    [Fact]
    public async Task Every_panel_of_the_dashboard_asks_in_words_that_Prometheus_understands_and_overlaps_no_other()
    {
        using JsonDocument dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "grafana-dashboard.json"), Ct));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        string[] questions = [.. panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!)];
        questions.Length.ShouldBeGreaterThanOrEqualTo(panels.Length);
        await PromtoolAsync(
            ["check", "rules"],
            "groups:\n  - name: panels\n    rules:\n" + string.Concat(questions.Select((q, i) => $"      - record: panel_{i}\n        expr: {JsonSerializer.Serialize(q)}\n")));

        panels.Select(p => p.GetProperty("id").GetInt32()).ShouldBeUnique();
        panels.Select(p => p.GetProperty("title").GetString()).ShouldBeUnique();
        var cells = new HashSet<(int, int)>();
        foreach (JsonElement place in panels.Select(p => p.GetProperty("gridPos")))
        {
            (int x, int y, int w, int h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            (x + w).ShouldBeLessThanOrEqualTo(24);
            foreach ((int, int) cell in Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(row => (column, row))))
            {
                cells.Add(cell).ShouldBeTrue($"two panels at {cell}");
            }
        }

        // A panel asks whatever Prometheus the person who looks has chosen.
        JsonElement choice = dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray().Single(v => v.GetProperty("type").GetString() == "datasource");
        choice.GetProperty("query").GetString().ShouldBe("prometheus");
        string uid = $"${{{choice.GetProperty("name").GetString()}}}";
        panels.Select(p => p.GetProperty("datasource").GetProperty("uid").GetString()).ShouldAllBe(u => u == uid);
    }

    private static async Task PromtoolAsync(string[] verb, string text)
    {
        string? tool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "promtool")).FirstOrDefault(File.Exists);
        if (tool is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "There is no promtool; install it (Debian: apt-get install prometheus).");
            throw new InvalidOperationException("There is no promtool, and CI leaves no test out.");
        }

        using var folder = new TemporaryFolder();
        string file = folder.File("input.yml");
        await File.WriteAllTextAsync(file, text, Ct);
        var start = new ProcessStartInfo(tool, [.. verb, file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Ct);
        string error = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        process.ExitCode.ShouldBe(0, await output + error);
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();
}
