using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync;
using CredSync.Issuers;
using CredSync.Registration;

namespace Acme;

/// <summary>The service's API: addresses, token, faults. HTTP only, no meaning. It does not retry: the host looks the badge up, or waits and asks again.</summary>
public sealed class AcmeClient(IssuerIdentity issuer, AcmeOptions options, IHttpClientFactory clients)
{
    // How every sentence begins that an operator will read.
    private readonly string who = $"Acme (issuer '{issuer.Name}')";

    /// <summary>Awards a badge; null when the service says that there is one with this key.</summary>
    public async Task<AcmeBadge?> AwardAsync(AcmeAward award, CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Address("badges")) { Content = JsonContent.Create(award) };
        using HttpResponseMessage answer = await SendAsync(request, mints: true, ct);
        return answer.StatusCode == HttpStatusCode.Conflict ? null
            : answer.IsSuccessStatusCode ? await ReadAsync<AcmeBadge>(answer, mints: true, ct)
            : throw Refused(answer, mints: true);
    }

    /// <summary>The badge with a key; null when there is none.</summary>
    public async Task<AcmeBadge?> FindAsync(Guid key, CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Address($"badges?key={key}"));
        using HttpResponseMessage answer = await SendAsync(request, mints: false, ct);
        return answer.IsSuccessStatusCode ? (await ReadAsync<AcmeBadge[]>(answer, mints: false, ct)).FirstOrDefault() : throw Refused(answer, mints: false);
    }

    /// <summary>Revokes a badge; one that is revoked already stays so.</summary>
    public async Task RevokeAsync(string id, CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Address($"badges/{Uri.EscapeDataString(id)}/revoke"));
        using HttpResponseMessage answer = await SendAsync(request, mints: false, ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw Refused(answer, mints: false);
        }
    }

    /// <summary>The account that the token belongs to.</summary>
    public async Task<AcmeAccount> GetAccountAsync(CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Address("account"));
        using HttpResponseMessage answer = await SendAsync(request, mints: false, ct);
        return answer.IsSuccessStatusCode ? await ReadAsync<AcmeAccount>(answer, mints: false, ct) : throw Refused(answer, mints: false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool mints, CancellationToken ct)
    {
        using HttpClient client = clients.CreateClient(AcmeRegistration.Adapter);
        request.Headers.Authorization = new("Bearer", Token());
        try
        {
            return await client.SendAsync(request, ct);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            // It never left this machine: nothing was minted.
            throw new IssuerException(FaultKind.Outage, "issuer-unreachable", $"{who} cannot be reached: it is asked again later.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Silent(mints);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, bool mints, CancellationToken ct)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(ct) ?? throw new JsonException();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Silent(mints);
        }
        catch (JsonException)
        {
            // The message of the exception is left out everywhere: it may quote what it read.
            throw new IssuerException(mints ? FaultKind.InDoubt : FaultKind.Broken, "issuer-answer-unreadable", $"{who} sent something that is not its documented answer.");
        }
    }

    private IssuerException Silent(bool mints) => mints
        ? new(FaultKind.InDoubt, "issuer-outcome-unknown", $"{who} went silent while it minted: the badge is looked up there.")
        : new(FaultKind.Outage, "issuer-slow", $"{who} did not answer: it is asked again later.");

    private IssuerException Refused(HttpResponseMessage answer, bool mints) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new(FaultKind.Unauthorized, "issuer-token-refused", $"{who} refuses the token (HTTP 401): renew it."),
        HttpStatusCode.Forbidden => new(FaultKind.Misconfigured, "issuer-rights-missing", $"{who} forbids the call (HTTP 403): give the token the right to award."),
        HttpStatusCode.TooManyRequests => new(FaultKind.RateLimited, "issuer-asks-for-patience", $"{who} asks for fewer calls (HTTP 429).", answer.Headers.RetryAfter?.Delta),
        >= HttpStatusCode.InternalServerError => new(mints ? FaultKind.InDoubt : FaultKind.Outage, "issuer-unwell", $"{who} is unwell (HTTP {(int)answer.StatusCode})."),
        _ => new(FaultKind.Rejected, "issuer-refused", $"{who} refuses (HTTP {(int)answer.StatusCode})."),
    };

    private Uri Address(string path) => options.Address is { } address
        ? new Uri(address.ToString().TrimEnd('/') + "/" + path)
        : throw new IssuerException(FaultKind.Misconfigured, "issuer-address-missing", $"{who} has no 'address'.");

    // Read for each call, so that a renewed secret takes effect without a restart.
    private string Token()
    {
        try
        {
            return options.Token?.Reveal() ?? throw new InvalidOperationException();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new IssuerException(FaultKind.Misconfigured, "issuer-secret-unreadable", $"{who} cannot read its token {options.Token}: provide it to this process.");
        }
    }
}
