using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Tests.Model;

namespace CredSync.OpenBadges.Tests.Proofs;

public sealed class VcJwtTests
{
    private const string Did = "did:web:badges.example.org";

    [Theory]
    [InlineData(KeyAlgorithm.Rsa, "RS256")]
    [InlineData(KeyAlgorithm.P256, "ES256")]
    public void A_signed_token_holds_under_the_issuers_document(KeyAlgorithm algorithm, string name)
    {
        using SigningKey key = SigningKey.Create(algorithm);
        string token = VcJwt.Sign(Credential(), key, DidDocument.VerificationMethod(Did, key.PublicKey));
        ProofCheck check = VcJwt.Verify(token, KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey])));
        check.Failure.ShouldBeNull();
        check.Holds.ShouldBeTrue();
        check.Suite.ShouldBe(name);
        check.Controller.ShouldBe(Did);
    }

    [Fact]
    public void Header_and_payload_have_the_members_of_Open_Badges_3_and_no_others()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        VcJwtToken token = VcJwt.Read(VcJwt.Sign(Credential(), key, Did + "#key"));
        JsonNode.Parse(Base64Url.DecodeFromChars(VcJwt.Sign(Credential(), key, Did + "#key").Split('.')[0]))!.ToJsonString()
            .ShouldBe("""{"alg":"ES256","kid":"did:web:badges.example.org#key","typ":"JWT"}""");
        token.IsVersionOne.ShouldBeFalse();
        token.Claims["iss"]!.GetValue<string>().ShouldBe(Did);
        token.Claims["jti"]!.GetValue<string>().ShouldBe("urn:uuid:5f2b1b3e-0f1c-4d0a-9f36-1d0d7c4a0001");
        token.Claims["sub"]!.GetValue<string>().ShouldBe("urn:uuid:5f2b1b3e-0f1c-4d0a-9f36-1d0d7c4a0002");
        token.Claims["nbf"]!.GetValue<long>().ShouldBe(1767607200);
        token.Claims["exp"]!.GetValue<long>().ShouldBe(1830679200);
        token.Claims.Count.ShouldBe(Credential().Count + 5);
        JsonNode.DeepEquals(token.Credential, Credential()).ShouldBeTrue();
    }

    [Fact]
    public void The_token_of_a_modelled_credential_is_the_token_of_its_json()
    {
        // RSA signatures repeat, so that the tokens can be compared as they are.
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Rsa);
        AchievementCredential simple = Samples.Simple(Did);
        AchievementCredential[] credentials =
        [
            simple,
            Samples.Full(),
            simple with { Name = "\"quoted\" \\ <tag> \u0001\u001f\u007f é 漢 😀\n", FurtherContexts = ["https://example.org/more"] },
            simple with { ValidFrom = new(1969, 12, 31, 23, 59, 59, 500, TimeSpan.FromHours(-3)), ValidUntil = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        ];
        credentials.ShouldAllBe(c => VcJwt.Sign(c, key, Did + "#key") == VcJwt.Sign(c.ToJson(), key, Did + "#key"));
        VcJwt.Sign(simple, key, Did + "#key").ShouldNotBe(VcJwt.Sign(simple, key, Did + "#other"));
    }

    [Fact]
    public void A_modelled_credential_that_cannot_be_a_token_is_not_signed()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        AchievementCredential simple = Samples.Simple(Did);
        Should.Throw<ProofException>(() => VcJwt.Sign(simple with { Subject = simple.Subject with { Id = null } }, key, Did + "#key")).Message.ShouldContain("no valid credentialSubject.id");
        Should.Throw<ProofException>(() => VcJwt.Sign(simple with { Name = "half \ud83d" }, key, Did + "#key")).Message.ShouldContain("not Unicode");
        using SigningKey edwards = SigningKey.Create(KeyAlgorithm.Ed25519);
        Should.Throw<ProofException>(() => VcJwt.Sign(simple, edwards, Did + "#key")).Message.ShouldContain("RS256");
    }

    [Fact]
    public void The_credential_given_to_sign_is_not_changed()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        JsonObject credential = Credential();
        VcJwt.Sign(credential, key, Did + "#key");
        JsonNode.DeepEquals(credential, Credential()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("id", "no valid id")]
    [InlineData("issuer", "no valid issuer.id")]
    [InlineData("credentialSubject", "no valid credentialSubject.id")]
    [InlineData("validFrom", "no valid validFrom")]
    public void A_credential_that_lacks_what_the_claims_repeat_is_not_signed(string member, string sentence)
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        JsonObject credential = Credential();
        credential.Remove(member);
        Should.Throw<ProofException>(() => VcJwt.Sign(credential, key, Did + "#key")).Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("2026-01-05T10:00:00.5Z", "fraction")]
    [InlineData("2026-01-05T10:00:00", "no valid validFrom")]
    [InlineData("2026-01-05", "no valid validFrom")]
    public void A_start_that_the_claim_cannot_repeat_is_not_signed(string validFrom, string sentence)
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        JsonObject credential = Credential();
        credential["validFrom"] = validFrom;
        Should.Throw<ProofException>(() => VcJwt.Sign(credential, key, Did + "#key")).Message.ShouldContain(sentence);
    }

    [Fact]
    public void A_credential_with_a_claim_of_its_own_is_not_signed()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        JsonObject credential = Credential();
        credential["exp"] = 1;
        Should.Throw<ProofException>(() => VcJwt.Sign(credential, key, Did + "#key")).Message.ShouldContain("exp");
    }

    [Fact]
    public void Ed25519_does_not_sign_tokens_because_hosts_do_not_read_them()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        Should.Throw<ProofException>(() => VcJwt.Sign(Credential(), key, Did + "#key")).Message.ShouldContain("RS256");
    }

    [Fact]
    public void A_key_of_somebody_else_does_not_hold()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        const string other = "did:web:elsewhere.example";
        string token = VcJwt.Sign(Credential(), key, DidDocument.VerificationMethod(other, key.PublicKey));
        ProofCheck check = VcJwt.Verify(token, KeyResolvers.FromDidDocuments(DidDocument.Build(other, [key.PublicKey])));
        check.SignatureIsValid.ShouldBeTrue();
        check.KeyBelongsToIssuer.ShouldBeFalse();
        check.Holds.ShouldBeFalse();
        check.Failure.ShouldBe("The key does not belong to the credential's issuer.");
    }

    [Fact]
    public void A_token_that_carries_only_its_own_key_is_unchanged_but_proves_nobody()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        string token = Token(key, new JsonObject { ["alg"] = "ES256", ["jwk"] = key.PublicJwk }, VcJwt.Read(VcJwt.Sign(Credential(), key, Did + "#key")).Claims);
        ProofCheck check = VcJwt.Verify(token, KeyResolvers.DidKeys);
        check.SignatureIsValid.ShouldBeTrue();
        check.Holds.ShouldBeFalse();
    }

    [Theory]
    [InlineData("nbf", "1767607201")]
    [InlineData("exp", "1")]
    [InlineData("iss", "\"did:web:elsewhere.example\"")]
    [InlineData("jti", "\"urn:uuid:0\"")]
    [InlineData("sub", "\"urn:uuid:0\"")]
    [InlineData("nbf", null)]
    [InlineData("exp", null)]
    [InlineData("iss", null)]
    public void A_claim_that_differs_from_the_credential_does_not_hold(string claim, string? value)
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        string kid = DidDocument.VerificationMethod(Did, key.PublicKey);
        JsonObject claims = (JsonObject)VcJwt.Read(VcJwt.Sign(Credential(), key, kid)).Claims.DeepClone();
        if (value is null) claims.Remove(claim);
        else claims[claim] = JsonNode.Parse(value);
        string token = Token(key, new JsonObject { ["alg"] = "ES256", ["kid"] = kid }, claims);
        ProofCheck check = VcJwt.Verify(token, KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey])));
        check.SignatureIsValid.ShouldBeTrue();
        check.Holds.ShouldBeFalse();
        check.Failure.ShouldNotBeNull().ShouldContain(claim);
    }

    [Fact]
    public void An_algorithm_that_is_not_the_keys_is_refused_before_any_signature_is_looked_at()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        string kid = DidDocument.VerificationMethod(Did, key.PublicKey);
        foreach (string algorithm in (string[])["none", "HS256", "RS256", "EdDSA", "es256"])
        {
            string token = Token(key, new JsonObject { ["alg"] = algorithm, ["kid"] = kid }, VcJwt.Read(VcJwt.Sign(Credential(), key, kid)).Claims);
            VcJwt.Verify(token, KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]))).SignatureIsValid.ShouldBeFalse(algorithm);
        }
    }

    [Fact]
    public void Every_changed_character_of_a_token_breaks_it()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        string token = VcJwt.Sign(Credential(), key, DidDocument.VerificationMethod(Did, key.PublicKey));
        IVerificationKeyResolver resolver = KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]));
        for (int index = 0; index < token.Length; index++)
        {
            char[] changed = token.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            bool holds;
            try
            {
                holds = VcJwt.Verify(new string(changed), resolver).Holds;
            }
            catch (ProofException)
            {
                holds = false;
            }

            holds.ShouldBeFalse($"at {index}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30.e30.AA")]
    [InlineData("e30=.e30.AA")]
    [InlineData("e30.e30.AB")]
    [InlineData("e30.e30.A A")]
    [InlineData("e3!.e30.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AA")]
    public void Text_that_is_no_token_is_refused_in_words(string text) => Should.Throw<ProofException>(() => VcJwt.Read(text));

    [Fact]
    public void A_payload_nested_ten_thousand_deep_is_refused_in_words()
    {
        string payload = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        string token = $"{Base64Url.EncodeToString("""{"alg":"RS256"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.AAAA";
        Should.Throw<ProofException>(() => VcJwt.Read(token)).Message.ShouldContain("64 levels");
    }

    [Fact]
    public void The_form_of_VCDM_1_1_is_read()
    {
        VcJwtToken token = VcJwt.Read(Vectors.Text("1edtech-validator-samples/ob30/simple.jwt"));
        token.IsVersionOne.ShouldBeTrue();
        token.Credential["name"]!.GetValue<string>().ShouldBe("Example University Degree");
        VcJwtReader.ClaimFailure(token).ShouldBeNull();
    }

    private static JsonObject Credential() => new()
    {
        ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
        ["id"] = "urn:uuid:5f2b1b3e-0f1c-4d0a-9f36-1d0d7c4a0001",
        ["type"] = new JsonArray("VerifiableCredential", "OpenBadgeCredential"),
        ["issuer"] = new JsonObject { ["id"] = Did, ["type"] = new JsonArray("Profile"), ["name"] = "Universität > \"Nord\"" },
        ["validFrom"] = "2026-01-05T10:00:00Z",
        ["validUntil"] = "2028-01-05T11:00:00+01:00",
        ["credentialSubject"] = new JsonObject { ["id"] = "urn:uuid:5f2b1b3e-0f1c-4d0a-9f36-1d0d7c4a0002", ["type"] = new JsonArray("AchievementSubject") },
    };

    private static string Token(SigningKey key, JsonObject header, JsonObject claims)
    {
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{input}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }
}
