using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Wallets;

// What the tests do over and over.
public sealed partial class WalletTests
{
    private async Task<(string Subject, string Email, int Held)> BeginAsync()
    {
        Script.PlayUntil(DateTimeOffset.MaxValue);
        (int code, string output, string error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        worker = Start("run");
        await UntilAsync(() => Task.FromResult(worker.Error.Contains("health/ready", StringComparison.Ordinal)), "the worker to start", () => worker.Error);
        using SqliteConnection ledger = new($"Data Source={Path.Combine(Data, "ledger.db")};Mode=ReadOnly;Pooling=False");
        return ledger.QueryFirst<(string, string, int)>(
            "SELECT i.subject_id, p.email, count(*) FROM issuances AS i JOIN people AS p ON p.subject_id = i.subject_id WHERE i.state = 'Issued' AND p.email IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 2 ORDER BY 3 DESC, 1 LIMIT 1");
    }

    private async Task<PlayWallet> WalletAsync()
    {
        await UntilAsync(() => Task.FromResult(PublicAddress().IsMatch(worker!.Error)), "the public address", () => worker!.Error);
        return new PlayWallet(PublicAddress().Match(worker!.Error).Groups["address"].Value, Public);
    }

    private async Task<string> ClaimAsync(string person)
    {
        (int code, string output, string error) = await RunAsync("claim", person, "--format", "json");
        code.ShouldBe(0, output + error);
        Json(output).GetProperty("hosts")[0].GetString().ShouldBe(Public);
        return Json(output).GetProperty("code").GetString()!;
    }

    private static async Task<JsonNode> ListAsync(PlayWallet wallet, string query, int shown, int total)
    {
        (HttpStatusCode status, JsonNode? body, HttpResponseMessage answer) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials" + query);
        (status, body?["credential"]!.AsArray().Count, answer.Headers.GetValues("X-Total-Count").Single()).ShouldBe((HttpStatusCode.OK, shown, total.ToString(CultureInfo.InvariantCulture)));
        return body!;
    }

    private async Task VerifyAsync(JsonNode credential)
    {
        string file = Path.Combine(Folder, "collected.json");
        await File.WriteAllTextAsync(file, credential.ToJsonString(), Ct);
        (int code, string output, string error) = await RunAsync("verify", file, "--format", "json");
        code.ShouldBe(0, output + error);
    }

    private static JsonObject Foreign(SigningKey key, string email, string id, int year)
    {
        string did = $"did:key:{key.PublicMultibase}";
        AchievementCredential draft = Draft(did, email, id, year);
        return DataIntegrity.Sign(draft.ToJson(), key, new() { VerificationMethod = $"{did}#{key.PublicMultibase}", Created = draft.ValidFrom });
    }

    private static AchievementCredential Draft(string did, string email, string id, int year) => new()
    {
        Id = id,
        Name = "From elsewhere",
        Issuer = new() { Id = did, Name = "Elsewhere" },
        ValidFrom = new(year, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Subject = new()
        {
            Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
            Identifiers = [IdentityObject.ForEmail(email, salt: "Nq3hX0pV1b7Zs9kQ2mTfWg")],
            Achievement = new() { Id = "https://elsewhere.example/a", Name = "From elsewhere", Description = "Something else.", Criteria = new() { Narrative = "Do it." } },
        },
    };

    // The same document with a letter written as its number: a wallet may write what it keeps as it likes.
    private static string Escaped(string json) => json.Replace("credentialSubject", "cr\\u0065dentialSubject", StringComparison.Ordinal);

    private static StringContent Body(JsonNode node) => new(node.ToJsonString(), Encoding.UTF8, "application/vc+ld+json");

    private static string? Minor(JsonNode? body) => body?["imsx_codeMinor"]?["imsx_codeMinorField"]?[0]?["imsx_codeMinorFieldValue"]?.GetValue<string>();

    [GeneratedRegex("public +(?<address>http://[0-9.:]+)")]
    private static partial Regex PublicAddress();

    [GeneratedRegex("<[^>]*/credentials(?<query>[^>]+)>; rel=\"next\"")]
    private static partial Regex Next();
}
