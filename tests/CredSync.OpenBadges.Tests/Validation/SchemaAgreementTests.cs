using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Tests.Validation;

/// <summary>The table of classes against 1EdTech's own schemas, on thousands of documents that differ from a good one in one place.</summary>
public sealed class SchemaAgreementTests
{
    private const string Strict = "1edtech-schemas/ob_v3p0_achievementcredential_schema.strict-2024-07.json";
    private const string Current = "1edtech-schemas/ob_v3p0_achievementcredential_schema.json";
    private const string LearnerRecord = "1edtech-schemas/clr_v2p0_clrcredential_schema.json";

    [Theory]
    [InlineData("generated/rich-unsigned.json", Strict, CredentialForm.Strict)]
    [InlineData("1edtech-ob3-spec-examples/fullOpenBadge.json", Strict, CredentialForm.Strict)]
    [InlineData("generated/rich-unsigned.json", Current, CredentialForm.Current)]
    [InlineData("1edtech-ob3-spec-examples/fullOpenBadge.json", Current, CredentialForm.Current)]
    [InlineData("1edtech-validator-samples/clr20/simple.json", LearnerRecord, CredentialForm.Current)]
    public void Whatever_the_schema_refuses_is_found(string sample, string schema, CredentialForm form)
    {
        var oracle = new SchemaOracle(Vectors.Json(schema));
        (string What, JsonNode Document)[] refused = [.. Mutations.Of(Vectors.Json(sample)).Where(m => !oracle.Accepts(m.Document))];
        refused.Length.ShouldBeGreaterThan(50);
        refused.Where(m => Findings(m.Document, form).Count == 0).Select(static m => m.What).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("generated/rich-unsigned.json", Strict, CredentialForm.Strict)]
    [InlineData("1edtech-ob3-spec-examples/fullOpenBadge.json", Strict, CredentialForm.Strict)]
    [InlineData("generated/rich-unsigned.json", Current, CredentialForm.Current)]
    public void Nothing_that_the_schema_accepts_is_refused_for_the_schema_s_reasons(string sample, string schema, CredentialForm form)
    {
        var oracle = new SchemaOracle(Vectors.Json(schema));
        (string What, JsonNode Document)[] accepted = [.. Mutations.Of(Vectors.Json(sample)).Where(m => oracle.Accepts(m.Document))];
        accepted.Length.ShouldBeGreaterThan(50);
        accepted.Where(m => Findings(m.Document, form).Any(static f => !IsBeyondTheSchema(f))).Select(static m => m.What).ShouldBeEmpty();
    }

    // The schema takes any text for a URI or a lone type and knows nothing of status lists; the specification's text does.
    private static bool IsBeyondTheSchema(Finding finding) => finding.Rule is FindingRule.Subject or FindingRule.Consistency
        || (finding.Rule == FindingRule.Format && finding.Sentence.Contains("URI", StringComparison.Ordinal))
        || finding.Path.Contains("identityHash", StringComparison.Ordinal)
        || finding.Path.Contains("criteria", StringComparison.Ordinal)
        || finding.Path.Contains("credentialStatus", StringComparison.Ordinal)
        || finding.Rule == FindingRule.Type
        || finding.Path.EndsWith("['@context']", StringComparison.Ordinal);

    private static IReadOnlyList<Finding> Findings(JsonNode document, CredentialForm form) => CredentialValidator.Validate(JsonSerializer.SerializeToElement(document), form);
}
