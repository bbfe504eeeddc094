using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Sources.HttpJson;

namespace CredSync.Adapters.Tests.Sources.HttpJson;

/// <summary>A JSON API that pages and authenticates in each of the usual ways, behind a message handler.</summary>
internal sealed class PlayJsonApi : HttpMessageHandler
{
    public const string Secret = "api-secret-99";
    public const string Minted = "api-minted-token-1";
    private readonly Lock gate = new();
    private readonly List<string> requests = [];

    public HttpJsonPaging Paging { get; init; } = HttpJsonPaging.NextLink;

    public HttpJsonAuth Auth { get; init; } = HttpJsonAuth.Bearer;

    public bool LinkInHeader { get; init; }

    public bool Stuck { get; init; }

    public bool RefusesPagesBeyond { get; init; }

    /// <summary>What the header Link says on pages that are not the last; null: one link to the next.</summary>
    public string? Links { get; init; }

    /// <summary>What stands where the next page is named, instead of its link or cursor.</summary>
    public Func<JsonNode?>? NamesNext { get; init; }

    public Func<HttpResponseMessage?> Instead { get; init; } = () => null;

    public int PageSize { get; init; } = 2;

    public List<JsonObject> Records { get; } = [];

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    public static JsonObject Record(string person, string course = "C1", int day = 1, string state = "done") => new()
    {
        ["user"] = new JsonObject { ["number"] = person, ["emails"] = new JsonArray($"{person}@example.org") },
        ["course"] = new JsonObject { ["code"] = course, ["title"] = "Course " + course },
        ["state"] = state,
        ["finished"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:D2}T08:00:00Z"),
        ["changed"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:D2}T09:00:00Z"),
        ["result"] = "87.5",
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        lock (gate)
        {
            requests.Add(address.PathAndQuery);
        }

        if (Instead() is { } other)
        {
            return Task.FromResult(other);
        }

        if (address.AbsolutePath == "/token")
        {
            return Task.FromResult(Json(new JsonObject { ["access_token"] = Minted, ["expires_in"] = 3600 }));
        }

        if (!Knows(request))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized));
        }

        Dictionary<string, string> query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        List<JsonObject> found = [.. Records.Where(r => !query.TryGetValue("changed_after", out string? since) || string.CompareOrdinal(r["changed"]!.ToString(), since) >= 0)];
        int from = Paging switch
        {
            HttpJsonPaging.Page => (Number(query, "page", 1) - 1) * PageSize,
            HttpJsonPaging.Offset => Number(query, "offset", 0),
            HttpJsonPaging.None => 0,
            _ => Number(query, "cursor", 0),
        };
        from = Stuck ? Math.Min(from, PageSize) : from;
        if (RefusesPagesBeyond && from > 0 && from >= found.Count)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{\"detail\":\"Invalid page.\"}", Encoding.UTF8, "application/json") });
        }

        int size = Paging == HttpJsonPaging.None ? found.Count : PageSize;
        var answer = new JsonObject { ["data"] = new JsonObject { ["items"] = new JsonArray([.. found.Skip(from).Take(size).Select(r => r.DeepClone())]) } };
        HttpResponseMessage response = Json(answer);
        if (from + size < found.Count)
        {
            string cursor = (from + size).ToString(CultureInfo.InvariantCulture);
            string link = "/v1/completions?cursor=" + cursor;
            if (LinkInHeader)
            {
                response.Headers.Add("Link", Links ?? $"<https://api.example.org{link}>; rel=\"next\"");
            }
            else
            {
                answer["next"] = NamesNext is { } names ? names() : Paging == HttpJsonPaging.NextLink ? link : cursor;
                response.Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json");
            }
        }

        return Task.FromResult(response);
    }

    private bool Knows(HttpRequestMessage request) => Auth switch
    {
        HttpJsonAuth.Basic => request.Headers.Authorization?.ToString() == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("credsync:" + Secret)),
        HttpJsonAuth.Bearer => request.Headers.Authorization?.ToString() == "Bearer " + Secret,
        HttpJsonAuth.ApiKey => request.Headers.TryGetValues("X-API-Key", out IEnumerable<string>? keys) && keys.Single() == Secret,
        HttpJsonAuth.Oauth2 => request.Headers.Authorization?.ToString() == "Bearer " + Minted,
        _ => request.Headers.Authorization is null,
    };

    private static int Number(Dictionary<string, string> query, string name, int otherwise) =>
        query.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static HttpResponseMessage Json(JsonObject body) => new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
