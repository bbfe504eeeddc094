using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Credly;

/// <summary>Credly's REST API: addresses, token, pages. HTTP only, no meaning.</summary>
internal sealed class CredlyClient(IssuerIdentity issuer, CredlyOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
{
    private const int MostPages = 40;

    private readonly IssuerHttp http = new(clients, CredlyRegistration.Adapter, "Credly", issuer, settings, new RateBudget(options.CallsPerMinute, time), time);

    /// <summary>The service and issuer in words.</summary>
    public string Who => http.Who;

    public Task<IssuerAnswer> IssueAsync(CredlyIssue body, CancellationToken ct) => SendAsync(HttpMethod.Post, "/badges", Effect.Mint, ct, body);

    public Task<IssuerAnswer> RevokeAsync(string badge, CredlyRevoke body, CancellationToken ct) => SendAsync(HttpMethod.Put, $"/badges/{Uri.EscapeDataString(badge)}/revoke", Effect.Repeatable, ct, body);

    public Task<IssuerAnswer> OrganizationAsync(CancellationToken ct) => SendAsync(HttpMethod.Get, "", Effect.Repeatable, ct);

    public Task<IssuerAnswer> TemplatesAsync(CancellationToken ct) => SendAsync(HttpMethod.Get, "/badge_templates?filter=state::active", Effect.Repeatable, ct);

    public Task<IssuerAnswer> TemplateAsync(string template, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/badge_templates/{Uri.EscapeDataString(template)}", Effect.Repeatable, ct);

    public Task<IssuerAnswer> BadgeAsync(string badge, CancellationToken ct) => SendAsync(HttpMethod.Get, $"/badges/{Uri.EscapeDataString(badge)}", Effect.Repeatable, ct);

    /// <summary>All badges of a person, page by page.</summary>
    /// <param name="earner">Our own id of the person: an address would put personal data into the URL.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<IReadOnlyList<JsonElement>> BadgesOfAsync(string earner, CancellationToken ct)
    {
        List<JsonElement> badges = [];
        for (int page = 1, pages = 1; page <= pages; page++)
        {
            IssuerAnswer answer = await SendAsync(HttpMethod.Get, $"/badges?filter=issuer_earner_id::{Uri.EscapeDataString(earner)}&page={page}", Effect.Repeatable, ct).ConfigureAwait(false);
            if (!answer.Succeeded)
            {
                throw Fault(answer, Effect.Repeatable);
            }

            if (answer.Find("data") is not { ValueKind: JsonValueKind.Array } data)
            {
                throw http.Unreadable(Effect.Repeatable);
            }

            badges.AddRange(data.EnumerateArray());
            pages = answer.Find("metadata", "total_pages") is { ValueKind: JsonValueKind.Number } total && total.TryGetInt32(out int count) ? Math.Min(count, MostPages) : 1;
        }

        return badges;
    }

    /// <summary>One page of all badges of the organization, the oldest first, so that what is issued meanwhile comes at the end.</summary>
    /// <returns>The badges, and whether another page follows.</returns>
    public async Task<(IReadOnlyList<JsonElement> Badges, bool More)> BadgesAsync(int page, CancellationToken ct)
    {
        IssuerAnswer answer = await SendAsync(HttpMethod.Get, $"/badges?sort=created_at&page={page}", Effect.Repeatable, ct).ConfigureAwait(false);
        if (!answer.Succeeded)
        {
            throw Fault(answer, Effect.Repeatable);
        }

        if (answer.Find("data") is not { ValueKind: JsonValueKind.Array } data)
        {
            throw http.Unreadable(Effect.Repeatable);
        }

        int pages = answer.Find("metadata", "total_pages") is { ValueKind: JsonValueKind.Number } total && total.TryGetInt32(out int count) ? count : 1;
        return ([.. data.EnumerateArray()], page < pages);
    }

    /// <summary>The fault behind an answer; a refused token whose last day is over is told as such.</summary>
    public IssuerException Fault(IssuerAnswer answer, Effect effect) =>
        answer.Status == System.Net.HttpStatusCode.Unauthorized && options.TokenExpires is { } last && last < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? new IssuerException(FaultKind.Unauthorized, "issuer-token-expired", $"The token of {Who} ended on {last:yyyy-MM-dd}: make a new one, put it where the secret is read, and correct token_expires.")
            : http.Fault(answer, effect);

    public IssuerException Unreadable(Effect effect) => http.Unreadable(effect);

    private async Task<IssuerAnswer> SendAsync(HttpMethod method, string path, Effect effect, CancellationToken ct, object? body = null)
    {
        if (string.IsNullOrWhiteSpace(options.Organization))
        {
            throw new IssuerException(FaultKind.Misconfigured, "issuer-account-missing", $"{Who} has no 'organization': name the organization's id at Credly.");
        }

        using HttpRequestMessage request = new(method, $"{options.Address.AbsoluteUri.TrimEnd('/')}/organizations/{Uri.EscapeDataString(options.Organization)}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(SecretReading.Read(Who, options.Token, "token") + ":")));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType());
        }

        return await http.SendAsync(request, effect, ct).ConfigureAwait(false);
    }
}
