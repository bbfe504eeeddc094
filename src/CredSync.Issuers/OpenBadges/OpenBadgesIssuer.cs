using System.Text.Json.Nodes;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.Registration;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// The built-in issuer: signs Open Badges 3.0 with its own keys and needs nobody else. The same request always gives the same bytes, so the
/// host may repeat it after any crash.
/// </summary>
internal sealed class OpenBadgesIssuer : ICredentialIssuer, ICheckable, IDisposable
{
    private readonly IssuerIdentity identity;
    private readonly OpenBadgesOptions options;
    private readonly Lock opening = new();
    private OpenBadgesSigner? signer;

    public OpenBadgesIssuer(IssuerIdentity identity, OpenBadgesOptions options, OpenBadgesKeyRing ring)
    {
        this.identity = identity;
        this.options = options;
        ring.Add(this);
    }

    /// <summary>What the built-in issuer can do.</summary>
    public static readonly IssuerCapabilities Manifest = new() { RepeatsSafely = true };

    public IssuerCapabilities Capabilities => Manifest;

    /// <summary>The DID document, or null when the issuer has no keys yet or cannot be opened: asking must not make keys.</summary>
    public JsonObject? PublishedKeys
    {
        get
        {
            try
            {
                return signer is null && !File.Exists(OpenBadgesIdentity.From(identity, options).KeyPath) ? null : Open().DidDocument;
            }
            catch (IssuerException)
            {
                return null;
            }
        }
    }

    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ct.ThrowIfCancellationRequested();
        OpenBadgesSigner open = Open();
        AchievementCredential credential = OpenBadgesMapping.Map(request, open.Facts);
        try
        {
            return Task.FromResult(new IssuedCredential
            {
                CredentialId = credential.Id,
                IssuedAt = request.IssuedAt,
                PublicUrl = open.Identity.Address is null ? null : credential.Id,
                Documents = open.Sign(credential, Design(request)),
            });
        }
        catch (ProofException fault)
        {
            throw new IssuerException(FaultKind.Rejected, "credential-cannot-be-signed", $"The credential '{request.Credential.Id}' cannot be signed: {fault.Message}", inner: fault);
        }
        catch (FormatException fault)
        {
            throw new IssuerException(FaultKind.Misconfigured, "badge-colour-malformed", $"The colour of the badge '{request.Credential.Id}' is not written #rrggbb; correct it.", inner: fault);
        }
    }

    public Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            OpenBadgesSigner open = Open();
            return Task.FromResult<IReadOnlyList<CheckResult>>(
            [
                new("settings", CheckOutcome.Passed, $"The issuer is {open.Identity.Did}."),
                new("keys", CheckOutcome.Passed, $"The signing key {open.Identity.KeyPath} can be used."),
            ]);
        }
        catch (IssuerException fault)
        {
            return Task.FromResult<IReadOnlyList<CheckResult>>([new("keys", CheckOutcome.Failed, fault.Message, "Mend the setting or the file, then check again.")]);
        }
    }

    private BadgeDesign Design(IssuanceRequest request) => new()
    {
        Name = request.Credential.Name,
        Organisation = options.Name,
        Colour = request.Credential.Colour ?? options.Colour,
    };

    public void Dispose()
    {
        lock (opening)
        {
            signer?.Dispose();
            signer = null;
        }
    }

    // Opened on first use, so that reading a configuration never makes keys; a failure is not remembered, so a mended file works at once.
    private OpenBadgesSigner Open()
    {
        lock (opening)
        {
            return signer ??= OpenBadgesSigner.Open(OpenBadgesIdentity.From(identity, options), options);
        }
    }
}
