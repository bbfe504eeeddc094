using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Status;
using CredSync.OpenBadges.Tests.Model;
using CredSync.OpenBadges.Verification;

namespace CredSync.OpenBadges.Tests.Verification;

public sealed class CredentialVerifierTests : IDisposable
{
    private const string Issuer = "did:web:badges.example.org";
    private const string ListUrl = "https://badges.example.org/status/1";
    private static readonly FixedClock Clock = FixedClock.At("2026-02-01T00:00:00Z");

    private readonly SigningKey key = SigningKey.Create(KeyAlgorithm.P256);

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task A_credential_of_a_known_issuer_verifies_offline()
    {
        VerificationReport report = await VerifyAsync(Sign(Samples.Simple(Issuer)), Known());
        report.Checks.ShouldAllBe(static c => c.Outcome == VerificationOutcome.Passed);
        report.Verdict.ShouldBe(Verdict.Verified);
        report.Checks.Select(static c => c.Name).ShouldBe(
            ["container", "context", "types", "schema", "subject", "proof", "key", "dates", "status", "embedded"]);
    }

    [Fact]
    public async Task An_issuer_nearby_is_found_through_its_published_document()
    {
        var published = new Dictionary<Uri, byte[]> { [new("https://badges.example.org/.well-known/did.json")] = Bytes(Document(key.PublicKey)) };
        VerificationReport report = await VerifyAsync(Sign(Samples.Simple(Issuer)), new() { Documents = new GivenDocuments(published) });
        report.Verdict.ShouldBe(Verdict.Verified);
    }

    [Fact]
    public async Task A_forger_who_names_a_key_of_his_own_under_the_issuer_s_name_is_refused()
    {
        using SigningKey forged = SigningKey.Create(KeyAlgorithm.P256);
        // The name carries the key, so the signature is valid; only the issuer's document shows that the key is not the issuer's.
        string token = VcJwt.Sign(Samples.Simple(Issuer).ToJson(), forged, $"{Issuer}#{forged.PublicMultibase}");
        (await VerifyAsync(token, Known() with { AcceptUnpublishedKeys = true })).Verdict.ShouldBe(Verdict.Refused);
        VerificationReport unknown = await VerifyAsync(token, new());
        unknown.Verdict.ShouldBe(Verdict.Undecided);
        unknown[CheckNames.Key].Outcome.ShouldBe(VerificationOutcome.NotChecked);
    }

    [Fact]
    public async Task A_key_of_somebody_else_is_refused()
    {
        string token = VcJwt.Sign(Samples.Simple(Issuer).ToJson(), key, DidKey.VerificationMethod(key.PublicKey));
        VerificationReport report = await VerifyAsync(token, Known());
        report[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Key].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Fact]
    public async Task A_credential_that_was_changed_after_signing_fails_the_proof()
    {
        string[] parts = Sign(Samples.Simple(Issuer)).Split('.');
        string payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("Data Foundations", "Rocket Science", StringComparison.Ordinal);
        string changed = $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
        (await VerifyAsync(changed, Known()))[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Theory]
    [InlineData("2026-01-05T09:58:00Z", "not valid yet")]
    [InlineData("2026-01-05T09:59:30Z", null)]
    [InlineData("2027-01-05T09:59:59Z", null)]
    [InlineData("2027-01-05T10:00:01Z", "expired")]
    public async Task A_credential_is_valid_between_its_dates(string now, string? failure)
    {
        AchievementCredential credential = Samples.Simple(Issuer) with { ValidUntil = Samples.Issued.AddYears(1) };
        var verifier = new CredentialVerifier(FixedClock.At(now), Known());
        VerificationReport report = await verifier.VerifyAsync(Encoding.ASCII.GetBytes(Sign(credential)), TestContext.Current.CancellationToken);
        report[CheckNames.Dates].Outcome.ShouldBe(failure is null ? VerificationOutcome.Passed : VerificationOutcome.Failed);
        if (failure is not null)
        {
            report[CheckNames.Dates].Sentence.ShouldContain(failure);
        }
    }

    [Theory]
    [InlineData(5, VerificationOutcome.Failed)]
    [InlineData(6, VerificationOutcome.Passed)]
    public async Task Revocation_is_read_from_the_signed_list(int index, VerificationOutcome outcome)
    {
        var bits = new BitstringStatusList { [5] = true };
        VerificationReport report = await VerifyAsync(Sign(WithStatus(index)), Known(List(bits)));
        report[CheckNames.Status].Outcome.ShouldBe(outcome);
    }

    [Fact]
    public async Task A_status_list_that_cannot_be_relied_on_leaves_the_status_unchecked()
    {
        using SigningKey forged = SigningKey.Create(KeyAlgorithm.P256);
        string[] lists =
        [
            List(new(), signer: forged),
            List(new(), validUntil: Samples.Issued.AddDays(1)),
            List(new(), purpose: "suspension"),
            "no list at all",
        ];
        foreach (string list in lists)
        {
            VerificationReport report = await VerifyAsync(Sign(WithStatus(1)), Known(list));
            report[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.NotChecked);
            report.Verdict.ShouldBe(Verdict.Undecided);
        }

        (await VerifyAsync(Sign(WithStatus(200_000)), Known(List(new()))))[CheckNames.Status].Sentence.ShouldContain("outside");
        (await VerifyAsync(Sign(WithStatus(1)), Known()))[CheckNames.Status].Sentence.ShouldContain("could not be had");
    }

    [Fact]
    public async Task Another_list_of_the_same_issuer_says_nothing_about_a_credential()
    {
        AchievementCredential credential = Samples.Simple(Issuer) with { Status = StatusEntry.Bitstring(ListUrl + "0", 1) };
        var swapped = new VerifierOptions { DidDocuments = [Document(key.PublicKey)], Documents = new GivenDocuments([new(new Uri(ListUrl + "0"), Encoding.UTF8.GetBytes(List(new())))]) };
        VerificationReport report = await VerifyAsync(Sign(credential), swapped);
        report[CheckNames.Status].ShouldBe(new(CheckNames.Status, VerificationOutcome.NotChecked, "The status list is another one than the entry names."));
        report.Verdict.ShouldBe(Verdict.Undecided);
    }

    [Fact]
    public async Task An_entry_that_does_not_say_what_it_is_for_is_refused_also_where_the_list_does_not_say_it_either()
    {
        JsonObject credential = WithStatus(5).ToJson();
        credential["credentialStatus"]!.AsObject().Remove("statusPurpose");
        JsonObject list = new StatusListCredential { Id = ListUrl, Issuer = Issuer, ValidFrom = Samples.Issued, List = new() { [5] = true } }.ToJson();
        list["credentialSubject"]!.AsObject().Remove("statusPurpose");
        VerificationReport report = await VerifyAsync(VcJwt.Sign(credential, key, Method), Known(VcJwt.Sign(list, key, Method)));
        report[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("nOnE")]
    [InlineData("ES256")]
    public async Task A_token_without_a_signature_is_read_and_its_proof_fails(string algorithm)
    {
        string[] parts = Sign(Samples.Simple(Issuer)).Split('.');
        string header = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","kid":"{{Method}}","typ":"JWT"}""")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        VerificationReport report = await VerifyAsync($"{header}.{parts[1]}.", Known());
        report[CheckNames.Container].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Proof].ShouldBe(new(CheckNames.Proof, VerificationOutcome.Failed, "The token is not signed; nothing secures it."));
        report[CheckNames.Key].Outcome.ShouldBe(VerificationOutcome.NotChecked);
    }

    [Fact]
    public async Task A_schema_that_nobody_here_knows_is_told_and_not_fetched()
    {
        JsonObject credential = Samples.Simple(Issuer).ToJson();
        credential["credentialSchema"] = new JsonArray(new JsonObject { ["id"] = "https://schemas.example/own.json", ["type"] = "1EdTechJsonSchemaValidator2019" });
        VerificationReport report = await VerifyAsync(VcJwt.Sign(credential, key, Method), Known());
        report[CheckNames.Schema].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Schema].Sentence.ShouldContain("was not looked at");
    }

    [Fact]
    public async Task What_cannot_be_fetched_is_told_in_one_sentence()
    {
        AchievementCredential credential = Samples.Simple(Issuer) with { Status = StatusEntry.Bitstring("file:///etc/passwd", 1) };
        using var web = new HttpDocumentSource(TimeProvider.System, new());
        VerificationReport report = await VerifyAsync(Sign(credential), new() { DidDocuments = [Document(key.PublicKey)], Documents = web });
        report[CheckNames.Status].Sentence.ShouldBe("The status list could not be had: Only https addresses without a user name are fetched.");
        (await VerifyAsync(Sign(credential), Known()))[CheckNames.Status].Sentence.ShouldBe("The status list could not be had: it is not available here.");
    }

    [Fact]
    public async Task A_revocation_list_of_1edtech_is_read()
    {
        AchievementCredential credential = Samples.Simple(Issuer) with { Status = StatusEntry.RevocationList(ListUrl) };
        string empty = new RevocationList { Id = ListUrl, Issuer = Issuer, Revoked = [] }.ToJson().ToJsonString();
        string revoked = new RevocationList { Id = ListUrl, Issuer = Issuer, Revoked = [new(credential.Id)] }.ToJson().ToJsonString();
        (await VerifyAsync(Sign(credential), Known(empty)))[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.Passed);
        (await VerifyAsync(Sign(credential), Known(revoked)))[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Fact]
    public async Task The_person_expected_is_matched_by_address_or_id()
    {
        string token = Sign(Samples.Simple(Issuer));
        foreach ((string recipient, VerificationOutcome outcome) in ((string, VerificationOutcome)[])
            [("Ada@example.com", VerificationOutcome.Passed), ("urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10", VerificationOutcome.Passed), ("eve@example.com", VerificationOutcome.Failed)])
        {
            (await VerifyAsync(token, Known() with { Recipient = recipient }))[CheckNames.Recipient].Outcome.ShouldBe(outcome);
        }
    }

    [Fact]
    public async Task An_endorsement_that_does_not_verify_is_reported_where_it_stands()
    {
        var endorsement = new EndorsementCredential
        {
            Id = "urn:uuid:1", Name = "Good", Issuer = new() { Id = Issuer }, ValidFrom = Samples.Issued, Endorsed = Issuer,
        };
        AchievementCredential credential = Samples.Simple(Issuer) with { Endorsements = [System.Text.Json.JsonSerializer.SerializeToElement(endorsement.ToJson())] };
        VerificationReport report = await VerifyAsync(Sign(credential), Known());
        report[CheckNames.Embedded].Outcome.ShouldBe(VerificationOutcome.Failed);
        report.Embedded.ShouldHaveSingleItem().Path.ShouldBe("$.endorsement[0]");
        report.Embedded[0].Report[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Fact]
    public async Task Carried_credentials_are_verified_up_to_a_number()
    {
        JsonObject credential = Samples.Simple(Issuer).ToJson();
        credential["endorsement"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(static _ => (JsonNode)new JsonObject())]);
        VerificationReport report = await VerifyAsync(VcJwt.Sign(credential, key, Method), Known());
        report[CheckNames.Embedded].Outcome.ShouldBe(VerificationOutcome.NotChecked);
        report.Embedded.Count.ShouldBe(64);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("a.b.c")]
    [InlineData("{}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[1]")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public async Task Anything_at_all_gives_a_report_instead_of_an_exception(string document)
    {
        VerificationReport report = await VerifyAsync(document, Known());
        report.Verdict.ShouldBe(Verdict.Refused);
        report.Checks.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_baked_image_verifies_like_what_it_carries()
    {
        byte[] svg = BakedImage.Bake(Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), Sign(Samples.Simple(Issuer)));
        VerificationReport report = await new CredentialVerifier(Clock, Known()).VerifyAsync(svg, TestContext.Current.CancellationToken);
        report.Verdict.ShouldBe(Verdict.Verified);
        report.Container.ShouldBe(CredentialContainer.Svg);
    }

    private string Method => DidDocument.VerificationMethod(Issuer, key.PublicKey);

    private string Sign(AchievementCredential credential) => VcJwt.Sign(credential.ToJson(), key, Method);

    private static AchievementCredential WithStatus(int index) => Samples.Simple(Issuer) with { Status = StatusEntry.Bitstring(ListUrl, index) };

    private string List(BitstringStatusList bits, SigningKey? signer = null, DateTimeOffset? validUntil = null, string purpose = "revocation")
    {
        JsonObject list = new StatusListCredential { Id = ListUrl, Issuer = Issuer, ValidFrom = Samples.Issued, ValidUntil = validUntil, Purpose = purpose, List = bits }.ToJson();
        return VcJwt.Sign(list, signer ?? key, Method);
    }

    private VerifierOptions Known(string? list = null) => new()
    {
        DidDocuments = [Document(key.PublicKey)],
        Documents = list is null ? GivenDocuments.None : new GivenDocuments([new(new Uri(ListUrl), Encoding.UTF8.GetBytes(list))]),
    };

    private static JsonObject Document(VerificationKey key) => DidDocument.Build(Issuer, [key]);

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static Task<VerificationReport> VerifyAsync(string document, VerifierOptions options) =>
        new CredentialVerifier(Clock, options).VerifyAsync(Encoding.UTF8.GetBytes(document), TestContext.Current.CancellationToken);
}
