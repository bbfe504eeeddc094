using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// Verifies Open Badges. Without a network it knows the keys of the issuers configured here, and reads keys that a credential names by value (<c>did:key</c>, or a key
/// as the fragment of the issuer's id); for the latter nothing shows that the issuer published them, and the check of the key is then not made. Online it also looks
/// at key documents, status lists and the issuer's transparency log.
/// </summary>
internal sealed class OpenBadgesVerifier(OpenBadgesKeyRing ring, TimeProvider clock) : ICredentialVerifier
{
    public async Task<IReadOnlyList<CheckResult>> VerifyAsync(ReadOnlyMemory<byte> document, CancellationToken ct) =>
        (await VerifyAsync(document, new VerificationScope(), ct).ConfigureAwait(false)).Checks;

    public async Task<VerificationResult> VerifyAsync(ReadOnlyMemory<byte> document, VerificationScope scope, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(scope);
        using HttpDocumentSource? web = scope.Online ? Web(scope) : null;
        IDocumentSource documents = web is null ? GivenDocuments.None : new ConnectedSource(web, scope.ConnectTo);
        JsonObject[] known = [.. ring.DidDocuments, .. scope.KeyDocuments.Select(ReadKeys)];
        VerificationReport report = await new CredentialVerifier(clock, new() { DidDocuments = known, Documents = documents, RecipientAliases = scope.Recipients }).VerifyAsync(document, ct).ConfigureAwait(false);
        List<CheckResult> checks = [.. report.Checks.Select(static c => new CheckResult(c.Name, Outcome(c), c.Sentence, Remedy(c)))];
        if (web is null || report.Credential is null)
        {
            return new VerificationResult(checks);
        }

        (CheckResult? transparency, string? head) = await OpenBadgesTransparency.CheckAsync(report.Credential, known, documents, scope.EarlierHead, ct).ConfigureAwait(false);
        return new VerificationResult(transparency is null ? checks : [.. checks, transparency], head);
    }

    public async Task<ReadOnlyMemory<byte>> FetchAsync(Uri address, VerificationScope scope, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(scope);
        using HttpDocumentSource web = Web(scope);
        try
        {
            return await new ConnectedSource(web, scope.ConnectTo).FetchAsync(address, ct).ConfigureAwait(false)
                ?? throw new IssuerException(FaultKind.Rejected, "credential-not-there", $"There is nothing at {address.GetLeftPart(UriPartial.Path)}.");
        }
        catch (DocumentException fault)
        {
            throw new IssuerException(FaultKind.Outage, "credential-unreachable", fault.Message, inner: fault);
        }
    }

    private HttpDocumentSource Web(VerificationScope scope) => new(clock, new() { AllowPrivateNetworks = scope.AllowPrivateNetworks });

    private static JsonObject ReadKeys(ReadOnlyMemory<byte> document)
    {
        try
        {
            return CredentialJson.Parse(document.Span);
        }
        catch (ProofException fault)
        {
            throw new IssuerException(FaultKind.Misconfigured, "key-document-unreadable", "A given key document is not a JSON object.", inner: fault);
        }
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
        CheckNames.Key when check.Outcome == VerificationOutcome.NotChecked => "Compare the key with the DID document that the issuer publishes, or verify with --online.",
        CheckNames.Key => "Do not rely on it; somebody else signed it in the issuer's name.",
        CheckNames.Status when check.Outcome == VerificationOutcome.NotChecked => "Verify with --online, where the status list can be reached.",
        CheckNames.Status or CheckNames.Dates when check.Outcome == VerificationOutcome.Failed => "Do not rely on it; ask the issuer whether there is a newer one.",
        _ => null,
    };

    // The first beginning that fits; the limits hold for where it leads.
    private sealed class ConnectedSource(IDocumentSource inner, IReadOnlyDictionary<string, string> connectTo) : IDocumentSource
    {
        public Task<byte[]?> FetchAsync(Uri address, CancellationToken ct)
        {
            KeyValuePair<string, string> fit = connectTo.FirstOrDefault(c => address.AbsoluteUri.StartsWith(c.Key.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase));
            return inner.FetchAsync(fit.Key is null ? address : new Uri(fit.Value.TrimEnd('/') + address.AbsoluteUri[fit.Key.TrimEnd('/').Length..]), ct);
        }
    }
}
