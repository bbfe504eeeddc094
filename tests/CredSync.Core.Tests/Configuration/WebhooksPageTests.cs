using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The page on deliveries: its examples have no findings under the adapters that ship, and it explains every proof.</summary>
public sealed class WebhooksPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Shipped.Root, "docs", "webhooks.md"));

    public static TheoryData<string> Examples => [.. PageExample.Fences(Page)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_page_has_no_findings(string example) =>
        FindingText.Render(Read(example).Findings).ShouldBe("");

    [Theory]
    [InlineData("standard-webhooks")]
    [InlineData("hmac-sha256")]
    [InlineData("token")]
    [InlineData("path")]
    [InlineData("basic")]
    [InlineData("oauth")]
    [InlineData("none")]
    public void Every_proof_is_explained(string proof) => Page.ShouldContain($"| `{proof}` |");

    [Theory]
    [InlineData("{ proof: standard-webhooks }", "Without 'secrets' nothing can be proven.")]
    [InlineData("{ proof: none, secrets: [env:A] }", "There are 'secrets', but nothing is proven with them.")]
    [InlineData("{ proof: basic, secrets: [env:A] }", "This proof needs a name beside the secret.")]
    [InlineData("{ proof: token, client_id: x, secrets: [env:A] }", "'client_id' says nothing here; it goes with proof basic and oauth.")]
    [InlineData("{ proof: standard-webhooks, public_keys: [whpk_AAECAw==] }", "This is not a public key: whpk_ and 32 bytes in base64.")]
    [InlineData("{ proof: standard-webhooks, public_keys: [whsk_AAECAw==] }", "The sender's private key stands in the file for everybody to read.")]
    [InlineData("{ proof: standard-webhooks, public_keys: [whsec_AAECAw==] }", "A secret stands in the file for everybody to read.")]
    [InlineData("{ proof: token, secrets: [env:A], public_keys: [\"whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"] }", "'public_keys' says nothing here; it goes with proof standard-webhooks.")]
    [InlineData("{ proof: path, header: X-Token, secrets: [env:A] }", "'header' says nothing here; it goes with proof hmac-sha256 and token.")]
    public void What_does_not_go_together_is_found(string webhook, string sentence) => Read(
        $"""
        source: openedx
        adapter: edx
        address: https://courses.northwind.example
        client_id: env:EDX_CLIENT_ID
        client_secret: env:EDX_CLIENT_SECRET
        courses: ["course-v1:NorthX+DATA101+2026_T1"]
        webhook: {webhook}
        """).Findings.ShouldHaveSingleItem().Sentence.ShouldBe(sentence);

    private static ConfigurationResult Read(string source)
    {
        string name = source.Split('\n').First(l => l.StartsWith("source: ", StringComparison.Ordinal))["source: ".Length..].Trim();
        return ConfigurationReader.Read(
            [new ConfigurationFile("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"), new ConfigurationFile($"sources/{name}.yaml", source)],
            BuiltIn.Adapters,
            Shipped.Secret,
            Shipped.NoOverrides);
    }
}
