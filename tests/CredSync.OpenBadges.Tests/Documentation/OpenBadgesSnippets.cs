using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Clr;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Status;
using CredSync.OpenBadges.Transparency;
using CredSync.OpenBadges.Validation;
using CredSync.OpenBadges.Verification;

namespace CredSync.OpenBadges.Tests.Documentation;

/// <summary>The code of the guide and of the project's README, running. The regions are what readers see.</summary>
public sealed class OpenBadgesSnippets : IDisposable
{
    private const string Did = "did:web:badges.example.org";
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeProvider Clock = new FixedClock(Now.AddHours(1));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-snippets-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_credential_is_issued_verified_and_baked()
    {
        string folder = this.folder.FullName;
        CancellationToken ct = TestContext.Current.CancellationToken;

        #region issue
        using SigningKey key = SigningKeyFile.LoadOrCreate(Path.Combine(folder, "badges.key"), KeyAlgorithm.Ed25519);

        var credential = new AchievementCredential
        {
            Id = "https://badges.example.org/credentials/3f0b4a52-5b7e-5c1d-9a3e-2d1f6f0a7b11",
            Name = "Data Foundations",
            Issuer = new() { Id = "did:web:badges.example.org", Name = "Example Academy" },
            ValidFrom = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
            AwardedDate = new(2026, 1, 4, 16, 30, 0, TimeSpan.Zero),
            Subject = new()
            {
                Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                Identifiers = [IdentityObject.ForEmail("ada@example.com", salt: "Nq3hX0pV1b7Zs9kQ2mTfWg")],
                Achievement = new()
                {
                    Id = "https://badges.example.org/achievements/data-foundations",
                    AchievementType = "CertificateOfCompletion",
                    Name = "Data Foundations",
                    Description = "Works with data in SQL and Python.",
                    Criteria = new() { Narrative = "Pass both courses with 80 percent or more." },
                },
            },
        };

        JsonObject signed = DataIntegrity.Sign(credential.ToJson(), key, new()
        {
            VerificationMethod = DidDocument.VerificationMethod("did:web:badges.example.org", key.PublicKey),
            Created = credential.ValidFrom,
        });
        byte[] document = CredentialJson.Write(signed);
        #endregion

        #region publish-keys
        JsonObject didDocument = DidDocument.Build("did:web:badges.example.org", [key.PublicKey]);
        // Serve it at https://badges.example.org/.well-known/did.json
        #endregion

        #region verify
        var verifier = new CredentialVerifier(Clock, new() { DidDocuments = [didDocument] });
        VerificationReport report = await verifier.VerifyAsync(document, ct);
        foreach (VerificationCheck check in report.Checks)
        {
            TestContext.Current.SendDiagnosticMessage($"{check.Name}: {check.Outcome}. {check.Sentence}");
        }

        bool reliable = report.Verdict == Verdict.Verified;
        #endregion

        reliable.ShouldBeTrue();

        #region validate
        IReadOnlyList<Finding> findings = CredentialValidator.Validate(JsonSerializer.SerializeToElement(signed), CredentialForm.Strict);
        #endregion

        findings.ShouldBeEmpty();

        #region bake
        byte[] badge = BadgeArt.Png(new() { Name = "Data Foundations", Organisation = "Example Academy", Colour = "#0f766e" });
        byte[] baked = BakedImage.Bake(badge, Encoding.UTF8.GetString(document));
        string? carried = BakedImage.Unbake(baked);
        #endregion

        carried.ShouldBe(Encoding.UTF8.GetString(document));
        (await verifier.VerifyAsync(baked, ct)).Verdict.ShouldBe(Verdict.Verified);
    }

    [Fact]
    public async Task A_credential_is_secured_as_a_token()
    {
        using SigningKey rsa = RsaSigningKey.Create(2048);
        JsonObject credential = Model.Samples.Simple(Did).ToJson();

        #region token
        string token = VcJwt.Sign(credential, rsa, DidDocument.VerificationMethod("did:web:badges.example.org", rsa.PublicKey));
        #endregion

        var verifier = new CredentialVerifier(Clock, new() { DidDocuments = [DidDocument.Build(Did, [rsa.PublicKey])] });
        (await verifier.VerifyAsync(Encoding.ASCII.GetBytes(token), TestContext.Current.CancellationToken)).Verdict.ShouldBe(Verdict.Verified);
    }

    [Fact]
    public async Task A_credential_is_revoked()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        byte[] secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
        string method = DidDocument.VerificationMethod(Did, key.PublicKey);
        AchievementCredential credential = Model.Samples.Simple(Did);

        #region status
        var places = new StatusAllocation(secret);
        StatusPlace place = places.Place(number: 41);
        string list = $"https://badges.example.org/status/{place.List}";
        credential = credential with { Status = StatusEntry.Bitstring(list, place.Index) };
        #endregion

        #region revoke
        var bits = new BitstringStatusList { [place.Index] = true };
        var listCredential = new StatusListCredential
        {
            Id = list,
            Issuer = "did:web:badges.example.org",
            ValidFrom = Now,
            ValidUntil = Now.AddDays(7),
            List = bits,
        };
        JsonObject published = DataIntegrity.Sign(listCredential.ToJson(), key, new() { VerificationMethod = method, Created = Now });
        #endregion

        byte[] document = CredentialJson.Write(DataIntegrity.Sign(credential.ToJson(), key, new() { VerificationMethod = method, Created = Now }));

        #region verify-online
        using var web = new HttpDocumentSource(TimeProvider.System, new() { Timeout = TimeSpan.FromSeconds(5) });
        var online = new CredentialVerifier(TimeProvider.System, new() { Documents = web });
        #endregion

        online.ShouldNotBeNull();
        var verifier = new CredentialVerifier(Clock, new()
        {
            DidDocuments = [DidDocument.Build(Did, [key.PublicKey])],
            Documents = new GivenDocuments([new(new Uri(list), CredentialJson.Write(published))]),
        });
        VerificationReport report = await verifier.VerifyAsync(document, TestContext.Current.CancellationToken);
        report[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.Failed);
        report.Checks.Where(static c => c.Outcome == VerificationOutcome.Failed).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Badges_are_stacked_into_a_learner_record()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        string method = DidDocument.VerificationMethod(Did, key.PublicKey);
        Achievement course = Model.Samples.Simple(Did).Subject.Achievement;
        Achievement programme = course with { Id = "urn:uuid:00000000-0000-5000-8000-000000000010", Name = "Data Analyst" };
        JsonElement courseBadge = JsonSerializer.SerializeToElement(
            DataIntegrity.Sign(Model.Samples.Simple(Did).ToJson(), key, new() { VerificationMethod = method, Created = Now }));

        #region learner-record
        var record = new LearnerRecord
        {
            Id = "https://badges.example.org/records/1",
            Name = "Data Analyst",
            Issuer = new() { Id = "did:web:badges.example.org", Name = "Example Academy" },
            ValidFrom = Now,
            Subject = new()
            {
                Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                Credentials = [courseBadge],
                Achievements = [course, programme],
                Associations = Association.Stack([course.Id], programme.Id),
            },
        };
        JsonObject signed = DataIntegrity.Sign(record.ToJson(), key, new() { VerificationMethod = method, Created = Now });
        #endregion

        var verifier = new CredentialVerifier(Clock, new() { DidDocuments = [DidDocument.Build(Did, [key.PublicKey])] });
        VerificationReport report = await verifier.VerifyAsync(CredentialJson.Write(signed), TestContext.Current.CancellationToken);
        report.Verdict.ShouldBe(Verdict.Verified);
        report.Embedded.ShouldHaveSingleItem().Report.Verdict.ShouldBe(Verdict.Verified);
    }

    [Fact]
    public void Credentials_are_logged()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        JsonObject credential = Model.Samples.Simple(Did).ToJson();
        var resolver = KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]));

        #region log
        var log = new MerkleTree();
        int index = log.Append(LogEntry.Of(credential));

        var head = new LogHead { Log = "https://badges.example.org/log", Size = log.Size, Root = log.Root(log.Size), Time = Now };
        var receipt = new LogReceipt
        {
            Index = index,
            Path = log.InclusionPath(index, log.Size),
            SignedHead = head.Sign(key, DidDocument.VerificationMethod("did:web:badges.example.org", key.PublicKey)),
        };
        #endregion

        #region check-receipt
        LogHead shown = receipt.Verify(LogEntry.Of(credential), issuer: "did:web:badges.example.org", resolver);
        #endregion

        shown.Size.ShouldBe(1);
    }

    [Fact]
    public void A_key_that_stays_in_a_vault_signs()
    {
        using SigningKey inside = SigningKey.Create(KeyAlgorithm.Ed25519);
        using var key = new VaultKey(inside.PublicKey, "badges", new Vault(inside));
        JsonObject signed = DataIntegrity.Sign(
            new AchievementCredential
            {
                Id = "https://badges.example.org/credentials/1",
                Issuer = new() { Id = Did, Name = "Example Academy" },
                ValidFrom = Now,
                Subject = new()
                {
                    Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                    Achievement = new() { Id = "https://badges.example.org/achievements/1", Name = "One", Description = "The first.", Criteria = new() { Narrative = "Be there." } },
                },
            }.ToJson(),
            key,
            new() { VerificationMethod = DidDocument.VerificationMethod(Did, key.PublicKey), Created = Now });
        DataIntegrity.Verify(signed, KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]))).ShouldHaveSingleItem().Holds.ShouldBeTrue();
    }

    private interface IVault
    {
        byte[] Sign(string name, byte[] data);
    }

    private sealed class Vault(SigningKey inside) : IVault
    {
        public byte[] Sign(string name, byte[] data) => inside.Sign(data);
    }

    #region vault
    private sealed class VaultKey(VerificationKey publicKey, string name, IVault vault) : RemoteSigningKey(publicKey)
    {
        protected override byte[] SignRemotely(ReadOnlySpan<byte> data) => vault.Sign(name, data.ToArray());
    }
    #endregion
}
