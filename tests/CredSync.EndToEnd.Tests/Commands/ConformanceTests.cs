using System.Text.Json;
using CredSync.Conformance.Http;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Commands;

/// <summary><c>credsync check</c> with the adapter kit, against a play Moodle over real HTTP.</summary>
public sealed class ConformanceTests : CommandSuite
{
    [Fact]
    public async Task The_cases_that_only_read_are_run_against_the_platform_and_change_nothing()
    {
        Script.PlayAll();
        (int code, string output, string error) = await RunAsync("check", "moodle-hr", "--conformance", "--format", "json");
        code.ShouldBe(0, output + error);
        JsonElement report = Json(output)[0];
        report.GetProperty("connection").GetString().ShouldBe("moodle-hr");
        JsonElement[] checks = [.. report.GetProperty("checks").EnumerateArray()];
        checks.ShouldAllBe(c => c.GetProperty("outcome").GetString() == "passed");
        checks.Select(c => c.GetProperty("name").GetString()).ShouldContain("resumes from every page's cursor without loss");
        Directory.Exists(Data).ShouldBeFalse("no ledger is touched");

        (code, output, _) = await RunAsync("check", "moodle-hr", "--conformance", "--pages", "1");
        code.ShouldBe(0);
        output.ShouldContain("moodle-hr, the first 1 pages");
        output.ShouldContain("✓ times are UTC");
    }

    [Fact]
    public async Task What_does_not_hold_is_a_finding_and_a_platform_that_is_away_is_unreachable()
    {
        (int code, string output, _) = await RunAsync("check", "moodle-hr", "--conformance");
        code.ShouldBe(1, "of an empty platform nothing is proven");
        output.ShouldContain("✗ there is something to read");

        Moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.EmptyForbidden });
        (code, output, _) = await RunAsync("check", "moodle-hr", "--conformance", "--format", "json");
        code.ShouldBe(3);
        Json(output)[0].GetProperty("checks").EnumerateArray().Count(c => c.GetProperty("outcome").GetString() == "notChecked").ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData("nobody --conformance", "No source is called 'nobody'")]
    [InlineData("northwind-badges --conformance", "is an issuer")]
    [InlineData("--conformance", "about one source")]
    [InlineData("moodle-hr --conformance --record x.json", "ask for one of them")]
    [InlineData("moodle-hr --conformance --pages 0", "at least 1")]
    public async Task What_cannot_be_asked_is_a_wrong_command_line(string arguments, string sentence)
    {
        (int code, _, string error) = await RunAsync("check", arguments.Split(' '));
        code.ShouldBe(2);
        error.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_recording_holds_no_secret_and_nobody_who_exists()
    {
        Script.PlayAll();
        string file = Path.Combine(Folder, "moodle.json");
        (int code, string output, string error) = await RunAsync("check", "moodle-hr", "--record", file, "--format", "json");
        code.ShouldBe(0, output + error);
        JsonElement result = Json(output);
        result.GetProperty("whole").GetBoolean().ShouldBeTrue();
        result.GetProperty("completions").GetInt32().ShouldBe(Script.Expected().Count);
        result.GetProperty("secrets").GetProperty("token").GetString().ShouldBe("SECRET-1");
        string text = await File.ReadAllTextAsync(file, Ct);
        Transcript.Parse(text).Exchanges.Count.ShouldBe(result.GetProperty("exchanges").GetInt32());
        text.ShouldNotContain(NorthwindScript.Token);
        foreach (MoodleUser user in Script.World.Users.Where(u => u.IdNumber.Length > 0))
        {
            text.ShouldNotContain(user.Email, Case.Insensitive);
            text.ShouldNotContain(user.FirstName + " " + user.LastName, Case.Sensitive);
            text.ShouldNotContain(user.IdNumber, Case.Sensitive);
        }

        (code, _, error) = await RunAsync("check", "moodle-hr", "--record", file);
        code.ShouldBe(2);
        error.ShouldContain("is there already");
    }
}
