using CredSync.EndToEnd.Tests.Commands;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.People;

/// <summary>A merge is done or not begun, also when the process is killed while it writes.</summary>
public sealed class MergeKillTests : CommandSuite
{
    // Everything else of a merge is written by then; the last row takes for ever, so that the kill comes before the commit.
    private const string Endless = """
        CREATE TRIGGER endless AFTER INSERT ON acts BEGIN
            INSERT INTO acts_never (n) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000000) SELECT max(n) FROM c;
        END
        """;

    [Theory]
    [InlineData("merge")]
    [InlineData("unmerge")]
    public async Task A_merge_or_its_undoing_that_is_killed_before_its_end_has_not_begun_and_can_be_done_again(string verb)
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        if (verb == "unmerge")
        {
            (await RunAsync("people merge", "NW-1001", "NW-1002", "--why", "married", "--yes")).Code.ShouldBe(0);
        }

        string[] act = verb == "merge" ? ["people", "merge", "NW-1001", "NW-1002", "--why", "married", "--yes"] : ["people", "unmerge", "NW-1002", "--why", "two after all"];
        string before = await StandAsync();
        Execute("CREATE TABLE acts_never (n INTEGER)", Endless);
        await using (WorkerProcess worker = WorkerProcess.Start([.. act, .. Common], folder: Folder))
        {
            // Nothing else of this command holds the ledger for a whole second, which is how long asking for it takes.
            int steadily = 0;
            await UntilAsync(
                () =>
                {
                    worker.HasExited.ShouldBeFalse(worker.Output + worker.Error);
                    steadily = IsLocked() ? steadily + 1 : 0;
                    return Task.FromResult(steadily == 2);
                },
                "the act to be in the middle of its writing", () => worker.Error);
            await worker.KillAsync();
        }

        Execute("DROP TRIGGER endless", "DROP TABLE acts_never");
        (await StandAsync()).ShouldBe(before);
        (int code, string output, string error) = await RunAsync(string.Join(' ', act[..2]), act[2..]);
        code.ShouldBe(0, output + error);
        (await StandAsync()).ShouldNotBe(before);
        (await RunAsync("plan")).Code.ShouldBe(0);
    }

    // Both people, the merges and the acts, as anybody sees them.
    private async Task<string> StandAsync()
    {
        string shown = "";
        foreach (string[] look in new string[][] { ["people show", "NW-1001"], ["people show", "NW-1002"], ["people ls"], ["audit"] })
        {
            (int code, string output, string error) = await RunAsync(look[0], [.. look[1..], "--format", "json"]);
            code.ShouldBe(0, output + error);
            shown += output;
        }

        return shown;
    }

    private void Execute(params string[] statements)
    {
        using SqliteConnection connection = Open();
        foreach (string statement in statements)
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    private bool IsLocked()
    {
        try
        {
            Execute("BEGIN IMMEDIATE", "ROLLBACK");
            return false;
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode == 5)
        {
            return true;
        }
    }

    private SqliteConnection Open()
    {
        // Waits a second for whoever writes.
        var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Pooling=False;Default Timeout=1");
        connection.Open();
        return connection;
    }
}
