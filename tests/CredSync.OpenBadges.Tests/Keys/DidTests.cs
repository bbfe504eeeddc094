using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Tests.Keys;

public sealed class DidTests
{
    [Theory]
    [InlineData("did:web:example.org", "https://example.org/.well-known/did.json")]
    [InlineData("did:web:example.org:a:b", "https://example.org/a/b/did.json")]
    [InlineData("did:web:example.org%3A8443", "https://example.org:8443/.well-known/did.json")]
    [InlineData("did:web:localhost%3A8443:issuers:1", "https://localhost:8443/issuers/1/did.json")]
    public void A_did_web_and_its_document_address_lead_to_each_other(string did, string address)
    {
        DidWeb.ToUrl(did).ShouldBe(new Uri(address));
        DidWeb.ToUrl(did + "#z6Mk").ShouldBe(new Uri(address));
        DidWeb.FromUrl(new Uri(address)).ShouldBe(did);
    }

    [Theory]
    [InlineData("https://Example.org/", "did:web:example.org")]
    [InlineData("https://example.org/issuers/1/", "did:web:example.org:issuers:1")]
    public void A_did_web_is_made_of_an_address(string address, string did) => DidWeb.FromUrl(new Uri(address)).ShouldBe(did);

    [Theory]
    [InlineData("did:web:")]
    [InlineData("did:web:a::b")]
    [InlineData("did:web:example.org:..:secret")]
    [InlineData("did:web:user@example.org")]
    [InlineData("did:web:example.org/path")]
    [InlineData("did:web:exa mple.org")]
    [InlineData("did:web:example.org%2Fpath")]
    [InlineData("did:web:example.org%3Anoport")]
    [InlineData("did:key:z6Mk")]
    public void A_malformed_did_web_is_refused(string did) => Should.Throw<KeyException>(() => DidWeb.ToUrl(did));

    [Theory]
    [InlineData("http://example.org")]
    [InlineData("https://example.org/?a=b")]
    [InlineData("https://user@example.org/")]
    [InlineData("https://[::1]/")]
    public void An_address_that_is_no_issuer_is_refused(string address) => Should.Throw<KeyException>(() => DidWeb.FromUrl(new Uri(address)));

    [Fact]
    public void The_document_of_the_reference_key_is_the_one_that_other_verifiers_read()
    {
        VerificationKey key = VerificationKey.FromMultikey("z6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTnn");
        JsonObject document = DidDocument.Build("did:web:issuer.credsync.example", [key]);
        JsonNode expected = JsonNode.Parse(Vectors.Text("generated/keys.json"))!["didDocument"]!;
        JsonNode.DeepEquals(document, expected).ShouldBeTrue(document.ToJsonString());
    }

    [Fact]
    public void Every_key_of_a_built_document_is_found_again()
    {
        VerificationKey[] keys = [.. Enum.GetValues<KeyAlgorithm>().Select(algorithm =>
        {
            using SigningKey key = SigningKey.Create(algorithm);
            return key.PublicKey;
        })];
        JsonObject document = DidDocument.Build("did:web:badges.example.org", keys);
        foreach (VerificationKey key in keys)
            DidDocument.FindAssertionKey(document, DidDocument.VerificationMethod("did:web:badges.example.org", key)).ShouldBe(key);
        document["@context"]!.AsArray().Count.ShouldBe(3);
        document["verificationMethod"]![2]!["publicKeyJwk"]!["alg"]!.GetValue<string>().ShouldBe("RS256");
    }

    [Fact]
    public void A_key_that_the_document_does_not_assert_with_is_not_found()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        string method = DidDocument.VerificationMethod("did:web:a.example", key.PublicKey);
        JsonObject document = DidDocument.Build("did:web:a.example", [key.PublicKey]);
        document["assertionMethod"] = new JsonArray();
        document["authentication"] = new JsonArray(method);
        Should.Throw<KeyException>(() => DidDocument.FindAssertionKey(document, method)).Message.ShouldContain("assertionMethod");
        Should.Throw<KeyException>(() => DidDocument.FindAssertionKey(document, method.Replace("a.example", "b.example", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_document_needs_keys_and_takes_each_once()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        Should.Throw<KeyException>(() => DidDocument.Build("did:web:a.example", []));
        Should.Throw<KeyException>(() => DidDocument.Build("did:web:a.example", [key.PublicKey, key.PublicKey]));
    }
}
