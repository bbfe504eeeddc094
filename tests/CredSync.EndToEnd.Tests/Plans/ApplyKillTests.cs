using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;

namespace CredSync.EndToEnd.Tests.Plans;

/// <summary>An apply that is killed goes on where it stopped, and ends where one that was left alone ends.</summary>
public sealed class ApplyKillTests : CommandSuite
{
    [Fact]
    public async Task Killed_in_the_middle_and_resumed_it_ends_as_the_plan_says()
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        AddVeteran();
        string alone = Path.Combine(Folder, "alone");
        (int code, string output, string error) = await RunAsync("plan", "--out", "plan.json", "--format", "json");
        code.ShouldBe(2, error);
        long changes = Json(output).GetProperty("plan").GetProperty("changes").GetInt64();
        changes.ShouldBeGreaterThan(10);
        CopyTo(alone);

        // One change a batch and a second, so that every kill falls in the middle.
        for (int kill = 0; kill < 3; kill++)
        {
            await using WorkerProcess apply = WorkerProcess.Start(["apply", "--plan", "plan.json", "--rate", "1", .. Common], folder: Folder);
            await UntilAsync(() => Task.FromResult(apply.Error.Contains($" of {changes} changes", StringComparison.Ordinal) || apply.HasExited), "a change", () => apply.Error);
            apply.HasExited.ShouldBeFalse(apply.Error);
            await apply.KillAsync();
        }

        (code, output, error) = await RunAsync("apply", "--plan", "plan.json", "--format", "json");
        code.ShouldBe(0, error);
        JsonElement last = Json(output);
        last.GetProperty("before").GetInt64().ShouldBeGreaterThanOrEqualTo(3);
        last.GetProperty("applied").GetInt64().ShouldBe(changes);
        last.GetProperty("leftOut").GetInt64().ShouldBe(0);
        (await RunAsync("plan")).Code.ShouldBe(0);

        string[] whole = [.. Common.Select(a => a == Data ? alone : a)];
        (code, output, error) = await WorkerProcess.RunAsync(["apply", "--plan", "plan.json", .. whole], Ct, folder: Folder);
        code.ShouldBe(0, output + error);
        Rows(Data).ShouldBe(Rows(alone));
    }

    // Everything that does not tell the time at which it was done.
    private static List<string> Rows(string data)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "ledger.db")};Pooling=False");
        return [.. Dapper.SqlMapper.Query<string>(connection, "SELECT issuance_id || definition || subject_id || occurrence || issuer || state || credential || COALESCE(award, '') || COALESCE(cause, '') || rule_book || reason || trace FROM issuances ORDER BY issuance_id")];
    }

    private void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Pooling=False");
        Dapper.SqlMapper.Execute(connection, "VACUUM INTO @target", new { target = Path.Combine(folder, "ledger.db") });
    }
}
