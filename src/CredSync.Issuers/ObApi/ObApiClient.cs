using System.Net.Http.Headers;
using System.Text;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.ObApi;

/// <summary>The Open Badges 3.0 API of a host (credentials.md section 7): addresses and tokens. HTTP only, no meaning.</summary>
internal sealed class ObApiClient : IDisposable
{
    private const string Scopes = "https://purl.imsglobal.org/spec/ob/v3p0/scope/";

    private readonly ObApiOptions options;
    private readonly IssuerHttp http;
    private readonly AccessTokens? tokens;

    public ObApiClient(IssuerIdentity issuer, ObApiOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        http = new(clients, ObApiRegistration.Adapter, "The Open Badges host", issuer, settings, new RateBudget(options.CallsPerMinute, time), time);
        tokens = options.TokenUrl is null ? null : new(http, TokenRequest, time);
    }

    /// <summary>The host and issuer in words.</summary>
    public string Who => http.Who;

    /// <summary>Hands a credential over. The host replaces what has the same issuer and id, so it may be repeated.</summary>
    public Task<IssuerAnswer> UpsertAsync(CredentialDocument document, CancellationToken ct) => SendAsync(HttpMethod.Post, "/credentials", ct, () =>
    {
        ReadOnlyMemoryContent content = new(document.Content);
        content.Headers.ContentType = new MediaTypeHeaderValue(document.Extension == "jwt" ? "text/plain" : "application/json");
        return content;
    });

    public Task<IssuerAnswer> ProfileAsync(CancellationToken ct) => SendAsync(HttpMethod.Get, "/profile", ct);

    public IssuerException Fault(IssuerAnswer answer) => http.Fault(answer, Effect.Repeatable);

    /// <inheritdoc/>
    public void Dispose() => tokens?.Dispose();

    private async Task<IssuerAnswer> SendAsync(HttpMethod method, string path, CancellationToken ct, Func<HttpContent>? body = null)
    {
        string address = (options.Address ?? throw new IssuerException(FaultKind.Misconfigured, "issuer-address-missing", $"{Who} has no 'address': name the host's API, up to /ims/ob/v3p0."))
            .AbsoluteUri.TrimEnd('/') + path;
        if (tokens is not null)
        {
            return await tokens.SendAsync(Request, Effect.Repeatable, ct).ConfigureAwait(false);
        }

        using HttpRequestMessage request = Request();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretReading.Read(Who, options.Token, "token"));
        return await http.SendAsync(request, Effect.Repeatable, ct).ConfigureAwait(false);

        HttpRequestMessage Request()
        {
            HttpRequestMessage message = new(method, address) { Content = body?.Invoke() };
            // A token that was handed over comes back as a token.
            message.Options.Set(IssuerHttp.AnyBody, options.Form == ObApiForm.Jwt);
            return message;
        }
    }

    private HttpRequestMessage TokenRequest()
    {
        string scope = $"{Scopes}credential.upsert {Scopes}profile.readonly";
        HttpRequestMessage request = new(HttpMethod.Post, options.TokenUrl)
        {
            Content = new FormUrlEncodedContent(options.RefreshToken is null
                ? [new("grant_type", "client_credentials"), new("scope", scope)]
                : [new("grant_type", "refresh_token"), new("refresh_token", SecretReading.Read(Who, options.RefreshToken, "refresh_token")), new("scope", scope)]),
        };
        string client = $"{Uri.EscapeDataString(SecretReading.Read(Who, options.ClientId, "client_id"))}:{Uri.EscapeDataString(SecretReading.Read(Who, options.ClientSecret, "client_secret"))}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(client)));
        return request;
    }
}
