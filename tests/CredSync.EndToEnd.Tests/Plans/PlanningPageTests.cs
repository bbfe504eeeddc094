using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.EndToEnd.Tests.Commands;

namespace CredSync.EndToEnd.Tests.Plans;

/// <summary>The walk of docs/planning.md, command by command as it is written there.</summary>
public sealed class PlanningPageTests : CommandSuite
{
    private readonly Dictionary<string, string> outputs = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_command_of_the_page_works_as_the_page_says()
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        string page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "planning.md"), Ct);
        foreach (Match block in Regex.Matches(page, "```sh\n(?<lines>.*?)```", RegexOptions.Singleline))
        {
            foreach (string line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await RunLineAsync(line);
            }
        }

        outputs["credsync test data-foundations"].ShouldContain("expected earned on 2025-05-03, but it was earned on 2025-02-10");
        outputs["credsync plan --out plan.json"].ShouldContain("data-foundations");
        outputs["credsync apply --plan plan.json --canary 1 --why 'the board lowered the score on 3 May'"].ShouldContain("1 of 3 changes done");
        outputs["credsync apply --plan plan.json --canary 1 --why 'the board lowered the score on 3 May'"].ShouldMatch("Look at one with: credsync explain [0-9a-f-]{36} data-foundations");
        outputs["credsync test data-foundations"].ShouldContain("expected earned never, with the reason 'the score is not ≥ 60 %', but it was earned on 2025-02-10");
        string explained = outputs["credsync explain NW-1010 data-foundations"];
        explained.ShouldContain("✓ course STAT-101 on moodle-hr, score ≥ 60 %");
        explained.ShouldContain("score 65.9 %");
        explained.ShouldContain("planned");
        outputs["credsync plan"].ShouldContain("Nothing would change.");
        outputs["credsync audit"].ShouldContain("the board lowered the score on 3 May");
        foreach (string name in Script.World.Users.Where(u => u.IdNumber.Length > 0).SelectMany(u => new[] { u.LastName, u.Email }))
        {
            outputs.Values.ShouldAllBe(o => !o.Contains(name, StringComparison.OrdinalIgnoreCase));
        }

        (int _, string status, string _) = await RunAsync("status", "--format", "json");
        JsonElement[] issued = [.. Json(status).GetProperty("issuances").EnumerateArray().Where(i => i.GetProperty("definition").GetString() == "data-foundations")];
        issued.ShouldAllBe(i => i.GetProperty("state").GetString() == "issued");
    }

    private async Task RunLineAsync(string line)
    {
        Match comment = Regex.Match(line, @"^(?<command>.*?)\s+# exits (?<code>\d+)$");
        string command = comment.Success ? comment.Groups["command"].Value : line;
        int expected = comment.Success ? int.Parse(comment.Groups["code"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var text = new StringBuilder("credsync() { local offline=''; case \"$1\" in lint|test) dotnet \"$CREDSYNC\" \"$@\" --config config ;; *) dotnet \"$CREDSYNC\" \"$@\"");
        foreach (string argument in Common)
        {
            text.Append(" '").Append(argument).Append('\'');
        }

        text.Append(" ;; esac; }\n").Append(command).Append('\n');
        using var shell = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-c", text.ToString()])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["CREDSYNC"] = Path.Combine(AppContext.BaseDirectory, "credsync.dll"), ["MOODLE_HR_TOKEN"] = CredSync.Sandbox.Moodle.NorthwindScript.Token, ["NO_COLOR"] = "1" },
            },
        };
        shell.Start();
        Task<string> error = shell.StandardError.ReadToEndAsync(Ct);
        string output = await shell.StandardOutput.ReadToEndAsync(Ct);
        await shell.WaitForExitAsync(Ct);
        shell.ExitCode.ShouldBe(expected, $"{command}\n{output}{await error}");
        outputs[command] = output;
    }
}
