using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// Verifies Open Badges without a network: it knows the keys of the issuers configured here, and reads keys that a credential names by value
/// (<c>did:key</c>, or a key as the fragment of the issuer's id). For the latter nothing shows that the issuer published them: the check of the key is then not made.
/// </summary>
internal sealed class OpenBadgesVerifier(OpenBadgesKeyRing ring, TimeProvider clock) : ICredentialVerifier
{
    public async Task<IReadOnlyList<CheckResult>> VerifyAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        var verifier = new CredentialVerifier(clock, new() { DidDocuments = ring.DidDocuments });
        VerificationReport report = await verifier.VerifyAsync(document, ct).ConfigureAwait(false);
        return [.. report.Checks.Select(static c => new CheckResult(c.Name, Outcome(c), c.Sentence, Remedy(c)))];
    }

    private static CheckOutcome Outcome(VerificationCheck check) => check.Outcome switch
    {
        VerificationOutcome.Passed => CheckOutcome.Passed,
        VerificationOutcome.Failed => CheckOutcome.Failed,
        _ => CheckOutcome.NotChecked,
    };

    private static string? Remedy(VerificationCheck check) => check.Outcome == VerificationOutcome.Passed ? null : check.Name switch
    {
        CheckNames.Container => "Give the JSON, the JWT, or the PNG or SVG that it is baked into.",
        CheckNames.Proof when check.Outcome == VerificationOutcome.Failed => "Do not rely on it; ask the issuer for the original.",
        CheckNames.Key when check.Outcome == VerificationOutcome.NotChecked => "Compare the key with the DID document that the issuer publishes, or verify with a verifier that is online.",
        CheckNames.Key => "Do not rely on it; somebody else signed it in the issuer's name.",
        CheckNames.Status when check.Outcome == VerificationOutcome.NotChecked => "Verify with a verifier that can reach the status list.",
        CheckNames.Status or CheckNames.Dates when check.Outcome == VerificationOutcome.Failed => "Do not rely on it; ask the issuer whether there is a newer one.",
        _ => null,
    };
}
