using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Badgr;

/// <summary>The Badgr API v2: addresses, token, pages. HTTP only, no meaning.</summary>
internal sealed class BadgrClient : IDisposable
{
    private const int MostPages = 500;

    private readonly BadgrOptions options;
    private readonly IssuerHttp http;
    private readonly AccessTokens tokens;

    public BadgrClient(IssuerIdentity issuer, BadgrOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        http = new(clients, BadgrRegistration.Adapter, "Badgr", issuer, settings, new RateBudget(options.CallsPerMinute, time), time);
        tokens = new(http, TokenRequest, time);
    }

    /// <summary>The service and issuer in words.</summary>
    public string Who => http.Who;

    public Task<IssuerAnswer> IssueAsync(string template, BadgrAssertion body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"/v2/badgeclasses/{Uri.EscapeDataString(template)}/assertions", Effect.Mint, ct, body);

    public Task<IssuerAnswer> AssertionAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/v2/assertions/{Uri.EscapeDataString(id)}", Effect.Repeatable, ct);

    public Task<IssuerAnswer> RevokeAsync(string id, BadgrRevocation body, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"/v2/assertions/{Uri.EscapeDataString(id)}", Effect.Repeatable, ct, body);

    public Task<IssuerAnswer> TemplateAsync(string template, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/v2/badgeclasses/{Uri.EscapeDataString(template)}", Effect.Repeatable, ct);

    public Task<IssuerAnswer> IssuersAsync(CancellationToken ct) => SendAsync(HttpMethod.Get, "/v2/issuers", Effect.Repeatable, ct);

    /// <summary>
    /// The first assertion of a template that a condition holds for, read page by page. The server could filter by recipient, but only in the address, where
    /// personal data must not be.
    /// </summary>
    /// <returns>The assertion; null when there is certainly none.</returns>
    public async Task<JsonElement?> FirstAsync(string template, Func<JsonElement, bool> wanted, CancellationToken ct)
    {
        string? path = $"/v2/badgeclasses/{Uri.EscapeDataString(template)}/assertions?num=200&include_expired=true&include_revoked=true";
        for (int page = 0; path is not null; page++)
        {
            if (page == MostPages)
            {
                throw new IssuerException(FaultKind.Broken, "issuer-list-endless", $"{Who} has more than {MostPages} pages of awards of one template, or its paging does not end: look there and settle the issuance by hand.");
            }

            IssuerAnswer answer = await SendAsync(HttpMethod.Get, path, Effect.Repeatable, ct).ConfigureAwait(false);
            if (!answer.Succeeded)
            {
                throw Fault(answer, Effect.Repeatable);
            }

            if (answer.Find("result") is not { ValueKind: JsonValueKind.Array } result)
            {
                throw http.Unreadable(Effect.Repeatable);
            }

            foreach (JsonElement assertion in result.EnumerateArray().Where(wanted))
            {
                return assertion;
            }

            path = answer.Next is { } next ? SameHost(next) : null;
        }

        return null;
    }

    public IssuerException Fault(IssuerAnswer answer, Effect effect) => http.Fault(answer, effect);

    public IssuerException Unreadable(Effect effect) => http.Unreadable(effect);

    /// <inheritdoc/>
    public void Dispose() => tokens.Dispose();

    private Task<IssuerAnswer> SendAsync(HttpMethod method, string path, Effect effect, CancellationToken ct, object? body = null) => tokens.SendAsync(
        () => new HttpRequestMessage(method, Base() + path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) }, effect, ct);

    /// <summary>Path and query of a link to another page; the token must not go to another host.</summary>
    private string SameHost(string link) => Uri.TryCreate(new Uri(Base() + "/"), link, out Uri? page) && page.Host == options.Address.Host && page.AbsoluteUri.StartsWith(Base(), StringComparison.Ordinal)
        ? page.AbsoluteUri[Base().Length..]
        : throw new IssuerException(FaultKind.Broken, "issuer-answer-unreadable", $"{Who} names a next page on another address than the configured one: configure the address under which it names itself.");

    private HttpRequestMessage TokenRequest() => new(HttpMethod.Post, Base() + "/o/token")
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "password"),
            new("username", SecretReading.Read(Who, options.UserName, "username")),
            new("password", SecretReading.Read(Who, options.Password, "password")),
            new("scope", options.Scope),
        ]),
    };

    private string Base() => options.Address.AbsoluteUri.TrimEnd('/');
}
