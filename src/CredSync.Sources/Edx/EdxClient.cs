using System.Globalization;
using System.Net;
using System.Text.Json;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Edx;

/// <summary>Open edX's REST APIs: tokens, addresses, errors. HTTP only, no meaning.</summary>
internal sealed class EdxClient : IDisposable
{
    private readonly SourceHttp http;
    private readonly EdxOptions options;
    private readonly TimeProvider time;
    private readonly ClientCredentials credentials;

    /// <summary>Creates a client.</summary>
    public EdxClient(SourceIdentity identity, EdxOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new SourceHttp(clients, EdxRegistration.Adapter, "Open edX", identity, settings, time);
        // The word is JWT: as Bearer the platform takes the same token for an opaque one and refuses it (source-apis.md section 2.2).
        credentials = new ClientCredentials(http, "JWT", TokenRequest, time);
    }

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>A page of grades.</summary>
    /// <param name="run">Key of the run.</param>
    /// <param name="next">Path and query of the page, as a page before it named it; null for the first.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The page; null when the platform does not know the run, or not this page of it.</returns>
    public async Task<EdxGradePage?> GetGradesAsync(string run, string? next, CancellationToken ct)
    {
        Uri address = next is null
            ? Address(string.Create(CultureInfo.InvariantCulture, $"/api/grades/v1/courses/{Uri.EscapeDataString(run)}/?page_size={options.PageSize}"))
            : new Uri(Base(), next);
        using JsonDocument? json = await GetAsync(address, ct, isLink: next is not null).ConfigureAwait(false);
        return json is null ? null : Read(json, root => root.Deserialize<EdxGradePage>(Tolerant.Json) is { Results: { } rows } page ? page with { Results = [.. rows.Select(row => row.Clone())] } : null);
    }

    /// <summary>The grade of one learner in a run; null when the platform shows none.</summary>
    public async Task<EdxGrade?> GetGradeAsync(string userName, string run, CancellationToken ct)
    {
        using JsonDocument? json = await GetAsync(Address($"/api/grades/v1/courses/{Uri.EscapeDataString(run)}/?username={Uri.EscapeDataString(userName)}"), ct).ConfigureAwait(false);
        return json is null
            ? null
            : Read(json, root => root.Deserialize<EdxGrade[]>(Tolerant.Json)).FirstOrDefault(grade => string.Equals(grade.UserName, userName, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The certificate of a learner in a run; null when there is none, and one without a state when the course has no page for its certificates, which hides those that there are.</summary>
    public async Task<EdxCertificate?> GetCertificateAsync(string userName, string run, CancellationToken ct)
    {
        bool isHidden = false;
        using JsonDocument? json = await GetAsync(Address($"/api/certificates/v0/certificates/{Uri.EscapeDataString(userName)}/courses/{Uri.EscapeDataString(run)}/"), ct, unknown: refusal => isHidden = refusal.Property("error_code")?.ToString() == "no_certificate_configuration_for_course").ConfigureAwait(false);
        return json is not null ? Read(json, root => root.Deserialize<EdxCertificate>(Tolerant.Json) is { Status: not null } certificate ? certificate : null)
            : isHidden ? new EdxCertificate { Status = EdxCertificate.Hidden }
            : null;
    }

    /// <summary>The account of a learner; null when it is retired.</summary>
    public async Task<EdxAccount?> GetAccountAsync(string userName, CancellationToken ct)
    {
        using JsonDocument? json = await GetAsync(Address($"/api/user/v1/accounts?username={Uri.EscapeDataString(userName)}"), ct).ConfigureAwait(false);
        return json is null
            ? null
            : Read(json, root => root.Deserialize<EdxAccount[]>(Tolerant.Json)).FirstOrDefault(account => string.Equals(account.UserName, userName, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Path and query of a link to another page.</summary>
    /// <param name="link">The link.</param>
    /// <exception cref="SourceException">It leads to another host, where the token must not go.</exception>
    public string SameHost(string link) => PageLinks.PathOf(Who, Base(), link);

    /// <inheritdoc/>
    public void Dispose() => credentials.Dispose();

    private async Task<JsonDocument?> GetAsync(Uri address, CancellationToken ct, bool isLink = false, Action<JsonElement>? unknown = null)
    {
        using HttpResponseMessage answer = await credentials.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, address), ct).ConfigureAwait(false);
        return answer.StatusCode switch
        {
            _ when answer.IsSuccessStatusCode => await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false),
            // The platform says "there is none" this way, as JSON; a page means that the address is not the platform's.
            HttpStatusCode.NotFound when answer.Content.Headers.ContentType?.MediaType == "application/json" => await UnknownAsync(answer, unknown, ct).ConfigureAwait(false),
            _ when isLink && HttpFaults.IsForgottenPage(answer) => null,
            HttpStatusCode.Forbidden => throw new SourceException(FaultKind.Misconfigured,
                $"{Who} forbids the call (HTTP 403): the OAuth application's user must be staff, and a restricted application needs the scopes certificates:read and grades:read."),
            _ => throw HttpFaults.Of(Who, answer, time),
        };
    }

    private async Task<JsonDocument?> UnknownAsync(HttpResponseMessage answer, Action<JsonElement>? unknown, CancellationToken ct)
    {
        if (unknown is not null)
        {
            using JsonDocument refusal = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
            unknown(refusal.RootElement);
        }

        return null;
    }

    private T Read<T>(JsonDocument json, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            return read(json.RootElement) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SourceException(FaultKind.Broken, $"{Who} answered in a shape that is not Open edX's: check the address, and that the site's release is a named one.");
        }
    }

    private HttpRequestMessage TokenRequest() => new(HttpMethod.Post, Address("/oauth2/access_token"))
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", SecretReading.Read(Who, options.ClientId, "client_id")),
            new("client_secret", SecretReading.Read(Who, options.ClientSecret, "client_secret")),
            new("token_type", "JWT"),
        ]),
    };

    private Uri Address(string path) => new(Base().GetLeftPart(UriPartial.Path).TrimEnd('/') + path);

    private Uri Base() => options.Address is { IsAbsoluteUri: true } address
        ? address
        : throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'address': name the learning site's address, for example https://courses.example.org.");
}
