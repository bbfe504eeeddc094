using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Clr;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Tests.Model;
using CredSync.OpenBadges.Tests.Validation;
using CredSync.OpenBadges.Validation;
using CredSync.OpenBadges.Verification;

namespace CredSync.OpenBadges.Tests.Clr;

public sealed class LearnerRecordTests : IDisposable
{
    private const string Issuer = "did:web:badges.example.org";
    private readonly SigningKey key = SigningKey.Create(KeyAlgorithm.P256);

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_record_passes_the_strict_form_and_the_schema_of_1edtech()
    {
        JsonObject record = Record(JsonSerializer.SerializeToElement(Samples.Simple(Issuer).ToJson())).ToJson();
        CredentialValidator.Validate(JsonSerializer.SerializeToElement(record), CredentialForm.Strict).ShouldBeEmpty();
        new SchemaOracle(Vectors.Json("1edtech-schemas/clr_v2p0_clrcredential_schema.json")).Accepts(record).ShouldBeTrue();
    }

    [Fact]
    public async Task Each_carried_badge_is_verified_by_its_own_proof()
    {
        string badge = VcJwt.Sign(Samples.Simple(Issuer).ToJson(), key, Method);
        (await VerifyAsync(Record(JsonSerializer.SerializeToElement(badge)))).Verdict.ShouldBe(Verdict.Verified);
        VerificationReport forged = await VerifyAsync(Record(JsonSerializer.SerializeToElement(badge[..^4] + "AAAA")));
        forged.Verdict.ShouldBe(Verdict.Refused);
        forged[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Passed);
        forged[CheckNames.Embedded].Outcome.ShouldBe(VerificationOutcome.Failed);
        forged.Embedded.ShouldHaveSingleItem().Path.ShouldBe("$.credentialSubject.verifiableCredential[0]");
    }

    [Fact]
    public void Courses_are_parts_of_their_programme() =>
        Association.Stack(["urn:a", "urn:b"], "urn:p").ShouldBe([new("urn:a", "isPartOf", "urn:p"), new("urn:b", "isPartOf", "urn:p")]);

    private string Method => DidDocument.VerificationMethod(Issuer, key.PublicKey);

    private async Task<VerificationReport> VerifyAsync(LearnerRecord record) =>
        await new CredentialVerifier(FixedClock.At("2026-02-01T00:00:00Z"), new() { DidDocuments = [DidDocument.Build(Issuer, [key.PublicKey])] })
            .VerifyAsync(Encoding.ASCII.GetBytes(VcJwt.Sign(record.ToJson(), key, Method)), TestContext.Current.CancellationToken);

    private static LearnerRecord Record(JsonElement credential)
    {
        Achievement course = Samples.Simple(Issuer).Subject.Achievement;
        return new()
        {
            Id = "urn:uuid:00000000-0000-5000-8000-000000000009",
            Name = "Data Analyst",
            Description = "All badges of the programme.",
            Issuer = new() { Id = Issuer, Name = "Northwind Academy" },
            ValidFrom = Samples.Issued,
            AwardedDate = Samples.Issued,
            Partial = true,
            Subject = new()
            {
                Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                Identifiers = [IdentityObject.ForEmail("ada@example.com", "c2FsdA")],
                Credentials = [credential],
                Achievements = [course, course with { Id = "urn:uuid:00000000-0000-5000-8000-000000000010", Name = "Data Analyst" }],
                Associations = Association.Stack([course.Id], "urn:uuid:00000000-0000-5000-8000-000000000010"),
            },
        };
    }
}
