using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Proofs;

public sealed partial class DataIntegrityTests : IDisposable
{
    private const string Did = "did:web:issuer.credsync.example";

    private readonly Ed25519SigningKey key = Ed25519SigningKey.Create();

    public void Dispose() => key.Dispose();

    private IVerificationKeyResolver Resolver => KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]));

    public static TheoryData<Cryptosuite> Suites => [.. Enum.GetValues<Cryptosuite>()];

    [Theory]
    [InlineData("rich")]
    [InlineData("hard")]
    [InlineData("twins")]
    public void Two_proofs_in_one_array_both_hold(string name)
    {
        JsonObject signed = DataIntegrity.Sign(Credential(name), key, Options(Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022));
        IReadOnlyList<ProofCheck> checks = DataIntegrity.Verify(signed, Resolver);
        checks.Select(check => check.Suite).ShouldBe(["eddsa-rdfc-2022", "eddsa-jcs-2022"]);
        checks.ShouldAllBe(check => check.Holds && check.Created == Options().Created);
    }

    [Fact]
    public void The_credential_given_to_sign_is_not_changed_and_the_one_given_to_add_proofs_is()
    {
        JsonObject credential = Credential("rich");
        JsonObject signed = DataIntegrity.Sign(credential, key, Options());
        JsonNode.DeepEquals(credential, Credential("rich")).ShouldBeTrue();
        DataIntegrity.AddProofs(credential, key, Options());
        JsonNode.DeepEquals(credential, signed).ShouldBeTrue();
    }

    [Fact]
    public void A_proof_that_is_there_already_stays_and_holds()
    {
        JsonObject once = DataIntegrity.Sign(Credential("rich"), key, Options());
        JsonObject twice = DataIntegrity.Sign(once, key, Options(Cryptosuite.EddsaJcs2022));
        DataIntegrity.Verify(twice, Resolver).Count(check => check.Holds).ShouldBe(2);
        once["proof"] = once["proof"]![0]!.DeepClone();
        DataIntegrity.Verify(DataIntegrity.Sign(once, key, Options(Cryptosuite.EddsaJcs2022)), Resolver).Count(check => check.Holds).ShouldBe(2);
    }

    [Fact]
    public void White_space_and_the_order_of_members_do_not_matter()
    {
        JsonObject signed = DataIntegrity.Sign(Credential("hard"), key, Options(Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022));
        JsonNode reversed = JsonNode.Parse(Reversed(signed)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }))!;
        DataIntegrity.Verify(reversed.AsObject(), Resolver).ShouldAllBe(check => check.Holds);
    }

    [Theory]
    [InlineData("{\"unknownTerm\":1}", "unknownTerm")]
    [InlineData("{\"type\":[\"VerifiableCredential\",\"MadeUp\"]}", "MadeUp")]
    [InlineData("{\"id\":\"relative/path\"}", "absolute")]
    [InlineData("{\"@context\":[\"https://www.w3.org/ns/credentials/v2\",\"https://example.org/own\"]}", "https://example.org/own")]
    [InlineData("{\"@context\":null}", "no @context")]
    public void What_would_not_be_signed_is_refused_by_name(string member, string named)
    {
        JsonObject credential = Credential("rich");
        foreach ((string name, JsonNode? value) in JsonNode.Parse(member)!.AsObject()) credential[name] = value?.DeepClone();
        Should.Throw<ProofException>(() => DataIntegrity.Sign(credential, key, Options())).Message.ShouldContain(named);
    }

    [Fact]
    public void A_term_that_is_not_defined_where_it_stands_is_refused_by_name()
    {
        JsonObject credential = Credential("rich");
        credential["credentialSubject"]!["achievement"]!["grade"] = "A";
        Should.Throw<ProofException>(() => DataIntegrity.Sign(credential, key, Options())).Message.ShouldContain("\"grade\"");
        CanonicalCredential.SafeModeFailure(credential).ShouldNotBeNull().ShouldContain("\"grade\"");
        CanonicalCredential.SafeModeFailure(Credential("rich")).ShouldBeNull();
    }

    [Fact]
    public void Own_terms_in_a_context_of_their_own_are_signed()
    {
        JsonObject credential = Credential("rich");
        credential["@context"]!.AsArray().Add(new JsonObject { ["cohort"] = "https://issuer.credsync.example/terms#cohort" });
        credential["credentialSubject"]!["achievement"]!["cohort"] = "2026-1";
        Encoding.UTF8.GetString(CanonicalCredential.NQuads(credential)).ShouldContain("<https://issuer.credsync.example/terms#cohort> \"2026-1\"");
        JsonObject signed = DataIntegrity.Sign(credential, key, Options(Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022));
        DataIntegrity.Verify(signed, Resolver).ShouldAllBe(check => check.Holds);
        signed["@context"]![3]!["cohort"] = "https://issuer.credsync.example/terms#other";
        DataIntegrity.Verify(signed, Resolver).ShouldAllBe(check => !check.Holds);
    }

    [Fact]
    public void The_proof_of_an_embedded_credential_is_covered_by_the_outer_one()
    {
        JsonObject record = Vectors.Json("1edtech-ob3-signing/clr-signed.json");
        record.Remove("proof");
        JsonObject badge = DataIntegrity.Sign(Credential("rich"), key, Options());
        record["issuer"] = new JsonObject { ["id"] = Did, ["type"] = new JsonArray("Profile") };
        record["credentialSubject"]!["verifiableCredential"] = new JsonArray(badge);
        JsonObject signed = DataIntegrity.Sign(record, key, Options());
        DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem().Failure.ShouldBeNull();
        signed["credentialSubject"]!["verifiableCredential"]![0]!["proof"]![0]!["created"] = "2026-01-05T10:00:02Z";
        DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem().Holds.ShouldBeFalse();
    }

    [Fact]
    public void Only_Ed25519_keys_make_embedded_proofs_and_each_suite_once()
    {
        using SigningKey curve = SigningKey.Create(KeyAlgorithm.P256);
        Should.Throw<ProofException>(() => DataIntegrity.Sign(Credential("rich"), curve, Options())).Message.ShouldContain("Ed25519");
        Should.Throw<ProofException>(() => DataIntegrity.Sign(Credential("rich"), key, Options() with { Cryptosuites = [] }));
        Should.Throw<ProofException>(() => DataIntegrity.Sign(Credential("rich"), key, Options(Cryptosuite.EddsaJcs2022, Cryptosuite.EddsaJcs2022)));
    }

    [Theory]
    [InlineData("type", "Ed25519Signature2020", "DataIntegrityProof")]
    [InlineData("cryptosuite", "ecdsa-rdfc-2019", "neither")]
    [InlineData("proofPurpose", "authentication", "assertionMethod")]
    [InlineData("verificationMethod", "", "names no verification method")]
    [InlineData("verificationMethod", "did:web:elsewhere.example#key", "cannot be found")]
    [InlineData("proofValue", "u1234", "base58")]
    [InlineData("proofValue", "z1234", "64 bytes")]
    [InlineData("created", "2026-01-05", "time zone")]
    public void A_proof_that_cannot_be_checked_says_why(string member, string value, string sentence)
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        signed["proof"]![0]![member] = value;
        ProofCheck check = DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem();
        check.Holds.ShouldBeFalse();
        check.Failure.ShouldNotBeNull().ShouldContain(sentence);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[1,null,[]]")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Proofs_that_are_no_objects_never_hold(string proof)
    {
        JsonObject credential = Credential("rich");
        credential["proof"] = JsonNode.Parse(proof);
        DataIntegrity.Verify(credential, Resolver).ShouldAllBe(check => !check.Holds && check.Failure != null);
    }

    [Theory]
    [InlineData("{\"@context\":\"https://www.w3.org/ns/credentials/v2\",\"name\":\"\\ud800\"}")]
    [InlineData("{\"@context\":\"https://www.w3.org/ns/credentials/v2\",\"name\":\"a\",\"name\":\"b\"}")]
    public void What_two_readers_could_read_differently_is_neither_parsed_nor_signed_nor_verified(string json)
    {
        Should.Throw<ProofException>(() => CredentialJson.Parse(Encoding.UTF8.GetBytes(json)));
        Should.Throw<ProofException>(() => DataIntegrity.AddProofs(JsonNode.Parse(json)!.AsObject(), key, Options()));
        Should.Throw<ProofException>(() => DataIntegrity.AddProofs(JsonNode.Parse(json)!.AsObject(), key, Options(Cryptosuite.EddsaJcs2022)));
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        JsonObject lazy = JsonNode.Parse(json.TrimEnd('}') + ",\"proof\":" + signed["proof"]!.ToJsonString() + "}")!.AsObject();
        DataIntegrity.Verify(lazy, Resolver).ShouldAllBe(check => !check.Holds);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nul")]
    [InlineData("{} {}")]
    public void Text_that_is_no_object_is_not_a_credential(string json) => Should.Throw<ProofException>(() => CredentialJson.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_without_end_and_without_meaning_are_not_a_credential()
    {
        Should.Throw<ProofException>(() => CredentialJson.Parse(new byte[CredentialJson.LongestDocument + 1])).Message.ShouldContain("4 MB");
        Should.Throw<ProofException>(() => CredentialJson.Parse([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).Message.ShouldContain("UTF-8");
        Should.Throw<ProofException>(() => CredentialJson.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)))).Message.ShouldContain("64 levels");
    }

    [Fact]
    public void A_hundred_proofs_are_not_even_looked_at()
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        signed["proof"] = new JsonArray([.. Enumerable.Range(0, 100).Select(_ => signed["proof"]![0]!.DeepClone())]);
        DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem().Failure.ShouldNotBeNull().ShouldContain("more than 16");
    }

    [Fact]
    public void A_credential_whose_nodes_all_point_at_one_another_is_refused_within_bounds()
    {
        JsonObject credential = Credential("rich");
        credential["issuer"]!["parentOrg"] = new JsonArray([.. Enumerable.Range(0, 10).Select(from => (JsonNode)new JsonObject
        {
            ["id"] = $"_:p{from}", ["type"] = new JsonArray("Profile"),
            ["parentOrg"] = new JsonArray([.. Enumerable.Range(0, 10).Where(to => to != from).Select(to => (JsonNode)new JsonObject { ["id"] = $"_:p{to}" })]),
        })]);
        Should.Throw<ProofException>(() => DataIntegrity.Sign(credential, key, Options())).Message.ShouldContain("blank nodes");
    }

    [Fact]
    public void Equal_nested_objects_are_told_apart_or_need_not_be()
    {
        JsonObject credential = Credential("rich");
        credential["credentialSubject"]!["identifier"] = new JsonArray([.. Enumerable.Range(0, 50).Select(_ =>
            (JsonNode)new JsonObject { ["type"] = "IdentityObject", ["hashed"] = false, ["identityHash"] = "x", ["identityType"] = "name" })]);
        DataIntegrity.Verify(DataIntegrity.Sign(credential, key, Options()), Resolver).ShouldHaveSingleItem().Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_sign_and_verify_at_once_with_the_same_result()
    {
        string expected = DataIntegrity.Sign(Credential("twins"), key, Options()).ToJsonString();
        await Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, (_, _) =>
        {
            JsonObject signed = DataIntegrity.Sign(Credential("twins"), key, Options());
            signed.ToJsonString().ShouldBe(expected);
            DataIntegrity.Verify(signed, Resolver).ShouldAllBe(check => check.Holds);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void The_names_of_the_keys_are_known_before_they_are_needed()
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options(Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022));
        DataIntegrity.VerificationMethods(signed).ShouldBe([DidDocument.VerificationMethod(Did, key.PublicKey)]);
        DataIntegrity.VerificationMethods(Credential("rich")).ShouldBeEmpty();
    }

    private static JsonObject Credential(string name) => Vectors.Json($"generated/{name}-unsigned.json");

    private DataIntegrityOptions Options(params Cryptosuite[] suites) => new()
    {
        VerificationMethod = DidDocument.VerificationMethod(Did, key.PublicKey),
        Created = new DateTimeOffset(2026, 1, 5, 10, 0, 1, TimeSpan.Zero),
        Cryptosuites = suites.Length == 0 ? [Cryptosuite.EddsaRdfc2022] : suites,
    };

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Reverse().Select(member => KeyValuePair.Create(member.Key, Reversed(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Reversed)]),
        _ => node?.DeepClone(),
    };
}
