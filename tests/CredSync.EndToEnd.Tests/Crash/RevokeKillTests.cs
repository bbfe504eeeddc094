using System.Globalization;
using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;
using CredSync.OpenBadges.Status;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Crash;

/// <summary>Credentials are taken back while the worker is killed at random moments: at the end exactly those are revoked, in the ledger, in the journal and in the signed list, and of each that rests on them it is asked once what becomes of it.</summary>
public sealed class RevokeKillTests : CommandSuite
{
    [Fact]
    public async Task A_worker_killed_while_revoking_revokes_exactly_what_was_asked_for()
    {
        Script.PlayUntil(DateTimeOffset.MaxValue);
        (int code, string output, string error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        Guid[] all = Ids("SELECT issuance_id FROM issuances WHERE state = 'Issued'");
        Guid[] asked = Ids("SELECT issuance_id FROM issuances WHERE state = 'Issued' AND definition = 'safety-basics'");
        asked.Length.ShouldBeInRange(2, all.Length - 1);
        Guid[] resting = Ids("SELECT issuance_id FROM issuances WHERE state = 'Issued' AND definition = 'people-leader'");
        resting.ShouldNotBeEmpty();

        (code, output, error) = await RunAsync("revoke", "--credential", "safety-basics", "--reason", "Issued in error.", "--format", "json");
        code.ShouldBe(0, output + error);
        Json(output).GetProperty("credentials").GetArrayLength().ShouldBe(asked.Length);
        Json(output).GetProperty("done").GetInt32().ShouldBe(0);
        Ids("SELECT issuance_id FROM revocations").ShouldBeEmpty();
        (code, output, error) = await RunAsync("revoke", "--credential", "safety-basics", "--reason", "Issued in error.", "--yes", "--as", "ada");
        code.ShouldBe(0, output + error);

        var dice = new Random(20261123);
        for (int kill = 0; kill < 10; kill++)
        {
            await using WorkerProcess victim = Start("run");
            await UntilAsync(() => Task.FromResult(victim.Error.Contains("CredSync is running", StringComparison.Ordinal) || victim.HasExited), "the worker to start", () => victim.Error);
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(250)), TimeProvider.System, Ct);
            await victim.KillAsync();
        }

        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(
                () => Task.FromResult(worker.Error.Contains("CredSync is running", StringComparison.Ordinal) && Ids("SELECT issuance_id FROM revocations WHERE followed_at IS NOT NULL").Length >= asked.Length),
                "the revocations, and a look at what rests on each", () => worker.Error);
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        }

        Ids("SELECT issuance_id FROM issuances WHERE revoked_at IS NOT NULL").ShouldBe(asked, ignoreOrder: true);
        Ids("SELECT issuance_id FROM revocations WHERE state = 'Revoked'").ShouldBe(asked, ignoreOrder: true);
        Ids("SELECT issuance_id FROM reviews").ShouldBe(resting, ignoreOrder: true);
        Ids("SELECT issuance_id FROM revocations WHERE confirmed_at IS NOT NULL", "journal.db").ShouldBe(asked, ignoreOrder: true);
        Ids("SELECT target FROM acts WHERE verb = 'revoke' AND who LIKE 'ada (said by %'").ShouldBe(asked, ignoreOrder: true);
        Signed(all).ShouldBe(asked, ignoreOrder: true);

        (code, output, error) = await RunAsync("trace", asked[0].ToString());
        output.ShouldContain("Issued in error.");
        (code, output, error) = await RunAsync("status", "--format", "json");
        Json(output).GetProperty("issuances").EnumerateArray().Single(c => c.GetProperty("definition").GetString() == "safety-basics" && c.GetProperty("state").GetString() == "revoked")
            .GetProperty("count").GetInt32().ShouldBe(asked.Length);
        (code, output, error) = await RunAsync("revoke", asked[0].ToString(), "--reason", "Again.");
        (code, error.Contains("revoked already", StringComparison.Ordinal)).ShouldBe((1, true), output + error);
    }

    // As a stranger reads it: the bit that each credential names, in the list that was signed.
    private Guid[] Signed(Guid[] all)
    {
        using SqliteConnection journal = Open("journal.db");
        JsonElement list = JsonDocument.Parse(journal.QuerySingle<byte[]>("SELECT content FROM kept_documents WHERE path = '/status/0'")).RootElement;
        BitstringStatusList bits = BitstringStatusList.Decode(list.GetProperty("credentialSubject").GetProperty("encodedList").GetString()!);
        var places = new Dictionary<Guid, int>();
        foreach (Guid id in all)
        {
            JsonElement status = JsonDocument.Parse(journal.QuerySingle<byte[]>("SELECT content FROM credential_documents WHERE issuance_id = @id AND extension = 'json'", new { id = id.ToString("D") })).RootElement.GetProperty("credentialStatus");
            status.GetProperty("statusListCredential").GetString().ShouldBe("https://badges.northwind.example/status/0");
            places.Add(id, int.Parse(status.GetProperty("statusListIndex").GetString()!, CultureInfo.InvariantCulture));
        }

        places.Values.Distinct().Count().ShouldBe(all.Length);
        bits.SetCount.ShouldBe(all.Count(id => bits[places[id]]));
        return [.. all.Where(id => bits[places[id]])];
    }

    private Guid[] Ids(string sql, string file = "ledger.db")
    {
        using SqliteConnection connection = Open(file);
        return [.. connection.Query<string>(sql).Select(t => Guid.Parse(t, CultureInfo.InvariantCulture))];
    }

    private SqliteConnection Open(string file) => new($"Data Source={Path.Combine(Data, file)};Mode=ReadWrite;Pooling=False");
}
