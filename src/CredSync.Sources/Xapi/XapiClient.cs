using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CredSync.Registration;
using CredSync.Sources.Http;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Xapi;

/// <summary>A page of statements.</summary>
/// <param name="Rows">The statements; null for what is none.</param>
/// <param name="More">Path and query of the next page; null on the last.</param>
/// <param name="Through">How far the store is consistent; null when it does not say.</param>
internal sealed record XapiPage(IReadOnlyList<Statement?> Rows, string? More, DateTimeOffset? Through);

/// <summary>The statements resource of a learning record store (xAPI 1.0.3 part 3, section 2.1). HTTP only, no meaning.</summary>
internal sealed class XapiClient
{
    private readonly SourceHttp http;
    private readonly XapiOptions options;
    private readonly TimeProvider time;

    /// <summary>Creates a client.</summary>
    public XapiClient(SourceIdentity identity, XapiOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new SourceHttp(clients, XapiRegistration.Adapter, "The learning record store", identity, settings, time);
    }

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>A page of statements with a verb, oldest first.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="since">Stored after this; null for all.</param>
    /// <param name="more">The store's own link to the page; null for the first.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The page; null when the store does not know its link any more.</returns>
    public Task<XapiPage?> GetPageAsync(string verb, DateTimeOffset? since, string? more, CancellationToken ct) => GetAsync(
        more is null
            ? Statements(string.Create(CultureInfo.InvariantCulture, $"ascending=true&limit={options.PageSize}&verb={Uri.EscapeDataString(verb)}{(since is { } s ? "&since=" + Uri.EscapeDataString(Text(s)) : "")}"))
            : new Uri(Base(), more),
        isLink: more is not null,
        ct);

    /// <summary>A statement that was voided; null when the store does not have it.</summary>
    public async Task<Statement?> GetVoidedAsync(string id, CancellationToken ct)
    {
        using HttpRequestMessage request = Request(Statements($"voidedStatementId={Uri.EscapeDataString(id)}"));
        using HttpResponseMessage answer = await http.SendAsync(request, ct).ConfigureAwait(false);
        if (answer.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.BadRequest)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw HttpFaults.Of(Who, answer, time);
        }

        using JsonDocument json = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        return Statement.Read(json.RootElement);
    }

    /// <summary>Whether there is a statement about an activity with a verb that still stands, among all that there are.</summary>
    /// <remarks>The store could be asked for the one person's only by an address that names them, and addresses stand in access logs.</remarks>
    public async Task<bool> StandsAsync(Statement voided, string verb, Func<Statement, bool> isOne, CancellationToken ct)
    {
        string registration = voided.Registration is { } own ? "&registration=" + Uri.EscapeDataString(own) : "";
        Uri? address = Statements(string.Create(CultureInfo.InvariantCulture, $"limit={options.PageSize}&verb={Uri.EscapeDataString(verb)}&activity={Uri.EscapeDataString(voided.ObjectId!)}{registration}"));
        PagingGuard paging = new(Who);
        while (address is not null)
        {
            XapiPage page = await GetAsync(address, isLink: false, ct).ConfigureAwait(false) ?? throw HttpFaults.Forgotten(Who);
            if (page.Rows.OfType<Statement>().Any(isOne))
            {
                return true;
            }

            if (page.More is { } more)
            {
                paging.Advance(more);
            }

            address = page.More is null ? null : new Uri(Base(), page.More);
        }

        return false;
    }

    private async Task<XapiPage?> GetAsync(Uri address, bool isLink, CancellationToken ct)
    {
        using HttpRequestMessage request = Request(address);
        using HttpResponseMessage answer = await http.SendAsync(request, ct).ConfigureAwait(false);
        if (isLink && HttpFaults.IsForgottenPage(answer))
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw HttpFaults.Of(Who, answer, time);
        }

        DateTimeOffset? through = answer.Headers.TryGetValues("X-Experience-API-Consistent-Through", out IEnumerable<string>? values) && Tolerant.TryInstant(values.First(), out DateTimeOffset told) ? told : null;
        using JsonDocument json = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        if (json.RootElement.Property("statements") is not { ValueKind: JsonValueKind.Array } rows)
        {
            throw new SourceException(FaultKind.Broken, $"{Who} answered in a shape that is not a list of statements: check that the address is the one before /statements.");
        }

        return new XapiPage([.. rows.EnumerateArray().Select(Statement.Read)], MoreOf(json.RootElement) is { } more ? SameHost(more) : null, through);
    }

    private HttpRequestMessage Request(Uri address)
    {
        HttpRequestMessage request = new(HttpMethod.Get, address);
        string pair = $"{SecretReading.Read(Who, options.Key, "key")}:{SecretReading.Read(Who, options.Secret, "secret")}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("X-Experience-API-Version", "1.0.3");
        return request;
    }

    private static string? MoreOf(JsonElement root) => root.Property("more") is { ValueKind: JsonValueKind.String } link && link.GetString()!.Trim() is { Length: > 0 } more ? more : null;

    private string SameHost(string link) => PageLinks.PathOf(Who, Base(), link);

    private Uri Statements(string query) => new($"{Base().GetLeftPart(UriPartial.Path).TrimEnd('/')}/statements?{query}");

    private Uri Base() => options.Address is { IsAbsoluteUri: true } address
        ? address
        : throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'address': name the store's address, for example https://lrs.example.org/xapi.");

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
