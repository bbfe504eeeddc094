using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Tests.Proofs;

public sealed class ProofVectorsTests
{
    public static TheoryData<string, Cryptosuite> GeneratedCases => new MatrixTheoryData<string, Cryptosuite>(["rich", "hard", "twins"], Enum.GetValues<Cryptosuite>());

    [Theory]
    [MemberData(nameof(GeneratedCases))]
    public void The_generated_credentials_are_signed_to_the_byte(string name, Cryptosuite suite)
    {
        using SigningKey key = SigningKeyText.Parse(Vectors.Json("generated/keys.json")["secretKeyMultibase"]!.GetValue<string>());
        JsonObject expected = Vectors.Json($"generated/{name}-signed-{CryptosuiteName.Of(suite)}.json");
        JsonObject signed = DataIntegrity.Sign(Vectors.Json($"generated/{name}-unsigned.json"), key, Options(expected) with { Cryptosuites = [suite] });
        signed["proof"]![0]!["proofValue"]!.GetValue<string>().ShouldBe(expected["proof"]![0]!["proofValue"]!.GetValue<string>());
        JsonNode.DeepEquals(signed, expected).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(GeneratedCases))]
    public void The_generated_credentials_hold(string name, Cryptosuite suite)
    {
        ProofCheck check = DataIntegrity.Verify(
            Vectors.Json($"generated/{name}-signed-{CryptosuiteName.Of(suite)}.json"),
            KeyResolvers.FromDidDocuments(Vectors.Json("generated/keys.json")["didDocument"]!.AsObject())).ShouldHaveSingleItem();
        check.Failure.ShouldBeNull();
        check.Holds.ShouldBeTrue();
    }

    [Theory]
    [InlineData("rich")]
    [InlineData("hard")]
    [InlineData("twins")]
    public void The_generated_credentials_have_their_canonical_forms(string name)
    {
        JsonObject credential = Vectors.Json($"generated/{name}-unsigned.json");
        JsonObject proof = Vectors.Json($"generated/{name}-signed-eddsa-rdfc-2022.json")["proof"]![0]!.AsObject();
        Encoding.UTF8.GetString(CanonicalCredential.NQuads(credential)).ShouldBe(Vectors.Text($"generated/{name}-document.nq"));
        Encoding.UTF8.GetString(ProofConfiguration.NQuads(proof, credential["@context"], CredentialRdf.ForVerifying)).ShouldBe(Vectors.Text($"generated/{name}-proof.nq"));
        Encoding.UTF8.GetString(JsonCanonicalization.Canonicalize(credential)).ShouldBe(Vectors.Text($"generated/{name}-document.jcs.json"));
    }

    [Theory]
    [InlineData("w3c-vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", "w3c-vc-di-eddsa/eddsa-rdfc-2022/canonDocDataInt.txt", "w3c-vc-di-eddsa/eddsa-rdfc-2022/proofCanonDataInt.txt")]
    [InlineData("1edtech-ob3-signing/ob-signed.json", "1edtech-ob3-signing/ob-document-canon.nq", "1edtech-ob3-signing/ob-proof-canon.nq")]
    [InlineData("1edtech-ob3-signing/clr-signed.json", "1edtech-ob3-signing/clr-document-canon.nq", "1edtech-ob3-signing/clr-proof-canon.nq")]
    public void The_published_walk_throughs_have_their_published_canonical_forms(string file, string document, string configuration)
    {
        JsonObject credential = Vectors.Json(file);
        JsonObject proof = (credential["proof"] as JsonArray)?[0]!.AsObject() ?? credential["proof"]!.AsObject();
        Encoding.UTF8.GetString(CanonicalCredential.NQuads(credential)).Trim().ShouldBe(Vectors.Text(document).Trim());
        Encoding.UTF8.GetString(ProofConfiguration.NQuads(proof, credential["@context"], CredentialRdf.ForVerifying)).Trim().ShouldBe(Vectors.Text(configuration).Trim());
    }

    [Fact]
    public void The_W3C_walk_through_has_its_published_JCS_forms()
    {
        JsonObject credential = Vectors.Json("w3c-vc-di-eddsa/eddsa-jcs-2022/signedJCS.json");
        Encoding.UTF8.GetString(JsonCanonicalization.Canonicalize(credential, without: "proof")).ShouldBe(Vectors.Text("w3c-vc-di-eddsa/eddsa-jcs-2022/canonDocJCS.txt").Trim());
        Encoding.UTF8.GetString(JsonCanonicalization.Canonicalize(credential["proof"], without: "proofValue")).ShouldBe(Vectors.Text("w3c-vc-di-eddsa/eddsa-jcs-2022/proofCanonJCS.txt").Trim());
    }

    [Theory]
    [InlineData("w3c-vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", Cryptosuite.EddsaRdfc2022)]
    [InlineData("w3c-vc-di-eddsa/eddsa-jcs-2022/signedJCS.json", Cryptosuite.EddsaJcs2022)]
    [InlineData("1edtech-ob3-signing/ob-signed.json", Cryptosuite.EddsaRdfc2022)]
    [InlineData("1edtech-ob3-signing/clr-signed.json", Cryptosuite.EddsaRdfc2022)]
    public void The_published_walk_throughs_are_signed_to_the_byte(string file, Cryptosuite suite)
    {
        using SigningKey key = file.StartsWith("w3c", StringComparison.Ordinal)
            ? SigningKeyText.Parse(Vectors.Json("w3c-vc-di-eddsa/keyPair.json")["privateKeyMultibase"]!.GetValue<string>())
            : Ed25519SigningKey.FromSeed(Convert.FromHexString(Vectors.Json("1edtech-ob3-signing/ob-keys-and-hashes.json")["privateKeyHex_seed32_then_public32"]!.GetValue<string>()[..64]));
        JsonObject expected = Vectors.Json(file);
        JsonObject unsigned = Vectors.Json(file);
        unsigned.Remove("proof");
        JsonObject signed = DataIntegrity.Sign(unsigned, key, Options(expected) with { Cryptosuites = [suite] });
        JsonNode proof = expected["proof"] is JsonArray several ? several[0]! : expected["proof"]!;
        signed["proof"]![0]!["proofValue"]!.GetValue<string>().ShouldBe(proof["proofValue"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("w3c-vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", 1)]
    [InlineData("w3c-vc-di-eddsa/eddsa-jcs-2022/signedJCS.json", 1)]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofSet1.json", 1)]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofSet2.json", 2)]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofChain1.json", 3)]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofChain2.json", 4)]
    public void The_proofs_of_the_W3C_hold_by_signature(string file, int count)
    {
        IReadOnlyList<ProofCheck> checks = DataIntegrity.Verify(Vectors.Json(file), KeyResolvers.DidKeys);
        checks.Count.ShouldBe(count);
        // Their issuer is an https address while their keys are did:key, so the keys are nobody's.
        checks.ShouldAllBe(check => check.SignatureIsValid && !check.KeyBelongsToIssuer && !check.Holds);
    }

    [Theory]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofChain1.json", 2)]
    [InlineData("w3c-vc-di-eddsa/proof-set-chain/signedProofChain2.json", 3)]
    public void A_chained_proof_does_not_hold_when_the_proof_before_it_is_gone_or_changed(string file, int chained)
    {
        JsonObject gone = Vectors.Json(file);
        gone["proof"]!.AsArray().RemoveAt(chained - 1);
        DataIntegrity.Verify(gone, KeyResolvers.DidKeys)[^1].Failure.ShouldNotBeNull().ShouldContain("follows another proof");
        JsonObject changed = Vectors.Json(file);
        changed["proof"]![chained - 1]!["created"] = "2023-02-24T23:36:39Z";
        DataIntegrity.Verify(changed, KeyResolvers.DidKeys)[chained].SignatureIsValid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("ob30/simple.json")]
    [InlineData("ob30/simple-did-web-method.json")]
    [InlineData("ob30/complete.json")]
    [InlineData("ob30/bit-string-list/credential-status-revoked.json")]
    [InlineData("ob30/bit-string-list/credential-status-revoked-blank-nodes.json")]
    [InlineData("ob30/bit-string-list/testlist")]
    [InlineData("clr20/simple.json")]
    [InlineData("ob30/simple-multiple-proofs.json")]
    public void The_samples_of_1EdTech_hold_with_the_keys_in_their_fragments(string file)
    {
        IReadOnlyList<ProofCheck> checks = DataIntegrity.Verify(Vectors.Json("1edtech-validator-samples/" + file), KeyResolvers.KeysInFragments);
        checks[^1].Failure.ShouldBeNull();
        checks[^1].Holds.ShouldBeTrue();
    }

    [Theory]
    [InlineData("ob30/simple-err-proof-value.json", "not valid")]
    [InlineData("ob30/simple-eddsa-2022.json", "neither eddsa-rdfc-2022 nor eddsa-jcs-2022")]
    public void The_samples_of_1EdTech_that_must_fail_do(string file, string sentence) =>
        DataIntegrity.Verify(Vectors.Json("1edtech-validator-samples/" + file), KeyResolvers.KeysInFragments).ShouldHaveSingleItem().Failure.ShouldNotBeNull().ShouldContain(sentence);

    [Fact]
    public void The_sample_whose_key_is_another_DID_than_its_issuer_is_unchanged_but_proves_nobody()
    {
        ProofCheck check = DataIntegrity.Verify(Vectors.Json("1edtech-validator-samples/ob30/simple-did-key-method.json"), KeyResolvers.DidKeys).ShouldHaveSingleItem();
        check.SignatureIsValid.ShouldBeTrue();
        check.KeyBelongsToIssuer.ShouldBeFalse();
    }

    [Theory]
    [InlineData("achievementAlignmentCase")]
    [InlineData("achievementAlignmentCe")]
    [InlineData("basicOpenBadgeCredential")]
    [InlineData("fullOpenBadge")]
    [InlineData("skillAssertionCase")]
    [InlineData("skillAssertionCtdl")]
    public void The_examples_of_the_specification_can_be_signed_and_hold(string name)
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        JsonObject credential = Vectors.Json($"1edtech-ob3-spec-examples/{name}.json");
        string issuer = CredentialFacts.Issuer(credential)!;
        JsonObject signed = DataIntegrity.Sign(credential, key, new DataIntegrityOptions
        {
            VerificationMethod = $"{issuer}#{key.PublicMultibase}",
            Created = DateTimeOffset.UnixEpoch,
            Cryptosuites = [Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022],
        });
        DataIntegrity.Verify(signed, KeyResolvers.KeysInFragments).TakeLast(2).ShouldAllBe(check => check.Holds);
    }

    [Fact]
    public void A_published_credential_with_a_context_that_is_not_bundled_is_refused_by_its_name()
    {
        JsonObject credential = Vectors.Json("w3c-vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json");
        DataIntegrity.Verify(credential, KeyResolvers.DidKeys).ShouldHaveSingleItem().Failure.ShouldNotBeNull().ShouldContain("https://w3id.org/citizenship/v4rc1");
    }

    private static DataIntegrityOptions Options(JsonObject signed)
    {
        JsonObject proof = (signed["proof"] is JsonArray several ? several[0]! : signed["proof"]!).AsObject();
        return new DataIntegrityOptions
        {
            VerificationMethod = proof["verificationMethod"]!.GetValue<string>(),
            Created = DateTimeOffset.Parse(proof["created"]!.GetValue<string>(), CultureInfo.InvariantCulture),
        };
    }
}
