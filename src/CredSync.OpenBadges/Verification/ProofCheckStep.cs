using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Verification;

/// <summary>The signature, and whose key made it.</summary>
internal static class ProofCheckStep
{
    public static async Task<(VerificationCheck Proof, VerificationCheck Key)> CheckAsync(ReadCredential read, VerificationSession session, CancellationToken ct)
    {
        string? issuer = CredentialFacts.Issuer(read.Credential);
        return read.Token is { } token
            ? await TokenAsync(token, issuer, session, ct).ConfigureAwait(false)
            : await EmbeddedAsync(read.Credential, issuer, session, ct).ConfigureAwait(false);
    }

    private static async Task<(VerificationCheck, VerificationCheck)> TokenAsync(VcJwtToken token, string? issuer, VerificationSession session, CancellationToken ct)
    {
        IssuerKeys keys = await IssuerKeys.FindAsync(token.KeyId is null ? [] : [token.KeyId], issuer, session, ct).ConfigureAwait(false);
        ProofCheck check = VcJwt.Verify(token, keys);
        if (!check.SignatureIsValid)
        {
            return Failed(check.Failure ?? "The signature is not valid.");
        }

        return VcJwtReader.ClaimFailure(token) is { } failure ? Failed(failure) : (Signed(check), Owner(check, issuer, keys, session));
    }

    private static async Task<(VerificationCheck, VerificationCheck)> EmbeddedAsync(
        JsonObject credential, string? issuer, VerificationSession session, CancellationToken ct)
    {
        IssuerKeys keys = await IssuerKeys.FindAsync(DataIntegrity.VerificationMethods(credential), issuer, session, ct).ConfigureAwait(false);
        IReadOnlyList<ProofCheck> checks = DataIntegrity.Verify(credential, keys);
        if (checks.Count == 0)
        {
            return Failed("The credential has no proof; nothing secures it.");
        }

        // One proof that holds is enough; the others may be of kinds that are not known here.
        (VerificationCheck Proof, VerificationCheck Key)[] results = [.. checks
            .Where(c => c.SignatureIsValid && (c.Expires is null || c.Expires >= session.Now))
            .Select(c => (Signed(c), Owner(c, issuer, keys, session)))];
        return results.Length == 0
            ? Failed(checks.FirstOrDefault(static c => !c.SignatureIsValid)?.Failure ?? "The proof has expired.")
            : results.MinBy(static r => r.Key.Outcome switch
            {
                VerificationOutcome.Passed => 0,
                VerificationOutcome.NotChecked => 1,
                _ => 2,
            });
    }

    private static VerificationCheck Signed(ProofCheck check) =>
        new(CheckNames.Proof, VerificationOutcome.Passed, $"The {check.Suite} signature is that of the named key over this credential.");

    private static VerificationCheck Owner(ProofCheck check, string? issuer, IssuerKeys keys, VerificationSession session)
    {
        if (check.Controller is not null && check.Controller != issuer)
        {
            return new(CheckNames.Key, VerificationOutcome.Failed, "The key belongs to another than the credential's issuer.");
        }

        if (check.Controller is not null && keys.IsPublished(check.VerificationMethod))
        {
            return new(CheckNames.Key, VerificationOutcome.Passed, "The key is published by the issuer.");
        }

        return session.Options.AcceptUnpublishedKeys
            ? new(CheckNames.Key, VerificationOutcome.Passed, "The key comes with the credential; the verifier accepts such keys.")
            : new(CheckNames.Key, VerificationOutcome.NotChecked, "The key comes with the credential, and nothing available here shows that the issuer published it.");
    }

    private static (VerificationCheck, VerificationCheck) Failed(string sentence) => (
        new(CheckNames.Proof, VerificationOutcome.Failed, sentence),
        new(CheckNames.Key, VerificationOutcome.NotChecked, "There is no valid signature whose key could be looked at."));
}
