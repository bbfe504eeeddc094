using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.EndToEnd.Tests.Commands;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Pages;

/// <summary>What a stranger can check of a published credential, with nothing but its address; and what the issuer may change without breaking it.</summary>
public sealed partial class PublishedCredentialTests : CommandSuite
{
    private const string Public = "https://badges.northwind.example";

    [Fact]
    public async Task A_stranger_verifies_keys_status_and_log_of_a_credential_by_its_address_also_after_the_key_was_replaced()
    {
        File.AppendAllText(Path.Combine(Config, "issuers", "northwind-badges.yaml"), "transparency_log: true\n");
        Script.PlayUntil(Script.Timeline[Script.Timeline.Count / 2].At);
        (int code, string output, string error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        (string id, string url) = First("ASC");
        string head = Path.Combine(Folder, "head.txt");
        await using (WorkerProcess worker = Start("run"))
        {
            JsonElement checks = await CheckAsync(worker, url, "--head", head);
            (Outcome(checks, "proof"), Outcome(checks, "key"), Outcome(checks, "status"), Outcome(checks, "transparency")).ShouldBe(("passed", "passed", "passed", "passed"));
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        }

        // The key is replaced, as the guide says.
        string earlier = await File.ReadAllTextAsync(head, Ct);
        string key = Path.Combine(Data, "keys", "northwind-badges.key");
        string former = Document("/did.json").GetProperty("verificationMethod")[0].GetProperty("publicKeyMultibase").GetString()!;
        File.Delete(key);
        File.AppendAllText(Path.Combine(Config, "issuers", "northwind-badges.yaml"), $"former_keys: [{former}]\n");
        Script.PlayUntil(DateTimeOffset.MaxValue);
        (code, output, error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(() => Task.FromResult(Document("/log/head", raw: true).GetString() != earlier.Trim()), "the next head of the log", () => worker.Error);
            JsonElement old = await CheckAsync(worker, url, "--head", head);
            (Outcome(old, "proof"), Outcome(old, "key"), Outcome(old, "status")).ShouldBe(("passed", "passed", "passed"));
            Sentence(old, "transparency").ShouldContain("and lost nothing");
            JsonElement fresh = await CheckAsync(worker, First("DESC").Url);
            (Outcome(fresh, "proof"), Outcome(fresh, "key"), Outcome(fresh, "status"), Outcome(fresh, "transparency")).ShouldBe(("passed", "passed", "passed", "passed"));
            Sentence(fresh, "proof").ShouldNotBe("");

            (code, output, error) = await RunAsync("revoke", id, "--reason", "Issued in error.");
            code.ShouldBe(0, output + error);
            await UntilAsync(() => Task.FromResult(Revoked() == 1), "the revocation", () => worker.Error);
            Sentence(await CheckAsync(worker, url, expected: 1), "status").ShouldBe("The credential was revoked.");
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        }
    }

    [Fact]
    public async Task Addresses_of_private_networks_are_not_fetched_unless_that_is_allowed()
    {
        foreach (string address in (string[])["http://127.0.0.1:1/x", "https://127.0.0.1:1/x", "https://localhost:1/x", "https://[::1]:1/x", "https://10.1.2.3/x", "https://169.254.169.254/latest/meta-data"])
        {
            (int code, string output, string error) = await WorkerProcess.RunAsync(["verify", address, "--config", Path.Combine(Folder, "none")], Ct, folder: Folder);
            code.ShouldBe(3, address + output + error);
        }
    }

    [Fact]
    public async Task A_persons_credentials_are_exported_as_one_record_that_verifies()
    {
        Script.PlayUntil(DateTimeOffset.MaxValue);
        (int code, string output, string error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        using SqliteConnection ledger = Open("ledger.db");
        string subject = ledger.QueryFirst<string>("SELECT subject_id FROM issuances WHERE definition = 'people-leader' AND state = 'Issued' ORDER BY issuance_id LIMIT 1");
        int held = ledger.QuerySingle<int>("SELECT count(*) FROM issuances WHERE subject_id = @subject AND state = 'Issued'", new { subject });
        string file = Path.Combine(Folder, "record.json");
        (code, output, error) = await RunAsync("export", subject, "--clr", "--out", file);
        code.ShouldBe(0, output + error);
        JsonElement record = Json(await File.ReadAllTextAsync(file, Ct)).GetProperty("credentialSubject");
        record.GetProperty("verifiableCredential").GetArrayLength().ShouldBe(held);
        record.GetProperty("association").EnumerateArray().Select(a => (a.GetProperty("sourceId").GetString(), a.GetProperty("associationType").GetString(), a.GetProperty("targetId").GetString()))
            .ShouldContain(($"{Public}/achievements/safety-basics", "isPartOf", $"{Public}/achievements/people-leader"));
        (code, output, error) = await RunAsync("verify", file, "--format", "json");
        code.ShouldBe(0, output + error);
        Outcome(Json(output)[0], "proof").ShouldBe("passed");
        Outcome(Json(output)[0], "embedded").ShouldNotBe("failed");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Ct)).Replace("Safety Basics", "Safety Expert", StringComparison.Ordinal), Ct);
        (code, output, error) = await RunAsync("verify", file, "--format", "json");
        (code, Outcome(Json(output)[0], "proof")).ShouldBe((1, "failed"));
        (await RunAsync("audit", subject)).Output.ShouldContain("export");
    }

    // With no configuration at hand: a stranger.
    private async Task<JsonElement> CheckAsync(WorkerProcess worker, string url, params string[] more) => await CheckAsync(worker, url, 0, more);

    private async Task<JsonElement> CheckAsync(WorkerProcess worker, string url, int expected, params string[] more)
    {
        await UntilAsync(() => Task.FromResult(worker.Error.Contains("health/ready", StringComparison.Ordinal)), "the worker to start", () => worker.Error);
        string address = PublicAddress().Match(worker.Error).Groups["address"].Value;
        (int code, string output, string error) = await WorkerProcess.RunAsync(
            ["verify", url, "--allow-private", "--connect-to", $"{Public}={address}", "--format", "json", "--config", Path.Combine(Folder, "none"), .. more], Ct, folder: Folder);
        code.ShouldBe(expected, output + error);
        return Json(output)[0];
    }

    private static string Outcome(JsonElement report, string check) => Check(report, check).GetProperty("outcome").GetString()!;

    private static string Sentence(JsonElement report, string check) => Check(report, check).GetProperty("sentence").GetString()!;

    private static JsonElement Check(JsonElement report, string name) => report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    private (string Id, string Url) First(string order)
    {
        using SqliteConnection ledger = Open("ledger.db");
        return ledger.QueryFirst<(string, string)>($"SELECT issuance_id, public_url FROM issuances WHERE state = 'Issued' ORDER BY outcome_at {order}, issuance_id LIMIT 1");
    }

    private long Revoked()
    {
        using SqliteConnection ledger = Open("ledger.db");
        return ledger.QuerySingle<long>("SELECT count(*) FROM issuances WHERE revoked_at IS NOT NULL");
    }

    private JsonElement Document(string path, bool raw = false)
    {
        using SqliteConnection journal = Open("journal.db");
        byte[] content = journal.QuerySingle<byte[]>("SELECT content FROM kept_documents WHERE path = @path", new { path });
        return raw ? JsonSerializer.SerializeToElement(System.Text.Encoding.ASCII.GetString(content)) : Json(System.Text.Encoding.UTF8.GetString(content));
    }

    private SqliteConnection Open(string file) => new($"Data Source={Path.Combine(Data, file)};Mode=ReadWrite;Pooling=False");

    [GeneratedRegex("public +(?<address>http://[0-9.:]+)")]
    private static partial Regex PublicAddress();
}
