using System.Net;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.ObApi;

/// <summary>
/// Signs here and hands over to a host with the Open Badges 3.0 API. The host replaces what has the same issuer and id, and the same request gives the same bytes:
/// it may be repeated after any crash.
/// </summary>
internal sealed class ObApiIssuer : ICredentialIssuer, ICredentialRevoker, IDocumentPublisher, ICheckable, IDisposable
{
    /// <summary>What a host can do. The API takes nothing back: revocation is a matter of the signing issuer's status list, which is published here.</summary>
    public static readonly IssuerCapabilities Manifest = new() { RepeatsSafely = true, Update = true, StatusNumbers = true };

    private readonly ObApiOptions options;
    private readonly TimeProvider time;
    private readonly ICredentialIssuer signer;
    private readonly IDocumentPublisher publisher;
    private readonly ObApiClient client;

    public ObApiIssuer(IssuerIdentity issuer, ObApiOptions options, LocalSigner signers, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new(issuer, options, clients, settings, time);
        signer = signers(issuer, new() { Name = options.Name, Url = options.Url, Did = options.Did, Key = options.Key, Token = options.Form == ObApiForm.Jwt });
        publisher = (IDocumentPublisher)signer;
    }

    /// <inheritdoc/>
    public IssuerCapabilities Capabilities => Manifest with { StatusNumbers = signer.Capabilities.StatusNumbers };

    /// <inheritdoc/>
    public Uri? Address => publisher.Address;

    /// <inheritdoc/>
    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuedCredential signed = await signer.IssueAsync(request, ct).ConfigureAwait(false);
        CredentialDocument document = signed.Documents.First(d => d.Extension == (options.Form == ObApiForm.Jwt ? "jwt" : "json"));
        IssuerAnswer answer = await client.UpsertAsync(document, ct).ConfigureAwait(false);
        return answer.Status switch
        {
            _ when answer.Succeeded || answer.Status == HttpStatusCode.NotModified => signed,
            HttpStatusCode.Unauthorized when options.TokenExpires is { } last && last < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) => throw new IssuerException(
                FaultKind.Unauthorized, "issuer-token-expired", $"The token of {client.Who} ended on {last:yyyy-MM-dd}: make a new one, put it where the secret is read, and correct token_expires."),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => throw new IssuerException(FaultKind.Rejected, "issuer-refused",
                $"{client.Who} refuses the credential (HTTP {(int)answer.Status}): verify the document with credsync verify, and that the host can read the issuer's DID document."),
            _ => throw client.Fault(answer),
        };
    }

    /// <inheritdoc/>
    public Task RevokeAsync(RevocationRequest request, CancellationToken ct) => ((ICredentialRevoker)signer).RevokeAsync(request, ct);

    /// <inheritdoc/>
    public Task PublishAsync(IIssuerRecords records, CancellationToken ct) => publisher.PublishAsync(records, ct);

    /// <inheritdoc/>
    public Task<PublicAnswer?> AnswerAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct) => publisher.AnswerAsync(request, records, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        try
        {
            IssuerAnswer answer = await client.ProfileAsync(ct).ConfigureAwait(false);
            results.Add(answer.Status switch
            {
                _ when answer.Succeeded => new("token", CheckOutcome.Passed, "The host takes the token."),
                HttpStatusCode.Forbidden => new("token", CheckOutcome.Passed, "The host takes the token; it does not cover the profile, which issuing does not need."),
                _ => IssuerChecks.Unreachable("token", client.Fault(answer)),
            });
            results.Add(IssuerChecks.Clock(answer.Date, time));
        }
        catch (IssuerException fault)
        {
            results.Add(IssuerChecks.Unreachable("token", fault));
        }

        if (options.TokenExpires is not null)
        {
            results.Add(IssuerChecks.TokenExpiry(options.TokenExpires, time));
        }

        results.AddRange(signer is ICheckable keys ? await keys.CheckAsync(ct).ConfigureAwait(false) : []);
        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        (signer as IDisposable)?.Dispose();
    }
}
