using System.Globalization;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Crash;

/// <summary>
/// The promise: nothing lost, nothing twice. <c>credsync run</c> is killed with SIGKILL at random moments, starting up, polling, deciding, sending, minting,
/// writing; at the end every expected badge exists exactly once. <c>CREDSYNC_KILLS</c> sets how many kills (default 50), <c>CREDSYNC_KILL_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-kill-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_worker_killed_at_random_moments_issues_every_expected_badge_exactly_once()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("CREDSYNC_KILLS") ?? "50", CultureInfo.InvariantCulture);
        int seed = int.Parse(Environment.GetEnvironmentVariable("CREDSYNC_KILL_SEED") ?? "20261123", CultureInfo.InvariantCulture);
        var dice = new Random(seed);
        TestContext.Current.TestOutputHelper!.WriteLine($"{kills} kills, seed {seed}");
        NorthwindScript script = NorthwindScript.Create(seed);
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(script)], null, Ct);

        for (int kill = 0; kill < kills; kill++)
        {
            // The story goes on while the worker lives and dies; its last step is played before the last kill.
            for (int until = script.Timeline.Count * (kill + 1) / kills; script.Position < until;)
            {
                script.PlayNext();
            }

            await using WorkerProcess worker = Start(server);
            if (dice.Next(4) > 0)
            {
                await UntilAsync(() => worker.Error.Contains("CredSync is running", StringComparison.Ordinal) || worker.HasExited, "the worker to start", worker);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(900)), Time, Ct);
            worker.HasExited.ShouldBeFalse(worker.Error);
            await worker.KillAsync();
        }

        IReadOnlyList<ExpectedBadge> expected = ExpectedBadges.Of(script.Expected(), Time.GetUtcNow());
        expected.Count.ShouldBeGreaterThan(20);
        // The first run goes on where the killed one stood; only the second reads every course after the last step. Completions that earn nothing are stored as well, and no badge tells of them.
        long runsBefore = Count("SELECT coalesce(max(run_id), 0) FROM runs");
        await using (WorkerProcess worker = Start(server))
        {
            await UntilAsync(() => Count($"SELECT count(*) FROM runs WHERE run_id > {runsBefore} AND finished_at IS NOT NULL AND fault IS NULL") > 1, "two runs of the source", worker);
            await UntilAsync(() => Count("SELECT count(*) FROM issuances WHERE state = 'Issued'") >= expected.Count, $"{expected.Count} issued badges", worker);
            await UntilAsync(() => Count("SELECT count(*) FROM issuances WHERE state <> 'Issued'") == 0, "nothing under way", worker);
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        }

        await CheckAsync(script, expected);
    }

    private async Task CheckAsync(NorthwindScript script, IReadOnlyList<ExpectedBadge> expected)
    {
        string badges = Path.Combine(folder, "badges");
        FoundBadges.In(badges, script.World).ShouldBe(expected, ignoreOrder: true);
        Directory.EnumerateFiles(folder, "*.partial", SearchOption.AllDirectories).ShouldBeEmpty();
        Text("ledger.db", "PRAGMA integrity_check").ShouldBe("ok");
        Text("journal.db", "PRAGMA integrity_check").ShouldBe("ok");
        Text("ledger.db", "SELECT count(*) FROM completions").ShouldBe($"{script.Expected().Count}");
        Text("ledger.db", "SELECT count(*) FROM issuances").ShouldBe($"{expected.Count}");
        Text("journal.db", "SELECT count(*) FROM issue_journal WHERE state = 'Finished'").ShouldBe($"{expected.Count}");
        Text("journal.db", "SELECT count(*) FROM issue_journal WHERE state <> 'Finished'").ShouldBe("0");
        (int code, string output, string error) = await WorkerProcess.RunAsync(["verify", "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", folder, .. Directory.EnumerateFiles(badges, "*", SearchOption.AllDirectories)], Ct, folder: folder);
        code.ShouldBe(0, output + error);
    }

    private WorkerProcess Start(SandboxServer server) => WorkerProcess.Start(
        [
            "run", "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", folder,
            "--set", $"sources.moodle-hr.address={server.Platforms[0].Address.ToString().TrimEnd('/')}", "--set", "sources.moodle-hr.every=1s",
            "--set", "Operations:Address=http://127.0.0.1:0", "--set", "Hooks:Address=http://127.0.0.1:0", "--set", "Public:Address=http://127.0.0.1:0", "--set", "Dispatch:PollEvery=00:00:00.100",
        ],
        new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.Token });

    private static async Task UntilAsync(Func<bool> condition, string what, WorkerProcess worker)
    {
        long start = Time.GetTimestamp();
        while (!condition())
        {
            (Time.GetElapsedTime(start) < TimeSpan.FromSeconds(120)).ShouldBeTrue($"waited in vain for {what}\n{worker.Error}");
            worker.HasExited.ShouldBeFalse($"the worker ended while waiting for {what}\n{worker.Error}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Time, Ct);
        }
    }

    private long Count(string sql)
    {
        try
        {
            return long.Parse(Text("ledger.db", sql), CultureInfo.InvariantCulture);
        }
        catch (SqliteException)
        {
            // Not there yet.
            return -1;
        }
    }

    private string Text(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, file)};Mode=ReadWrite;Pooling=False");
        return connection.ExecuteScalar<object>(sql)!.ToString()!;
    }
}
