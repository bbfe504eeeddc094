using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Tests.Validation;

public sealed class CredentialValidatorTests
{
    [Theory]
    [InlineData("1edtech-validator-samples/ob30/simple.json")]
    [InlineData("1edtech-validator-samples/ob30/complete.json")]
    [InlineData("1edtech-validator-samples/ob30/simple-did-web-method.json")]
    [InlineData("1edtech-validator-samples/ob30/simple-multiple-proofs.json")]
    [InlineData("1edtech-validator-samples/ob30/endorsement-valid.json")]
    [InlineData("1edtech-validator-samples/ob30/bit-string-list/testlist")]
    [InlineData("1edtech-validator-samples/ob30/bit-string-list/credential-status-revoked.json")]
    [InlineData("1edtech-validator-samples/clr20/simple.json")]
    [InlineData("1edtech-ob3-spec-examples/basicOpenBadgeCredential.json")]
    [InlineData("1edtech-ob3-spec-examples/achievementAlignmentCase.json")]
    [InlineData("generated/rich-unsigned.json")]
    public void A_valid_sample_has_no_findings(string sample) => Validate(sample).ShouldBeEmpty();

    [Theory]
    [InlineData("err-context", FindingRule.Context, "$['@context'][0]")]
    [InlineData("err-type", FindingRule.Type, "$.type")]
    [InlineData("err-issuer", FindingRule.Required, "$.issuer")]
    [InlineData("err-issuer-type", FindingRule.Type, "$.issuer.type")]
    [InlineData("err-issuer-otheridentifier-type", FindingRule.Type, "$.issuer.otherIdentifier[1].type")]
    [InlineData("err-issuer-parentorg-type", FindingRule.Type, "$.issuer.parentOrg.type")]
    [InlineData("err-evidence-type", FindingRule.Type, "$.evidence[1].type")]
    [InlineData("err-credential-subject-type", FindingRule.Type, "$.credentialSubject.type")]
    [InlineData("err-credential-subject-identifier-type", FindingRule.Type, "$.credentialSubject.identifier[0].type")]
    [InlineData("err-credential-subject-profile-type", FindingRule.Type, "$.credentialSubject.source.type")]
    [InlineData("err-credential-subject-result-type", FindingRule.Type, "$.credentialSubject.result[1].type")]
    [InlineData("noproof", FindingRule.Required, "$.validFrom")]
    public void A_faulty_sample_is_told_where_and_why(string sample, FindingRule rule, string path) =>
        Validate($"1edtech-validator-samples/ob30/simple-{sample}.json").ShouldContain(f => f.Rule == rule && f.Path == path);

    [Fact]
    public void The_wrong_type_of_a_result_description_is_found_below_the_achievement() =>
        Validate("1edtech-validator-samples/ob30/simple-err-credential-subject-achievement-result-description-type.json")
            .ShouldContain(static f => f.Rule == FindingRule.Type && f.Path.StartsWith("$.credentialSubject.achievement.resultDescription[", StringComparison.Ordinal));

    [Theory]
    [InlineData("2026-01-05T10:00:00Z", true)]
    [InlineData("2026-01-05T10:00:00.123+05:30", true)]
    [InlineData("2026-01-05T10:00:00", false)]
    [InlineData("2026-01-05", false)]
    [InlineData("2026-02-30T10:00:00Z", false)]
    [InlineData("2026-01-05T25:00:00Z", false)]
    [InlineData("2026-01-05T10:00:00Z\n", false)]
    [InlineData("next week", false)]
    public void A_date_time_has_a_zone(string text, bool fits) => ValueFormats.IsTime(text).ShouldBe(fits);

    [Fact]
    public void What_the_schema_cannot_say_is_found_too()
    {
        JsonObject credential = Vectors.Json("generated/rich-unsigned.json");
        credential["validUntil"] = "2020-01-01T00:00:00Z";
        JsonNode subject = credential["credentialSubject"]!;
        subject.AsObject().Remove("identifier");
        subject["achievement"]!["criteria"] = new JsonObject();
        subject["achievement"]!["resultDescription"]![0]!["resultType"] = "Status";
        subject["result"]![0]!.AsObject().Remove("status");
        credential["credentialStatus"]!["id"] = "https://issuer.credsync.example/status/1";
        IReadOnlyList<Finding> findings = CredentialValidator.Validate(JsonSerializer.SerializeToElement(credential));
        findings.Select(static f => (f.Path, f.Rule)).ShouldBe(
            [
                ("$.validUntil", FindingRule.Consistency),
                ("$.credentialSubject", FindingRule.Subject),
                ("$.credentialSubject.achievement.criteria", FindingRule.Required),
                ("$.credentialSubject.result[0].status", FindingRule.Required),
                ("$.credentialStatus.id", FindingRule.Consistency),
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Findings_repeat_no_values_of_the_credential()
    {
        JsonObject credential = Vectors.Json("generated/rich-unsigned.json");
        credential["validFrom"] = "ada@example.com";
        credential["credentialSubject"]!["identifier"]![0]!["identityType"] = "ada@example.com";
        IReadOnlyList<Finding> findings = CredentialValidator.Validate(JsonSerializer.SerializeToElement(credential));
        findings.Count.ShouldBe(2);
        findings.ShouldAllBe(static f => !f.Sentence.Contains("ada", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostile_document_gets_a_bounded_number_of_findings()
    {
        JsonObject credential = Vectors.Json("generated/rich-unsigned.json");
        credential["evidence"] = new JsonArray([.. Enumerable.Range(0, 100_000).Select(static _ => (JsonNode)1)]);
        CredentialValidator.Validate(JsonSerializer.SerializeToElement(credential)).Count.ShouldBe(200);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":[[]],"@context":{},"issuer":[],"credentialSubject":"x"}""")]
    public void Anything_at_all_gets_findings_instead_of_an_exception(string json) => CredentialValidator.Validate(JsonElement.Parse(json)).ShouldNotBeEmpty();

    private static IReadOnlyList<Finding> Validate(string sample) => CredentialValidator.Validate(JsonElement.Parse(Vectors.Bytes(sample)));
}
