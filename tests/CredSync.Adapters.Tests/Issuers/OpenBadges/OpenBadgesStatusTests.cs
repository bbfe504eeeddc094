using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Status;
using CredSync.OpenBadges.Verification;
using CredSync.Registration;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>Credentials name their place in a list; the lists are signed, and say who is revoked.</summary>
public sealed class OpenBadgesStatusTests : IDisposable
{
    private const string Address = "https://badges.northwind.example";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-status-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly Records records = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_credential_names_the_place_of_its_number_the_same_each_time()
    {
        using OpenBadgesIssuer issuer = Issuer();
        issuer.Capabilities.StatusNumbers.ShouldBeTrue();
        JsonObject one = await IssueAsync(issuer, 5);
        one["credentialStatus"]!["statusListCredential"]!.GetValue<string>().ShouldBe($"{Address}/status/0");
        one["credentialStatus"]!["statusPurpose"]!.GetValue<string>().ShouldBe("revocation");
        JsonNode.DeepEquals(one, await IssueAsync(issuer, 5)).ShouldBeTrue();
        (await IssueAsync(issuer, 6))["credentialStatus"]!["statusListIndex"]!.GetValue<string>().ShouldNotBe(one["credentialStatus"]!["statusListIndex"]!.GetValue<string>());
        (await IssueAsync(issuer, null)).ContainsKey("credentialStatus").ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_public_address_there_is_no_status_and_revoking_is_refused_in_one_sentence()
    {
        using OpenBadgesIssuer issuer = Issuer(new() { Name = "Northwind Academy", Did = "did:web:badges.northwind.example" });
        issuer.Capabilities.StatusNumbers.ShouldBeFalse();
        (await IssueAsync(issuer, 5)).ContainsKey("credentialStatus").ShouldBeFalse();
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.RevokeAsync(Revocation(null), Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Rejected, "credential-has-no-status"));
    }

    [Fact]
    public async Task A_revoked_credential_fails_at_its_status_and_only_that_one()
    {
        using OpenBadgesIssuer issuer = Issuer();
        JsonObject good = await IssueAsync(issuer, 0);
        JsonObject bad = await IssueAsync(issuer, 1);
        records.Next = 2;
        await issuer.RevokeAsync(Revocation(1), Ct);
        records.Revoked.Add(1);
        await issuer.PublishAsync(records, Ct);
        (await VerifyAsync(good)).Verdict.ShouldBe(Verdict.Verified);
        VerificationReport report = await VerifyAsync(bad);
        report.Checks.Single(c => c.Outcome == VerificationOutcome.Failed).Sentence.ShouldBe("The credential was revoked.");
    }

    [Fact]
    public async Task A_list_is_signed_again_only_when_something_changed_or_its_signature_is_half_over()
    {
        using OpenBadgesIssuer issuer = Issuer();
        await IssueAsync(issuer, 0);
        records.Next = 1;
        await issuer.PublishAsync(records, Ct);
        int kept = records.Kept;
        await issuer.PublishAsync(records, Ct);
        records.Kept.ShouldBe(kept);
        time.Advance(TimeSpan.FromDays(4));
        await issuer.PublishAsync(records, Ct);
        records.Kept.ShouldBe(kept + 1);
        records.Revoked.Add(0);
        await issuer.PublishAsync(records, Ct);
        records.Kept.ShouldBe(kept + 2);
        records.Documents["/status/0"].ValidUntil.ShouldBe(time.GetUtcNow() + TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task When_a_list_is_full_the_next_one_begins()
    {
        using OpenBadgesIssuer issuer = Issuer();
        (await IssueAsync(issuer, BitstringStatusList.MinimumLength))["credentialStatus"]!["statusListCredential"]!.GetValue<string>().ShouldBe($"{Address}/status/1");
        records.Next = BitstringStatusList.MinimumLength + 1;
        records.Revoked.Add(BitstringStatusList.MinimumLength);
        await issuer.PublishAsync(records, Ct);
        (records.Documents["/status/0"].Version, records.Documents["/status/1"].Version).ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_new_signing_key_changes_neither_places_nor_addresses_and_signs_the_lists()
    {
        JsonObject credential;
        using (OpenBadgesIssuer first = Issuer())
        {
            credential = await IssueAsync(first, 0);
            records.Next = 1;
            await first.PublishAsync(records, Ct);
        }

        string former = credential["proof"]![0]!["verificationMethod"]!.GetValue<string>().Split('#')[1];
        File.Delete(Path.Combine(folder.FullName, "n.key"));
        using OpenBadgesIssuer second = Issuer(new() { Name = "Northwind Academy", Url = new Uri(Address), FormerKeys = [former] });
        JsonNode.DeepEquals((await IssueAsync(second, 0))["credentialStatus"], credential["credentialStatus"]).ShouldBeTrue();
        await second.PublishAsync(records, Ct);
        CredentialJson.Parse(records.Documents["/status/0"].Content.Span)["proof"]![0]!["verificationMethod"]!.GetValue<string>().ShouldNotContain(former);
        (await VerifyAsync(credential)).Verdict.ShouldBe(Verdict.Verified);
    }

    [Fact]
    public async Task A_worker_with_another_secret_publishes_nothing_mints_no_more_and_says_why()
    {
        using (OpenBadgesIssuer first = Issuer())
        {
            await IssueAsync(first, 0);
            await first.PublishAsync(records, Ct);
        }

        File.Delete(Path.Combine(folder.FullName, "n.key.salt"));
        using OpenBadgesIssuer second = Issuer();
        await IssueAsync(second, 1);
        int kept = records.Kept;
        (await Should.ThrowAsync<IssuerException>(() => second.PublishAsync(records, Ct))).Cause.ShouldBe("issuer-secret-differs");
        records.Kept.ShouldBe(kept);
        (await Should.ThrowAsync<IssuerException>(() => IssueAsync(second, 2))).Cause.ShouldBe("issuer-secret-differs");
        (await second.AnswerAsync(new PublicRequest { Method = "GET", Path = OpenBadgesPaths.SecretMark, At = time.GetUtcNow() }, records, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Publishing_makes_no_keys()
    {
        using OpenBadgesIssuer issuer = Issuer();
        await issuer.PublishAsync(records, Ct);
        folder.GetFiles().ShouldBeEmpty();
        records.Documents.ShouldBeEmpty();
    }

    private async Task<VerificationReport> VerifyAsync(JsonObject credential)
    {
        IEnumerable<KeyValuePair<Uri, byte[]>> documents = records.Documents.Select(d => KeyValuePair.Create(new Uri(Address + (d.Key == "/did.json" ? "/.well-known/did.json" : d.Key)), d.Value.Content.ToArray()));
        return await new CredentialVerifier(time, new() { Documents = new GivenDocuments(documents) }).VerifyAsync(CredentialJson.Write(credential), Ct);
    }

    private static async Task<JsonObject> IssueAsync(OpenBadgesIssuer issuer, long? number)
    {
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full with { StatusNumber = number, Award = Requests.Full.Award with { ExpiresAt = null } }, Ct);
        return CredentialJson.Parse(issued.Documents.Single(static d => d.Extension == "json").Content.Span);
    }

    private static RevocationRequest Revocation(long? number) => new()
    {
        IssuanceId = Requests.Full.IssuanceId, CredentialId = "urn:x", Reason = "Wrong.", RevokedAt = Requests.Full.IssuedAt, StatusNumber = number,
    };

    private OpenBadgesIssuer Issuer(OpenBadgesOptions? options = null)
    {
        options ??= new() { Name = "Northwind Academy", Url = new Uri(Address) };
        options.Key = Path.Combine(folder.FullName, "n.key");
        return new(new IssuerIdentity("northwind"), options, new OpenBadgesKeyRing(), time);
    }
}
