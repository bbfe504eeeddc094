using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>What an adapter knows of its settings beyond each one's own form is found by lint, where it stands.</summary>
public sealed class TogetherTests
{
    [Fact]
    public void A_path_that_is_none_a_field_that_is_unknown_and_a_setting_that_is_missing_are_found_with_line_and_column()
    {
        const string Source = """
            source: api
            adapter: http-json
            address: https://api.example.org/v1/completions
            auth: bearer
            fields:
              email: user..mail
              course: course.code
              completed_at: finished
              colour: user.colour
            """;
        IReadOnlyList<Finding> found = Read(Source).Findings;
        found.Select(f => (f.Code, f.Line, f.Column)).ShouldBe([("CFG019", 2, 10), ("CFG015", 6, 10), ("CFG015", 9, 11)], FindingText.Render(found));
    }

    [Fact]
    public void A_source_without_code_that_is_described_wholly_has_no_findings() => Read("""
        source: api
        adapter: http-json
        address: https://api.example.org/v1/completions
        auth: bearer
        token: env:API_TOKEN
        paging: cursor
        next: paging.next
        fields: { external_id: user.number, course: course.code, completed_at: finished }
        """).Findings.ShouldBeEmpty();

    private static ConfigurationResult Read(string source) => ConfigurationReader.Read(
        [new ConfigurationFile("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"), new ConfigurationFile("sources/api.yaml", source)],
        BuiltIn.Adapters,
        Shipped.Secret,
        Shipped.NoOverrides);
}
