using System.Text;
using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Transparency;
using CredSync.Registration;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>Every credential enters the log; heads are signed; proofs are served that anyone can check.</summary>
public sealed class OpenBadgesLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-log-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly Records records = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_credential_has_a_receipt_under_the_newest_head_and_heads_are_consistent()
    {
        using OpenBadgesIssuer issuer = Issuer(log: true);
        var issued = new List<(IssuedCredential Credential, JsonObject Json)>();
        LogHead? earlier = null;
        for (int i = 0; i < 7; i++)
        {
            issued.Add(await IssueAsync(issuer, i));
            await issuer.PublishAsync(records, Ct);
            time.Advance(TimeSpan.FromSeconds(11));
            earlier ??= Head(issuer, await AnswerAsync(issuer, "/log"));
        }

        IVerificationKeyResolver keys = KeyResolvers.FromDidDocuments(issuer.PublishedKeys!);
        foreach ((IssuedCredential credential, JsonObject json) in issued)
        {
            PublicAnswer answer = (await AnswerAsync(issuer, $"/credentials/{credential.CredentialId.Split('/')[^1]}/receipt"))!;
            LogReceipt.Read(CredentialJson.Parse(answer.Content.Span))!.Verify(LogEntry.Of(json), "did:web:badges.northwind.example", keys).Size.ShouldBe(7);
        }

        LogHead newest = Head(issuer, await AnswerAsync(issuer, "/log"));
        JsonObject proof = CredentialJson.Parse((await AnswerAsync(issuer, "/log/consistency", ("from", "1"), ("to", "7")))!.Content.Span);
        byte[][] path = [.. proof["path"]!.AsArray().Select(h => Convert.FromHexString(h!.GetValue<string>()))];
        MerklePath.ShowsConsistency(1, earlier!.Root.Span, 7, newest.Root.Span, path).ShouldBeTrue();
        CredentialJson.Parse((await AnswerAsync(issuer, "/log/entries", ("first", "5")))!.Content.Span)["entries"]!.AsArray().Count.ShouldBe(2);
        Head(issuer, await AnswerAsync(issuer, "/log/heads/1")).Size.ShouldBe(1);
        foreach ((string name, string value)[] query in ((string, string)[][])[[("from", "0"), ("to", "7")], [("from", "3"), ("to", "8")], [("from", "7"), ("to", "3")], [("from", "x"), ("to", "3")], []])
        {
            (await AnswerAsync(issuer, "/log/consistency", query)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_logged()
    {
        using OpenBadgesIssuer issuer = Issuer(log: false);
        (IssuedCredential credential, _) = await IssueAsync(issuer, 1);
        credential.LogEntry.ShouldBeNull();
        await issuer.PublishAsync(records, Ct);
        (await AnswerAsync(issuer, "/log")).ShouldBeNull();
    }

    private LogHead Head(OpenBadgesIssuer issuer, PublicAnswer? answer) =>
        LogHead.Verify(Encoding.ASCII.GetString(answer!.Content.Span), "did:web:badges.northwind.example", KeyResolvers.FromDidDocuments(issuer.PublishedKeys!));

    private async Task<PublicAnswer?> AnswerAsync(OpenBadgesIssuer issuer, string path, params (string Name, string Value)[] query) =>
        await issuer.AnswerAsync(new PublicRequest { Method = "GET", Path = path, Query = query.ToDictionary(q => q.Name, q => q.Value), At = time.GetUtcNow() }, records, Ct);

    private async Task<(IssuedCredential Credential, JsonObject Json)> IssueAsync(OpenBadgesIssuer issuer, int number)
    {
        Guid id = NameBasedUuid.Create(Guid.Empty, $"{number}");
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full with { IssuanceId = id }, Ct);
        records.Credentials[issued.CredentialId] = new KeptCredential { IssuanceId = id, Credential = issued };
        if (issued.LogEntry is { } entry)
        {
            records.Waiting.Add((id, entry));
        }

        return (issued, CredentialJson.Parse(issued.Documents.Single(static d => d.Extension == "json").Content.Span));
    }

    private OpenBadgesIssuer Issuer(bool log) => new(
        new IssuerIdentity("northwind"),
        new() { Name = "Northwind Academy", Url = new Uri("https://badges.northwind.example"), Key = Path.Combine(folder.FullName, "n.key"), TransparencyLog = log },
        new OpenBadgesKeyRing(),
        time);
}
