using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;

namespace CredSync.Benchmarks;

/// <summary>
/// P5: one Open Badge of about 3 kB, model in, signed out; the yardstick is a bare signature of the same kind over the same bytes (N-Quads for an embedded proof, the
/// signing input for a token).
/// </summary>
internal static class SignBenchmark
{
    private const int Times = 2_000;

    public static IEnumerable<Figure> Run() => [Embedded("P5", whole: false), Embedded("P5w", whole: true), Token(KeyAlgorithm.P256), Token(KeyAlgorithm.Rsa)];

    // Whole: with a place in a status list, and baked into the drawn badge that all credentials of a definition share.
    private static Figure Embedded(string id, bool whole)
    {
        byte[] picture = BadgeArt.Svg(new() { Name = "Data Foundations", Organisation = "Example Academy" });
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        var options = new DataIntegrityOptions
        {
            VerificationMethod = DidDocument.VerificationMethod("did:web:badges.example.org", key.PublicKey),
            Created = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
        };
        byte[] quads = CanonicalCredential.NQuads(Badge(0, whole).ToJson());
        AchievementCredential[] badges = [.. Enumerable.Range(0, Times).Select(i => Badge(i, whole))];
        int size = 0;
        (double ours, double yardstick) = Measure.InTurn(
            () =>
            {
                for (int i = 0; i < Times; i++)
                {
                    JsonObject credential = badges[i].ToJson();
                    DataIntegrity.AddProofs(credential, key, options);
                    byte[] document = CredentialJson.Write(credential);
                    size = document.Length;
                    if (whole)
                    {
                        BakedImage.Bake(picture, Encoding.UTF8.GetString(document));
                    }
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
            id, $"issuing one Open Badge of {size} bytes{(whole ? ", with status and picture" : "")}, model in, signed out", Measure.Words($"{ours / Times * 1e6:0} µs"), Measure.Words($"{yardstick / Times * 1e6:0} µs"), Measure.Words($"{yardstick / ours:0.00}"), "≥ 0.25");
    }

    private static Figure Token(KeyAlgorithm algorithm)
    {
        using SigningKey key = SigningKey.Create(algorithm);
        string name = algorithm == KeyAlgorithm.Rsa ? "RS256" : "ES256", keyId = DidDocument.VerificationMethod("did:web:badges.example.org", key.PublicKey);
        byte[] input = Encoding.ASCII.GetBytes(VcJwt.Sign(Badge(0, whole: true), key, keyId));
        input = input[..Array.LastIndexOf(input, (byte)'.')];
        AchievementCredential[] badges = [.. Enumerable.Range(0, Times).Select(i => Badge(i, whole: true))];
        int times = algorithm == KeyAlgorithm.Rsa ? Times / 10 : Times, size = 0;
        (double ours, double yardstick) = Measure.InTurn(
            () =>
            {
                for (int i = 0; i < times; i++)
                {
                    size = VcJwt.Sign(badges[i], key, keyId).Length;
                }
            },
            () =>
            {
                for (int i = 0; i < times; i++)
                {
                    key.Sign(input);
                }
            },
            rounds: 9);
        return new Figure(
            "P5 " + name, $"one VC-JWT of {size} bytes, model in, token out", Measure.Words($"{ours / times * 1e6:0} µs"), Measure.Words($"{yardstick / times * 1e6:0} µs"), Measure.Words($"{yardstick / ours:0.00}"), "≥ 0.8");
    }

    private static AchievementCredential Badge(int number, bool whole) => new()
    {
        Status = whole ? StatusEntry.Bitstring("https://badges.example.org/status/7", number * 7) : null,
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
