using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Coursera;

/// <summary>Coursera's business API: tokens, addresses, errors. HTTP only, no meaning.</summary>
internal sealed class CourseraClient : IDisposable
{
    private readonly SourceHttp http;
    private readonly CourseraOptions options;
    private readonly TimeProvider time;
    private readonly ClientCredentials credentials;

    /// <summary>Creates a client.</summary>
    public CourseraClient(SourceIdentity identity, CourseraOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new SourceHttp(clients, CourseraRegistration.Adapter, "Coursera", identity, settings, time);
        credentials = new ClientCredentials(http, "Bearer", TokenRequest, time);
    }

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>Proves token, organisation and entitlement.</summary>
    public async Task GetOrganisationAsync(CancellationToken ct)
    {
        using JsonDocument? _ = await GetAsync("", ct).ConfigureAwait(false);
    }

    /// <summary>A page of reports.</summary>
    /// <param name="start">Index of the first row.</param>
    /// <param name="completedAfter">Only completions from then on, inclusive; null for every row.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<CourseraReport> GetReportAsync(long start, DateTimeOffset? completedAfter, CancellationToken ct)
    {
        StringBuilder query = new();
        query.Append(CultureInfo.InvariantCulture, $"/enrollmentReports?start={start}&limit={options.PageSize}");

        // Always: who finishes a course and leaves, or whose contract ends, between two readings would else never be told of.
        query.Append("&includeDeletedMembers=true&includeExpiredContracts=true");
        if (options.Specializations)
        {
            query.Append("&includeS12n=true");
        }

        // Milliseconds: one public client sends text here, and the specification says integers.
        if (completedAfter is { } after)
        {
            query.Append(CultureInfo.InvariantCulture, $"&completedAtAfter={after.ToUnixTimeMilliseconds()}");
        }

        using JsonDocument json = (await GetAsync(query.ToString(), ct).ConfigureAwait(false))!;
        return Read(json);
    }

    /// <summary>A page of a program's gradebook.</summary>
    /// <param name="program">Id of the program.</param>
    /// <param name="start">Index of the first row.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The page; null when Coursera does not know the program.</returns>
    public async Task<CourseraReport?> GetGradebookAsync(string program, long start, CancellationToken ct)
    {
        string query = string.Create(CultureInfo.InvariantCulture,
            $"/courseGradebookReports?q=search&programId={Uri.EscapeDataString(program)}&includeDeletedMembers=true&start={start}&limit={options.PageSize}");
        using JsonDocument? json = await GetAsync(query, ct, mayBeUnknown: true).ConfigureAwait(false);
        return json is null ? null : Read(json);
    }

    /// <summary>Index of the next page's first row; null on the last page.</summary>
    /// <exception cref="SourceException">It is no number, or does not come after this page.</exception>
    public long? NextOf(CourseraReport report, long start)
    {
        if (report.Paging?.Next is not { Length: > 0 } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long next) && next > start
            ? next
            : throw new SourceException(FaultKind.Broken, $"{Who} names a next page that does not come after this one: reading stops here and is tried again later.");
    }

    /// <inheritdoc/>
    public void Dispose() => credentials.Dispose();

    private CourseraReport Read(JsonDocument json)
    {
        try
        {
            CourseraReport? report = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Deserialize<CourseraReport>(Tolerant.Json) : null;
            return report?.Elements is { } elements
                ? report with { Elements = [.. elements.Select(element => element.Clone())] }
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SourceException(FaultKind.Broken, $"{Who} answered in a shape that is not a report's: check the source's address; it is tried again later.");
        }
    }

    private async Task<JsonDocument?> GetAsync(string rest, CancellationToken ct, bool mayBeUnknown = false)
    {
        if (options.Organisation is not { Length: > 0 } organisation)
        {
            throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'organisation': write the opaque id from Coursera's admin settings.");
        }

        Uri address = new(Base() + "/ent/api/businesses.v1/" + Uri.EscapeDataString(organisation) + rest);
        using HttpResponseMessage answer = await credentials.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, address), ct).ConfigureAwait(false);
        return answer.StatusCode switch
        {
            _ when answer.IsSuccessStatusCode => await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound when mayBeUnknown => null,
            HttpStatusCode.Forbidden => throw new SourceException(FaultKind.Misconfigured,
                $"{Who} forbids the call (HTTP 403): the app is not enabled for the business API, it belongs to another organisation, or the address is the older host that ends in .org."),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound => throw new SourceException(FaultKind.Misconfigured,
                $"{Who} does not know the organisation (HTTP {(int)answer.StatusCode}): 'organisation' is the opaque id of 22 characters from the admin settings, not the public name."),
            _ => throw HttpFaults.Of(Who, answer, time),
        };
    }

    private HttpRequestMessage TokenRequest()
    {
        string pair = SecretReading.Read(Who, options.AppKey, "app_key") + ":" + SecretReading.Read(Who, options.AppSecret, "app_secret");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(Base() + "/oauth2/client_credentials/token"))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))) },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
    }

    private string Base() => options.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
