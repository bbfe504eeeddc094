using System.Text.Json.Nodes;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Transparency;
using CredSync.Registration;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// The built-in issuer: signs Open Badges 3.0 with its own keys and needs nobody else. The same request always gives the same bytes, so the
/// host may repeat it after any crash.
/// </summary>
internal sealed partial class OpenBadgesIssuer : ICredentialIssuer, ICredentialRevoker, ILearnerRecordIssuer, IDocumentPublisher, ICheckable, IDisposable
{
    /// <summary>What the built-in issuer can do when it has an address.</summary>
    public static readonly IssuerCapabilities Manifest = new() { RepeatsSafely = true, LeavesNoTrace = true, StatusNumbers = true };

    private readonly IssuerIdentity identity;
    private readonly OpenBadgesOptions options;
    private readonly TimeProvider time;
    private readonly OpenBadgesLog log = new();
    private readonly Lock opening = new();
    private OpenBadgesSigner? signer;
    private readonly OpenBadgesKeys keys;
    private volatile IssuerException? foreign;

    public OpenBadgesIssuer(IssuerIdentity identity, OpenBadgesOptions options, OpenBadgesKeyRing ring, TimeProvider time, ISigningKeyVault? vault = null)
    {
        keys = new(identity, options, vault);
        this.identity = identity;
        this.options = options;
        this.time = time;
        Capabilities = Manifest with { StatusNumbers = options.Url is not null };
        ring.Add(this);
    }

    public IssuerCapabilities Capabilities { get; }

    public Uri? Address => options.Url;

    /// <summary>The DID document, or null when the issuer has no keys yet or cannot be opened: asking must not make keys.</summary>
    public JsonObject? PublishedKeys
    {
        get
        {
            try
            {
                return signer is null && !keys.Exist(OpenBadgesIdentity.From(identity, options)) ? null : Open().DidDocument;
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
        if (foreign is { } refusal)
        {
            // Anew each time: an exception that is thrown twice tells of the first place only.
            throw new IssuerException(refusal.Kind, refusal.Cause, refusal.Message);
        }

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
                LogEntry = options.TransparencyLog ? LogEntry.Of(credential.ToJson()) : (ReadOnlyMemory<byte>?)null,
            });
        }
        catch (ProofException fault)
        {
            throw new IssuerException(FaultKind.Rejected, "credential-cannot-be-signed", $"The credential '{request.Credential.Id}' cannot be signed: {fault.Message}", inner: fault);
        }
        catch (KeyException fault)
        {
            throw keys.Unreachable(fault);
        }
        catch (FormatException fault)
        {
            throw new IssuerException(FaultKind.Misconfigured, "badge-colour-malformed", $"The colour of the badge '{request.Credential.Id}' is not written #rrggbb; correct it.", inner: fault);
        }
    }

    /// <summary>The host's note of the revocation is what the next list is made from; here only what cannot be revoked is refused.</summary>
    public Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ct.ThrowIfCancellationRequested();
        return request.StatusNumber is null || options.Url is null
            ? throw new IssuerException(
                FaultKind.Rejected,
                "credential-has-no-status",
                $"The credential of issuance {request.IssuanceId} names no status list, because issuer '{identity.Name}' had no url when it was issued; nobody can be told through the credential that it is revoked.")
            : Task.CompletedTask;
    }

    public async Task PublishAsync(IIssuerRecords records, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (PublishedKeys is not { } did)
        {
            // Nothing was signed yet; publishing must not make keys.
            return;
        }

        try
        {
            await PublishAsync(did, records, ct).ConfigureAwait(false);
        }
        catch (KeyException fault)
        {
            throw keys.Unreachable(fault);
        }
    }

    private async Task PublishAsync(JsonObject did, IIssuerRecords records, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        await RefuseAnotherSecretAsync(records, now, ct).ConfigureAwait(false);
        byte[] document = CredentialJson.Write(did);
        if (await records.DocumentAsync(OpenBadgesPaths.Did, ct).ConfigureAwait(false) is not { } kept || !kept.Content.Span.SequenceEqual(document))
        {
            await records.KeepAsync(OpenBadgesPaths.Did, new() { MediaType = "application/did+json", Content = document, MadeAt = now }, ct).ConfigureAwait(false);
        }

        await OpenBadgesStatusLists.PublishAsync(Open(), records, now, ct).ConfigureAwait(false);
        if (options.TransparencyLog)
        {
            await log.PublishAsync(Open(), records, now, ct).ConfigureAwait(false);
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
                new("keys", CheckOutcome.Passed, $"The signing key {open.KeyName} can be used."),
            ]);
        }
        catch (IssuerException fault)
        {
            return Task.FromResult<IReadOnlyList<CheckResult>>([new("keys", CheckOutcome.Failed, fault.Message, "Mend the setting or the file, then check again.")]);
        }
    }

    // Two workers with secrets of their own would give the same place in a list to two credentials, and publish keys in turns.
    private async Task RefuseAnotherSecretAsync(IIssuerRecords records, DateTimeOffset now, CancellationToken ct)
    {
        OpenBadgesSigner open = Open();
        byte[] own = open.Facts.Mark();
        if (await records.DocumentAsync(OpenBadgesPaths.SecretMark, ct).ConfigureAwait(false) is not { } kept)
        {
            await records.KeepAsync(OpenBadgesPaths.SecretMark, new() { MediaType = "application/octet-stream", Content = own, MadeAt = now }, ct).ConfigureAwait(false);
        }
        else if (!kept.Content.Span.SequenceEqual(own))
        {
            throw foreign = new IssuerException(
                FaultKind.Misconfigured,
                "issuer-secret-differs",
                $"Issuer '{identity.Name}' has another secret here ({open.Identity.SecretPath}) than the worker that published for it first; give all its workers the same key files, or restore the old one.");
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
            log.Dispose();
        }
    }

    // Opened on first use, so that reading a configuration never makes keys; a failure is not remembered, so a mended file works at once.
    private OpenBadgesSigner Open()
    {
        lock (opening)
        {
            return signer ??= OpenBadgesSigner.Open(OpenBadgesIdentity.From(identity, options), options, keys);
        }
    }
}
