using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.HttpJson;

/// <summary>A page of records.</summary>
/// <param name="Records">The records.</param>
/// <param name="Next">The next page, as the paging names it; null on the last.</param>
internal sealed record HttpJsonPage(IReadOnlyList<JsonElement> Records, string? Next);

/// <summary>A JSON API: addresses, credentials, pages. HTTP only, no meaning.</summary>
internal sealed partial class HttpJsonClient : IDisposable
{
    private readonly SourceHttp http;
    private readonly HttpJsonOptions options;
    private readonly TimeProvider time;
    private readonly ClientCredentials credentials;
    private readonly JsonPath items;
    private readonly JsonPath? next;

    /// <summary>Creates a client.</summary>
    public HttpJsonClient(SourceIdentity identity, HttpJsonOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        http = new SourceHttp(clients, HttpJsonRegistration.Adapter, "The API", identity, settings, time);
        credentials = new ClientCredentials(http, "Bearer", TokenRequest, time);
        items = JsonPath.TryParse(options.Items) ?? JsonPath.TryParse("")!;
        next = options.Next is { } path ? JsonPath.TryParse(path) : null;
    }

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>A page.</summary>
    /// <param name="page">The page, as the paging names it; null for the first.</param>
    /// <param name="since">Only what changed since; null for everything.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The page; null when the API does not know it (any more): a link or cursor that it forgot, or a number beyond the last.</returns>
    public async Task<HttpJsonPage?> GetPageAsync(string? page, DateTimeOffset? since, CancellationToken ct)
    {
        Uri address = Address(page, since);
        using HttpResponseMessage answer = options.Auth == HttpJsonAuth.Oauth2
            ? await credentials.SendAsync(() => Request(address), ct).ConfigureAwait(false)
            : await SendAsync(address, ct).ConfigureAwait(false);
        if (page is not null && IsUnknown(answer))
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw HttpFaults.Of(Who, answer, time);
        }

        using JsonDocument json = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        if (items.Find(json.RootElement) is not { ValueKind: JsonValueKind.Array } list)
        {
            throw new SourceException(FaultKind.Broken, $"{Who} answered without a list where 'items' says that it stands: correct 'items', or look whether the API changed or reports an error this way.");
        }

        JsonElement[] records = [.. list.EnumerateArray().Select(r => r.Clone())];
        return new HttpJsonPage(records, NextOf(json.RootElement, answer, page, records.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => credentials.Dispose();

    // Some APIs refuse the page after the last one instead of giving an empty one, and say so in JSON; a page for people comes from something in between.
    private bool IsUnknown(HttpResponseMessage answer) => options.Paging is HttpJsonPaging.NextLink or HttpJsonPaging.Cursor
        ? HttpFaults.IsForgottenPage(answer)
        : answer.StatusCode == System.Net.HttpStatusCode.NotFound && answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";

    private string? NextOf(JsonElement root, HttpResponseMessage answer, string? page, int count)
    {
        long at = long.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : options.Paging == HttpJsonPaging.Page ? options.FirstPage : 0;
        return options.Paging switch
        {
            HttpJsonPaging.NextLink when (next is null ? LinkOf(answer) : NextIn(root)) is { } link => SameHost(link),
            HttpJsonPaging.Cursor => NextIn(root) is { } cursor ? PageLinks.Kept(Who, cursor) : null,
            // A short page proves nothing: many APIs give fewer than they are asked for. The end is a page without records.
            HttpJsonPaging.Page when count > 0 => Text(at + 1),
            HttpJsonPaging.Offset when count > 0 => Text(at + count),
            _ => null,
        };
    }

    // Nothing, null, false and an empty text say that there is no further page. An object says that 'next' leads beside the mark, and must not be taken for the end.
    private string? NextIn(JsonElement root) => next?.Find(root) switch
    {
        { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.True } =>
            throw new SourceException(FaultKind.Broken, $"{Who} has no link or cursor where 'next' says that it stands, but something else: correct 'next' so that it leads to the text itself."),
        { ValueKind: JsonValueKind.False } => null,
        _ => next?.Text(root),
    };

    // RFC 8288: <https://…>; rel="next"
    private static string? LinkOf(HttpResponseMessage answer)
    {
        string links = answer.Headers.TryGetValues("Link", out IEnumerable<string>? values) ? string.Join(", ", values) : "";
        return Links().Matches(links).Where(link => Relation().IsMatch(link.Groups[2].Value)).Select(link => link.Groups[1].Value).FirstOrDefault();
    }

    // Addresses may hold commas, so a link ends where the next one begins.
    [GeneratedRegex("<([^>]*)>([^<]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Links();

    [GeneratedRegex("""(?:^|;)\s*rel\s*=\s*(?:next\b|"(?:[^"]*\s)?next(?:\s[^"]*)?")""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Relation();

    private string SameHost(string link) => PageLinks.PathOf(Who, Base(), link);

    private Uri Address(string? page, DateTimeOffset? since)
    {
        if (options.Paging == HttpJsonPaging.NextLink && page is not null)
        {
            return new Uri(Base(), page);
        }

        List<(string Name, string Value)> query = [];
        if (options.SizeParameter is { } size)
        {
            query.Add((size, Text(options.PageSize)));
        }

        if (options.SinceParameter is { } parameter && since is { } from)
        {
            query.Add((parameter, options.SinceFormat switch
            {
                HttpJsonTime.EpochSeconds => Text(from.ToUnixTimeSeconds()),
                HttpJsonTime.EpochMilliseconds => Text(from.ToUnixTimeMilliseconds()),
                _ => from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            }));
        }

        string? which = options.Paging switch
        {
            HttpJsonPaging.Page => page ?? Text(options.FirstPage),
            HttpJsonPaging.Offset => page ?? "0",
            HttpJsonPaging.Cursor => page,
            _ => null,
        };
        if (which is not null)
        {
            query.Add((options.PageParameter ?? options.Paging.ToString().ToLowerInvariant(), which));
        }

        string added = string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value)}"));
        string text = Base().GetLeftPart(UriPartial.Query);
        return added.Length == 0 ? new Uri(text) : new Uri(text + (text.Contains('?', StringComparison.Ordinal) ? "&" : "?") + added);
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, CancellationToken ct)
    {
        using HttpRequestMessage request = Request(address);
        switch (options.Auth)
        {
            case HttpJsonAuth.Basic:
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{SecretReading.Read(Who, options.Password, "password")}")));
                break;
            case HttpJsonAuth.Bearer:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretReading.Read(Who, options.Token, "token"));
                break;
            case HttpJsonAuth.ApiKey:
                request.Headers.TryAddWithoutValidation(options.KeyHeader, SecretReading.Read(Who, options.Token, "token"));
                break;
        }

        return await http.SendAsync(request, ct).ConfigureAwait(false);
    }

    private static HttpRequestMessage Request(Uri address)
    {
        HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        return request;
    }

    private HttpRequestMessage TokenRequest() => new(HttpMethod.Post, options.TokenAddress)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", SecretReading.Read(Who, options.ClientId, "client_id")),
            new("client_secret", SecretReading.Read(Who, options.ClientSecret, "client_secret")),
            .. options.Scope is { } scope ? new KeyValuePair<string, string>[] { new("scope", scope) } : [],
        ]),
    };

    private Uri Base() => options.Address is { IsAbsoluteUri: true } address
        ? address
        : throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'address': name the address of its first page.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
