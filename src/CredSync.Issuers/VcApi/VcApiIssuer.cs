using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.VcApi;

/// <summary>
/// Has credentials signed by a service with a VC-API. The service keeps no credentials and each call signs again; the credential's id is derived from the issuance, so
/// a repeated call gives the same credential and costs at most a place in the status list.
/// </summary>
internal sealed class VcApiIssuer : ICredentialIssuer, ICredentialRevoker, ICheckable, IDisposable
{
    /// <summary>What the service can do.</summary>
    public static readonly IssuerCapabilities Manifest = new() { RepeatsSafely = true };

    private readonly VcApiOptions options;
    private readonly TimeProvider time;
    private readonly IssuerHttp http;
    private readonly ICredentialIssuer signer;

    public VcApiIssuer(IssuerIdentity issuer, VcApiOptions options, LocalSigner signers, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new(clients, VcApiRegistration.Adapter, "The VC-API service", issuer, settings, new RateBudget(options.CallsPerMinute, time), time);
        signer = signers(issuer, new() { Name = options.Name, Url = options.Url });
    }

    /// <inheritdoc/>
    public IssuerCapabilities Capabilities => Manifest;

    /// <inheritdoc/>
    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuedCredential own = await signer.IssueAsync(request, ct).ConfigureAwait(false);
        JsonObject credential = VcApiMapping.Unsigned(own.Documents.First(d => d.Extension == "json"));
        IssuerAnswer answer = await SendAsync(HttpMethod.Post, "/credentials/issue", VcApiMapping.Issue(credential), ct).ConfigureAwait(false);
        if (!answer.Succeeded)
        {
            throw answer.Status == HttpStatusCode.NotFound
                ? new IssuerException(FaultKind.Misconfigured, "issuer-template-unknown", $"{http.Who} has no such tenant, or is not at this address: correct 'tenant' and 'address'.")
                : Fault(answer);
        }

        JsonElement signed = VcApiMapping.Signed(answer.Json) ?? throw http.Unreadable(Effect.Repeatable);
        return new()
        {
            CredentialId = signed.GetProperty("id").GetString()!,
            IssuedAt = request.IssuedAt,
            Documents = [new("application/vc+ld+json", "json", Encoding.UTF8.GetBytes(signed.GetRawText()))],
        };
    }

    /// <inheritdoc/>
    public async Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuerAnswer answer = await SendAsync(HttpMethod.Post, "/credentials/status", VcApiMapping.Revoke(request.CredentialId), ct).ConfigureAwait(false);
        if (!answer.Succeeded)
        {
            throw answer.Status switch
            {
                HttpStatusCode.MethodNotAllowed => new IssuerException(FaultKind.Misconfigured, "issuer-revocation-off", $"{http.Who} runs without its status service: switch it on; what was issued without it cannot be revoked."),
                HttpStatusCode.NotFound => new IssuerException(FaultKind.Rejected, "issuer-credential-unknown", $"{http.Who} does not know the credential: it was issued elsewhere, or without a status."),
                _ => Fault(answer),
            };
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        try
        {
            // The coordinator answers an empty credential with 422 before it signs anything, and a wrong token with 401 before that.
            IssuerAnswer answer = await SendAsync(HttpMethod.Post, "/credentials/issue", [], ct).ConfigureAwait(false);
            results.Add((int)answer.Status is 400 or 422
                ? new("token", CheckOutcome.Passed, "The service takes the token and refuses an empty credential, as it should.")
                : IssuerChecks.Unreachable("token", answer.Succeeded ? http.Unreadable(Effect.Repeatable) : Fault(answer)));
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

        return results;
    }

    /// <inheritdoc/>
    public void Dispose() => (signer as IDisposable)?.Dispose();

    private IssuerException Fault(IssuerAnswer answer) =>
        answer.Status == HttpStatusCode.Unauthorized && options.TokenExpires is { } last && last < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? new IssuerException(FaultKind.Unauthorized, "issuer-token-expired", $"The token of {http.Who} ended on {last:yyyy-MM-dd}: make a new one, put it where the secret is read, and correct token_expires.")
            : http.Fault(answer, Effect.Repeatable);

    private async Task<IssuerAnswer> SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken ct)
    {
        string address = (options.Address ?? throw new IssuerException(FaultKind.Misconfigured, "issuer-address-missing", $"{http.Who} has no 'address': name the service's base address."))
            .AbsoluteUri.TrimEnd('/');
        string tenant = string.IsNullOrWhiteSpace(options.Tenant) ? "" : $"/instance/{Uri.EscapeDataString(options.Tenant)}";
        using HttpRequestMessage request = new(method, address + tenant + path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (options.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretReading.Read(http.Who, options.Token, "token"));
        }

        return await http.SendAsync(request, Effect.Repeatable, ct).ConfigureAwait(false);
    }
}
