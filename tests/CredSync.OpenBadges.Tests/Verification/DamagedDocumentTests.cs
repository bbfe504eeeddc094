using System.Text.Json.Nodes;
using CredSync.OpenBadges.Verification;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Verification;

/// <summary>Documents with random damage: a report each time, and never a good one for something else than what was signed.</summary>
public sealed class DamagedDocumentTests
{
    private static readonly CredentialVerifier Verifier = new(FixedClock.At("2026-06-01T00:00:00Z"), new() { AcceptUnpublishedKeys = true });

    [Theory]
    [InlineData("1edtech-validator-samples/ob30/simple.json")]
    [InlineData("1edtech-validator-samples/ob30/complete.json")]
    [InlineData("1edtech-validator-samples/ob30/simple-jwt.svg")]
    [InlineData("1edtech-validator-samples/ob30/simple-json.svg")]
    [InlineData("generated/rich-signed-eddsa-rdfc-2022.json")]
    public async Task Damage_never_throws_and_never_verifies_as_something_else(string sample)
    {
        byte[] original = Vectors.Bytes(sample);
        JsonObject signed = (await VerifyAsync(original)).Credential!;
        await Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte, Gen.Int[0, 3]).SampleAsync(
            async damage =>
            {
                (int at, byte value, int kind) = damage;
                byte[] damaged = kind switch
                {
                    0 => [.. original[..at], value, .. original[(at + 1)..]],
                    1 => [.. original[..at], .. original[(at + 1)..]],
                    2 => [.. original[..at], value, .. original[at..]],
                    _ => original[..at],
                };
                VerificationReport report = await VerifyAsync(damaged);
                if (report.Verdict != Verdict.Refused)
                {
                    JsonNode.DeepEquals(report.Credential, signed).ShouldBeTrue();
                }
            },
            iter: 300);
    }

    private static Task<VerificationReport> VerifyAsync(byte[] document) => Verifier.VerifyAsync(document, TestContext.Current.CancellationToken);
}
