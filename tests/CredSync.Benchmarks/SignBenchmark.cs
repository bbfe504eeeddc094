using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;

namespace CredSync.Benchmarks;

/// <summary>P5: one Open Badge of about 3 kB, model in, signed JSON out; the yardstick is a bare Ed25519 signature over the same N-Quads.</summary>
internal static class SignBenchmark
{
    private const int Times = 2_000;

    public static Figure Run()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        var options = new DataIntegrityOptions
        {
            VerificationMethod = DidDocument.VerificationMethod("did:web:badges.example.org", key.PublicKey),
            Created = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
        };
        byte[] quads = CanonicalCredential.NQuads(Badge(0).ToJson());
        int size = 0;
        (double ours, double yardstick) = Measure.InTurn(
            () =>
            {
                for (int i = 0; i < Times; i++)
                {
                    JsonObject credential = Badge(i).ToJson();
                    DataIntegrity.AddProofs(credential, key, options);
                    size = CredentialJson.Write(credential).Length;
                }
            },
            () =>
            {
                for (int i = 0; i < Times; i++)
                {
                    key.Sign(quads);
                }
            },
            rounds: 7);
        return new Figure(
            "P5", $"issuing one Open Badge of {size} bytes, model in, signed out", Measure.Words($"{ours / Times * 1e6:0} µs"), Measure.Words($"{yardstick / Times * 1e6:0} µs"), Measure.Words($"{yardstick / ours:0.00}"), "≥ 0.25");
    }

    private static AchievementCredential Badge(int number) => new()
    {
        Id = $"https://badges.example.org/credentials/{NameBasedUuid.Create(Guid.Empty, $"{number}")}",
        Name = "Data Foundations",
        Issuer = new() { Id = "did:web:badges.example.org", Name = "Example Academy", Url = "https://badges.example.org/" },
        ValidFrom = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
        AwardedDate = new(2026, 1, 4, 16, 30, 0, TimeSpan.Zero),
        Subject = new()
        {
            Id = $"urn:uuid:{NameBasedUuid.Create(Guid.Empty, $"person {number}")}",
            Identifiers = [IdentityObject.ForEmail($"learner{number}@example.com", salt: "Nq3hX0pV1b7Zs9kQ2mTfWg")],
            Achievement = new()
            {
                Id = "https://badges.example.org/achievements/data-foundations",
                AchievementType = "CertificateOfCompletion",
                Name = "Data Foundations",
                Description = "Reads, joins and summarises data, and knows what the numbers say and what they do not. " + new string('x', 700),
                Criteria = new() { Narrative = "Pass both courses with 80 percent or more. " + new string('y', 300) },
                Tags = ["data", "statistics", "SQL"],
            },
        },
    };
}
