using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Accredible;

/// <summary>Accredible's REST API: addresses and key. HTTP only, no meaning.</summary>
internal sealed class AccredibleClient(IssuerIdentity issuer, AccredibleOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
{
    private readonly IssuerHttp http = new(clients, AccredibleRegistration.Adapter, "Accredible", issuer, settings, new RateBudget(options.CallsPerMinute, time), time);

    /// <summary>The service and issuer in words.</summary>
    public string Who => http.Who;

    public Task<IssuerAnswer> IssueAsync(AccredibleBody body, CancellationToken ct) => SendAsync(HttpMethod.Post, "/v1/credentials", Effect.Mint, ct, body);

    /// <summary>Searches by our reference: in the body, not in the address.</summary>
    public Task<IssuerAnswer> SearchAsync(IReadOnlyDictionary<string, object> query, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, "/v2/credentials/search", Effect.Repeatable, ct, new Dictionary<string, object> { ["query"] = query, ["page"] = new Dictionary<string, int> { ["from"] = 0, ["size"] = 10 } });

    public Task<IssuerAnswer> ChangeAsync(string credential, IReadOnlyDictionary<string, object> change, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, $"/v1/credentials/{Uri.EscapeDataString(credential)}", Effect.Repeatable, ct, new Dictionary<string, object> { ["credential"] = change });

    public Task<IssuerAnswer> DeleteAsync(string credential, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v1/credentials/{Uri.EscapeDataString(credential)}", Effect.Repeatable, ct);

    public Task<IssuerAnswer> GroupAsync(string group, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/v1/issuer/groups/{Uri.EscapeDataString(group)}", Effect.Repeatable, ct);

    /// <summary>The fault behind an answer; a refused key whose last day is over is told as such.</summary>
    public IssuerException Fault(IssuerAnswer answer, Effect effect) =>
        answer.Status == HttpStatusCode.Unauthorized && options.TokenExpires is { } last && last < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? new IssuerException(FaultKind.Unauthorized, "issuer-token-expired", $"The key of {Who} ended on {last:yyyy-MM-dd}: make a new one, put it where the secret is read, and correct token_expires.")
            : http.Fault(answer, effect);

    public IssuerException Unreadable(Effect effect) => http.Unreadable(effect);

    private async Task<IssuerAnswer> SendAsync(HttpMethod method, string path, Effect effect, CancellationToken ct, object? body = null)
    {
        using HttpRequestMessage request = new(method, options.Address.AbsoluteUri.TrimEnd('/') + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", "token=" + SecretReading.Read(Who, options.ApiKey, "api_key"));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType());
        }

        return await http.SendAsync(request, effect, ct).ConfigureAwait(false);
    }
}
