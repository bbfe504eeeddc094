using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Commands;

/// <summary>Bad input gets a clear sentence, nothing is lost by it, and nothing else stops.</summary>
public sealed class BadInputTests : CommandSuite
{
    [Theory]
    [InlineData("run")]
    [InlineData("sync")]
    [InlineData("check")]
    public async Task With_a_typo_in_the_configuration_every_finding_is_told_at_once_and_nothing_starts(string verb)
    {
        Edit("credentials/safety-basics.yaml", "description:", "descripton:");
        Edit("sources/moodle-hr.yaml", "adapter: moodle", "adapter: moodel");
        (int code, _, string error) = await RunAsync(verb);
        code.ShouldBe(2);
        error.ShouldMatch(@"credentials/safety-basics\.yaml:3:1 \w+ .*description");
        error.ShouldMatch(@"sources/moodle-hr\.yaml:2:10 \w+ .*moodle");
        error.ShouldContain("nothing was started");
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Theory]
    [InlineData("plan --since 2025-13-01", "'2025-13-01' is not a day; write --since 2025-01-31.")]
    [InlineData("plan --until 03/04/2025", "'03/04/2025' is not a day; write --until 2025-01-31.")]
    [InlineData("holds approve --cause approval --why seen --earned yesterday", "'yesterday' is not a day; write --earned 2025-01-31.")]
    public async Task A_day_that_is_none_is_told_in_words_and_never_taken_for_another(string command, string sentence)
    {
        (int code, string output, string error) = await RunAsync(command);
        (code, output).ShouldBe((2, ""));
        error.ShouldContain(sentence);
        error.ShouldNotContain("System.");
    }

    [Fact]
    public async Task Lint_writes_its_findings_as_SARIF_on_request()
    {
        string report = Path.Combine(Config, "..", "findings.sarif");
        File.AppendAllText(Path.Combine(Config, "credsync.yaml"), "\nnonsense: 1\n");
        (await WorkerProcess.RunAsync(["lint", "--config", Config, "--sarif", report], Ct)).Code.ShouldBe(1);
        using JsonDocument sarif = JsonDocument.Parse(await File.ReadAllTextAsync(report, Ct));
        JsonElement found = sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0];
        (sarif.RootElement.GetProperty("version").GetString(), found.GetProperty("ruleId").GetString()).ShouldBe(("2.1.0", "CFG010"));
    }

    [Fact]
    public async Task Lint_ends_with_one_and_gives_the_same_findings_as_json()
    {
        (await LintAsync()).Code.ShouldBe(0);
        Edit("credentials/safety-basics.yaml", "description:", "descripton:");
        (int code, string output, _) = await LintAsync();
        code.ShouldBe(1);
        JsonElement finding = Json(output).GetProperty("findings").EnumerateArray().First(f => f.GetProperty("file").GetString() == "credentials/safety-basics.yaml");
        (finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()).ShouldBe((3, 1));
    }

    [Fact]
    public async Task A_wrong_token_pauses_the_source_with_one_sentence_and_resuming_reads_it()
    {
        Script.PlayAll();
        await using (WorkerProcess worker = Start("run", token: "no-such-token"))
        {
            await UntilAsync(async () => (await StateAsync()).PausedBecause is not null, "the pause", () => worker.Error);
            (await worker.StopAsync(Ct)).ShouldBe(0);
            Regex.Count(worker.Error, "is paused until someone resumes it").ShouldBe(1, worker.Error);
            worker.Error.ShouldNotContain("no-such-token");
        }

        (await StateAsync()).PausedBecause!.ShouldContain("token");
        (await RunAsync("sources resume", "moodle-hr")).Code.ShouldBe(0);
        (int code, string output, string error) = await RunAsync("sync", "--format", "json");
        code.ShouldBe(0, error);
        Json(output)[0].GetProperty("counts").GetProperty("new").GetInt32().ShouldBe(Script.Expected().Count);
    }

    [Fact]
    public async Task Sources_that_wait_for_their_accounts_are_left_out_unless_they_are_named()
    {
        Script.PlayAll();
        (int code, string output, string error) = await RunAsync("sync", "--format", "json");
        code.ShouldBe(0, output + error);
        Json(output).EnumerateArray().Select(s => s.GetProperty("source").GetString()).ShouldBe(["moodle-hr"]);
        error.ShouldContain("polled only by name: coursera-academy, edx-campus, hr-records, lrs-content, roadwise");
        (code, output, error) = await RunAsync("check");
        (code, output.Contains("roadwise", StringComparison.Ordinal)).ShouldBe((0, false), output + error);
        (code, output, _) = await RunAsync("check", "hr-records");
        code.ShouldBe(3);
        output.ShouldContain("does not find its path");
    }

    [Fact]
    public async Task A_token_that_may_not_see_enough_is_told_by_check_with_each_missing_right()
    {
        Script.PlayAll();
        (int code, string output, _) = await WorkerProcess.RunAsync(["check", "moodle-hr", .. Common], Ct, new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.BareToken }, Folder);
        code.ShouldBe(3);
        output.ShouldContain("moodle/course:view");
        (code, output, _) = await RunAsync("check", "moodle-hr");
        code.ShouldBe(0, output);
    }

    [Fact]
    public async Task An_outage_backs_off_and_recovers_by_itself()
    {
        Script.PlayAll();
        Moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable, Count = 12 });
        await using WorkerProcess worker = Start("run");
        await UntilAsync(async () => (await StateAsync()).Failures > 0, "the outage to be seen", () => worker.Error);
        (await StateAsync()).PausedBecause.ShouldBeNull();
        Moodle.Faults.Clear();
        await UntilAsync(async () => (await StateAsync()) is { Failures: 0, LastSuccess: not null }, "the recovery", () => worker.Error);
        (await worker.StopAsync(Ct)).ShouldBe(0);
        worker.Error.ShouldContain("backs off for");
    }

    [Fact]
    public async Task Html_instead_of_json_backs_off_with_one_sentence_that_says_so()
    {
        Moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.LoginPage });
        (int code, string output, _) = await RunAsync("sync", "--format", "json");
        code.ShouldBe(3);
        Json(output)[0].GetProperty("sentence").GetString()!.ShouldContain("sent a web page where data was asked for");
        (await StateAsync()).PausedBecause.ShouldBeNull();
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_backs_off_with_one_sentence()
    {
        (int code, string output, _) = await WorkerProcess.RunAsync(["sync", "--format", "json", .. Common, "--set", "sources.moodle-hr.address=http://127.0.0.1:9"], Ct, new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.Token }, Folder);
        code.ShouldBe(3);
        JsonElement result = Json(output)[0];
        result.GetProperty("fault").GetString().ShouldBe("outage");
        result.GetProperty("sentence").GetString()!.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_missing_secret_is_named_by_its_reference()
    {
        (int code, string output, string error) = await WorkerProcess.RunAsync(["sync", .. Common, "--format", "json"], Ct, new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = "" }, Folder);
        code.ShouldBe(3, error);
        Json(output)[0].GetProperty("sentence").GetString()!.ShouldContain("MOODLE_HR_TOKEN");
    }

    [Fact]
    public async Task A_broken_rule_file_while_running_leaves_the_last_good_rule_book_in_force_and_degrades_health()
    {
        await using WorkerProcess worker = Start("run");
        Uri? health = null;
        await UntilAsync(() => Task.FromResult((health = HealthOf(worker.Error)) is not null), "the health address", () => worker.Error);
        using var http = new HttpClient();
        Json(await http.GetStringAsync(health, Ct)).GetProperty("status").GetString().ShouldBe("healthy");

        Edit("credentials/safety-basics.yaml", "earn:", "earm:");
        await UntilAsync(async () => Json(await http.GetStringAsync(health, Ct)).GetProperty("status").GetString() == "degraded", "health to degrade", () => worker.Error);
        Json(await http.GetStringAsync(health, Ct)).GetProperty("sentences")[0].GetString()!.ShouldContain("credentials/safety-basics.yaml:");
        await UntilAsync(() => Task.FromResult(worker.Error.Contains("the last good one stays", StringComparison.Ordinal)), "the log to name the line", () => worker.Error);

        Script.PlayAll();
        await UntilAsync(async () => (await StatusAsync()).GetProperty("issuances").EnumerateArray().Any(i => i.GetProperty("definition").GetString() == "safety-basics" && i.GetProperty("state").GetString() == "issued"), "badges by the last good rule book", () => worker.Error);

        Edit("credentials/safety-basics.yaml", "earm:", "earn:");
        await UntilAsync(async () => Json(await http.GetStringAsync(health, Ct)).GetProperty("status").GetString() == "healthy", "health to mend", () => worker.Error);
        (await worker.StopAsync(Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Logs_hold_no_personal_data_and_no_secret()
    {
        Script.PlayAll();
        await using WorkerProcess worker = WorkerProcess.Start(["run", .. Common, "--set", "Log:Level=Debug", "--set", $"Log:File={Path.Combine(Folder, "log.json")}"], new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.Token }, Folder);
        await UntilAsync(async () => File.Exists(Path.Combine(Data, "ledger.db")) && (await StateAsync()).LastSuccess is not null && (await StatusAsync()).GetProperty("issuances").GetArrayLength() > 0, "a poll", () => worker.Error);
        await worker.StopAsync(Ct);
        string log = worker.Error + string.Concat(Directory.EnumerateFiles(Folder, "log*.json").Select(File.ReadAllText));
        log.ShouldContain("\"@mt\"");
        log.ShouldNotContain(NorthwindScript.Token);
        foreach (MoodleUser user in Script.World.Users.Where(u => u.IdNumber.Length > 0))
        {
            log.ShouldNotContain(user.Email, Case.Insensitive);
            log.ShouldNotContain(user.LastName, Case.Sensitive);
            log.ShouldNotContain(user.IdNumber, Case.Sensitive);
        }
    }

    private Task<(int Code, string Output, string Error)> LintAsync() => WorkerProcess.RunAsync(["lint", "--config", Config, "--format", "json"], Ct);

    private static Uri? HealthOf(string text) => Regex.Match(text, @"http://127\.0\.0\.1:\d+/health/ready") is { Success: true } match ? new Uri(match.Value) : null;

    private async Task<(string? PausedBecause, int Failures, DateTimeOffset? LastSuccess)> StateAsync()
    {
        JsonElement source = (await StatusAsync()).GetProperty("sources").EnumerateArray().FirstOrDefault();
        return source.ValueKind == JsonValueKind.Undefined
            ? (null, 0, null)
            : (source.TryGetProperty("pausedBecause", out JsonElement reason) ? reason.GetString() : null, source.GetProperty("failures").GetInt32(),
                source.TryGetProperty("lastSuccess", out JsonElement at) ? DateTimeOffset.Parse(at.GetString()!, CultureInfo.InvariantCulture) : null);
    }

    private async Task<JsonElement> StatusAsync()
    {
        (int code, string output, string error) = await RunAsync("status", "--format", "json");
        code.ShouldBe(0, error);
        return Json(output);
    }
}
