using System.Globalization;
using System.Net;
using System.Text.Json;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.EdxBusiness;

/// <summary>The reports of edX for Business: tokens, addresses, errors. HTTP only, no meaning.</summary>
internal sealed class EdxBusinessClient : IDisposable
{
    private readonly SourceHttp http;
    private readonly EdxBusinessOptions options;
    private readonly TimeProvider time;
    private readonly ClientCredentials credentials;

    /// <summary>Creates a client.</summary>
    public EdxBusinessClient(SourceIdentity identity, EdxBusinessOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new SourceHttp(clients, EdxBusinessRegistration.Adapter, "edX for Business", identity, settings, time);
        credentials = new ClientCredentials(http, "JWT", TokenRequest, time);
    }

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>A page of the report.</summary>
    /// <param name="next">Path and query of the page, as a page before it named it; null for the first.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The page; null when the platform does not know it any more.</returns>
    public async Task<EdxBusinessPage?> GetPageAsync(string? next, CancellationToken ct)
    {
        Uri address = next is null ? First() : new Uri(options.Address, next);
        using HttpResponseMessage answer = await credentials.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, address), ct).ConfigureAwait(false);
        if (next is not null && HttpFaults.IsForgottenPage(answer))
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw answer.StatusCode switch
            {
                HttpStatusCode.Forbidden => new SourceException(FaultKind.Misconfigured,
                    $"{Who} forbids the call (HTTP 403): the credentials belong to another enterprise, or lack the role that may read its reports; check 'enterprise' with edX."),
                HttpStatusCode.NotFound => new SourceException(FaultKind.Misconfigured,
                    $"{Who} does not know the report (HTTP 404): check 'address', 'report' and 'enterprise'."),
                _ => HttpFaults.Of(Who, answer, time),
            };
        }

        using JsonDocument json = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        try
        {
            EdxBusinessPage? page = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Deserialize<EdxBusinessPage>(Tolerant.Json) : null;
            return page?.Results is { } rows ? page with { Results = [.. rows.Select(row => row.Clone())] } : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SourceException(FaultKind.Broken, $"{Who} answered in a shape that is not a report's: check the source's address; it is tried again later.");
        }
    }

    /// <summary>Path and query of a link to another page.</summary>
    /// <exception cref="SourceException">It leads to another host, where the token must not go.</exception>
    public string SameHost(string link) => PageLinks.PathOf(Who, options.Address, link);

    /// <inheritdoc/>
    public void Dispose() => credentials.Dispose();

    private Uri First()
    {
        if (options.Enterprise is not { Length: > 0 } enterprise)
        {
            throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'enterprise': write the id that edX gave your organisation.");
        }

        string id = Uri.EscapeDataString(enterprise);
        string path = options.Report == EdxBusinessReport.LearnerSummary ? $"/enterprise/v3/enterprise-customer/{id}/learner-summary" : $"/enterprise/api/v1/enterprise/{id}/enrollments/";
        return new Uri(Base() + path + (options.PageSize is { } size ? string.Create(CultureInfo.InvariantCulture, $"?page_size={size}") : ""));
    }

    private HttpRequestMessage TokenRequest() => new(HttpMethod.Post, new Uri(Base() + "/" + options.TokenPath.TrimStart('/')))
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", SecretReading.Read(Who, options.ClientId, "client_id")),
            new("client_secret", SecretReading.Read(Who, options.ClientSecret, "client_secret")),
            new("token_type", "jwt"),
        ]),
    };

    private string Base() => options.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
