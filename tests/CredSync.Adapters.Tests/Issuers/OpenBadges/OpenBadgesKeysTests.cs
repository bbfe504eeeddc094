using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using CredSync.Registration;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>Where the built-in issuer has its keys from, and how many proofs it makes with them.</summary>
public sealed class OpenBadgesKeysTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-keys-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Keys_that_the_configuration_refers_to_sign_and_no_file_is_made()
    {
        string curve = Curve();
        using OpenBadgesIssuer issuer = Issuer(Given() with { TokenKey = Secret(curve) });
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full, Ct);
        IVerificationKeyResolver published = KeyResolvers.FromDidDocuments(issuer.PublishedKeys!);
        DataIntegrity.Verify(Json(issued), published).ShouldHaveSingleItem().Holds.ShouldBeTrue();
        ProofCheck token = VcJwt.Verify(Encoding.ASCII.GetString(issued.Documents.Single(static d => d.Extension == "jwt").Content.Span), published);
        (token.Holds, token.Suite).ShouldBe((true, "ES256"));
        folder.GetFileSystemInfos().ShouldBeEmpty();
        (await issuer.CheckAsync(Ct)).ShouldAllBe(static c => c.Outcome == CheckOutcome.Passed);

        using OpenBadgesIssuer again = Issuer(Given() with { TokenKey = Secret(curve) });
        (await again.IssueAsync(Requests.Full, Ct)).CredentialId.ShouldBe(issued.CredentialId);
    }

    [Fact]
    public async Task The_published_key_set_holds_the_keys_of_the_did_document_and_whose_they_are()
    {
        using OpenBadgesIssuer issuer = Issuer(Given() with { TokenKey = Secret(Curve()) });
        await issuer.IssueAsync(Requests.Full, Ct);
        var records = new Records();
        var request = new PublicRequest { Method = "GET", Path = "/.well-known/jwks.json", At = time.GetUtcNow() };
        (await issuer.AnswerAsync(request, records, Ct)).ShouldBeNull();
        await issuer.PublishAsync(records, Ct);
        PublicAnswer answer = (await issuer.AnswerAsync(request, records, Ct)).ShouldNotBeNull();
        answer.MediaType.ShouldBe("application/jwk-set+json");
        JsonObject[] keys = [.. JsonNode.Parse(answer.Content.Span)!["keys"]!.AsArray().OfType<JsonObject>()];
        keys.Select(static k => k["kid"]!.GetValue<string>()).ShouldBe(issuer.PublishedKeys!["assertionMethod"]!.AsArray().Select(static m => m!.GetValue<string>()));
        keys.ShouldAllBe(static k => k["iss"]!.GetValue<string>() == "did:web:badges.northwind.example" && !k.ContainsKey("d"));
        keys.Select(static k => k["alg"]!.GetValue<string>()).ShouldBe(["EdDSA", "ES256"]);
    }

    [Theory]
    [InlineData("not a key", "AAAA", "issuer-key-unusable")]
    [InlineData("rsa", "ok", "issuer-key-unusable")]
    [InlineData("ok", "AAAA", "issuer-secret-unusable")]
    [InlineData("ok", "not base64 at all!", "issuer-secret-unusable")]
    [InlineData("", "ok", "issuer-secret-missing")]
    public async Task A_reference_to_something_else_is_a_configuration_fault_that_tells_no_secret(string key, string salt, string cause)
    {
        using RSA rsa = RSA.Create(2048);
        Keys given = new(Secret(key switch { "ok" => Edwards(), "rsa" => rsa.ExportPkcs8PrivateKeyPem(), _ => key }), null, Secret(salt == "ok" ? Salt() : salt));
        using OpenBadgesIssuer issuer = Issuer(given, OpenBadgesProof.Embedded);
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Misconfigured, cause));
        foreach (string secret in (string[])[key, salt])
        {
            if (secret.Length > 4)
            {
                fault.ToString().ShouldNotContain(secret);
            }
        }
    }

    [Fact]
    public async Task A_vault_is_asked_first_and_what_it_does_not_keep_comes_from_files()
    {
        using SigningKey inside = SigningKey.Create(KeyAlgorithm.Ed25519);
        var vault = new Vault(inside);
        using OpenBadgesIssuer issuer = Issuer(new(null, null, null), OpenBadgesProof.Embedded, vault);
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full, Ct);
        Json(issued)["proof"]![0]!["verificationMethod"]!.GetValue<string>().ShouldEndWith("#" + inside.PublicMultibase);
        vault.Signatures.ShouldBe(1);
        folder.GetFiles().Select(static f => f.Name).ShouldBe(["n.key.salt"]);
    }

    [Fact]
    public async Task A_vault_that_does_not_sign_is_an_outage_and_nothing_is_minted()
    {
        using SigningKey inside = SigningKey.Create(KeyAlgorithm.Ed25519);
        var vault = new Vault(inside) { IsAway = true };
        using OpenBadgesIssuer issuer = Issuer(new(null, null, null), OpenBadgesProof.Embedded, vault);
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Outage, "issuer-key-unreachable"));
        vault.IsAway = false;
        (await issuer.IssueAsync(Requests.Full, Ct)).Documents.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_salt_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (OpenBadgesIssuer first = Issuer(new(Secret(Edwards()), null, null), OpenBadgesProof.Embedded))
        {
            await first.IssueAsync(Requests.Full, Ct);
        }

        string salt = Path.Combine(folder.FullName, "n.key.salt");
        File.SetUnixFileMode(salt, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using OpenBadgesIssuer second = Issuer(new(Secret(Edwards()), null, null), OpenBadgesProof.Embedded);
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => second.IssueAsync(Requests.Full, Ct));
        fault.Cause.ShouldBe("issuer-secret-unusable");
        fault.Message.ShouldContain("chmod 600");
    }

    [Fact]
    public async Task A_second_proof_without_json_ld_stands_beside_the_first_when_it_is_wanted()
    {
        using OpenBadgesIssuer issuer = Issuer(Given(), OpenBadgesProof.Embedded, jcs: true);
        JsonObject json = Json(await issuer.IssueAsync(Requests.Full, Ct));
        IReadOnlyList<ProofCheck> checks = DataIntegrity.Verify(json, KeyResolvers.FromDidDocuments(issuer.PublishedKeys!));
        checks.Select(static c => (c.Suite, c.Holds)).ShouldBe([("eddsa-rdfc-2022", true), ("eddsa-jcs-2022", true)]);
    }

    private static JsonObject Json(IssuedCredential issued) => CredentialJson.Parse(issued.Documents.Single(static d => d.Extension == "json").Content.Span);

    private static Secret Secret(string value) => new("env:TEST", () => value);

    private static string Edwards() => """{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private static string Curve()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return curve.ExportPkcs8PrivateKeyPem();
    }

    private static string Salt() => Convert.ToBase64String([.. Enumerable.Range(200, 32).Select(static n => (byte)n)]);

    private static Keys Given() => new(Secret(Edwards()), null, Secret(Salt()));

    private OpenBadgesIssuer Issuer(Keys keys, OpenBadgesProof proof = OpenBadgesProof.Both, ISigningKeyVault? vault = null, bool jcs = false) => new(
        new IssuerIdentity("northwind"),
        new OpenBadgesOptions
        {
            Name = "Northwind Academy",
            Url = new Uri("https://badges.northwind.example"),
            Key = Path.Combine(folder.FullName, "n.key"),
            SigningKey = keys.Signing,
            TokenKey = keys.TokenKey,
            Salt = keys.Salt,
            Proof = proof,
            JcsProof = jcs,
        },
        new OpenBadgesKeyRing(),
        time,
        vault);

    private sealed record Keys(Secret? Signing, Secret? TokenKey, Secret? Salt);

    private sealed class Vault(SigningKey inside) : ISigningKeyVault
    {
        public bool IsAway { get; set; }

        public int Signatures { get; private set; }

        public SigningKey? Open(string issuer, KeyAlgorithm algorithm) => issuer == "northwind" && algorithm == KeyAlgorithm.Ed25519 ? new Kept(this, inside.PublicKey) : null;

        public byte[]? Salt(string issuer) => null;

        private byte[] Sign(ReadOnlySpan<byte> data)
        {
            if (IsAway)
            {
                throw new KeyException("The vault does not answer.");
            }

            Signatures++;
            return inside.Sign(data);
        }

        private sealed class Kept(Vault vault, VerificationKey publicKey) : RemoteSigningKey(publicKey)
        {
            protected override byte[] SignRemotely(ReadOnlySpan<byte> data) => vault.Sign(data);
        }
    }
}
