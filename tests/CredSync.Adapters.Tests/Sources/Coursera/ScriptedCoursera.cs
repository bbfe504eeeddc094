using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Sources.Coursera;

/// <summary>Coursera's business API in memory.</summary>
internal sealed class ScriptedCoursera : HttpMessageHandler
{
    public const string Key = "app-key-4711";
    public const string Secret = "app-secret-0815";
    private readonly Lock gate = new();
    private readonly List<string> requests = [];
    private int minted;

    public List<JsonObject> Rows { get; } = [];

    /// <summary>Gradebooks by program.</summary>
    public Dictionary<string, List<JsonObject>> Books { get; } = [];

    public bool NextAsNumber { get; init; }

    public bool StuckPaging { get; init; }

    /// <summary>The number of the last token that is not accepted any more.</summary>
    public int Revoked { get; set; }

    public Func<string, HttpResponseMessage?> Instead { get; set; } = _ => null;

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

    public int Minted => Volatile.Read(ref minted);

    public static JsonObject Row(string person, string content, long? completedAt, string program = "p1") => new()
    {
        ["id"] = $"{person}~Course~{content}",
        ["externalId"] = person,
        ["email"] = $"{person}@example.org",
        ["fullName"] = "Learner " + person,
        ["contentId"] = content,
        ["contentType"] = "Course",
        ["contentName"] = "Course " + content,
        ["isCompleted"] = completedAt is not null,
        ["completedAt"] = completedAt,
        ["grade"] = completedAt is null ? null : "0.9",
        ["programId"] = program,
    };

    public static JsonObject Graded(string person, string course, long? completedAt, decimal? grade) => new()
    {
        ["id"] = $"{person}~{course}",
        ["externalId"] = person,
        ["fullName"] = "Learner " + person,
        ["courseId"] = course,
        ["courseName"] = "Course " + course,
        ["isCompleted"] = completedAt is not null,
        ["completedAt"] = completedAt,
        ["overallCourseGrade"] = grade,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string asked = request.RequestUri!.PathAndQuery;
        lock (gate)
        {
            requests.Add(asked);
        }

        if (Instead(asked) is { } answer)
        {
            return answer;
        }

        if (asked == "/oauth2/client_credentials/token")
        {
            bool known = request.Headers.Authorization?.Parameter == Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":" + Secret));
            bool grant = (await request.Content!.ReadAsStringAsync(cancellationToken)) == "grant_type=client_credentials";
            return known && grant ? Json(new JsonObject { ["access_token"] = $"token-{Interlocked.Increment(ref minted)}", ["expires_in"] = 1799 }) : new(HttpStatusCode.Unauthorized);
        }

        string token = request.Headers.Authorization?.Parameter ?? "";
        if (request.Headers.Authorization?.Scheme != "Bearer" || !token.StartsWith("token-", StringComparison.Ordinal) || int.Parse(token[6..], CultureInfo.InvariantCulture) <= Revoked)
        {
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        }

        if (!asked.StartsWith("/ent/api/businesses.v1/org-1", StringComparison.Ordinal))
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        if (asked.Contains("/courseGradebookReports?q=search", StringComparison.Ordinal))
        {
            Dictionary<string, string> query = request.RequestUri.Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
            return Books.TryGetValue(query["programId"], out List<JsonObject>? book) ? Json(Page(query, book)) : new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        return asked.Contains("/enrollmentReports", StringComparison.Ordinal) ? Json(Report(request.RequestUri.Query)) : Json(new JsonObject { ["elements"] = new JsonArray() });
    }

    private JsonObject Report(string query)
    {
        Dictionary<string, string> asked = query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        IEnumerable<JsonObject> rows = Rows;
        if (asked.TryGetValue("completedAtAfter", out string? after))
        {
            rows = rows.Where(row => row["completedAt"]?.GetValue<long>() >= long.Parse(after, CultureInfo.InvariantCulture));
        }

        return Page(asked, [.. rows]);
    }

    private JsonObject Page(Dictionary<string, string> asked, List<JsonObject> all)
    {
        int start = int.Parse(asked["start"], CultureInfo.InvariantCulture);
        int limit = int.Parse(asked["limit"], CultureInfo.InvariantCulture);
        JsonObject paging = new() { ["total"] = all.Count };
        if (start + limit < all.Count)
        {
            int next = StuckPaging ? start : start + limit;
            paging["next"] = NextAsNumber ? next : next.ToString(CultureInfo.InvariantCulture);
        }

        return new JsonObject { ["elements"] = new JsonArray([.. all.Skip(start).Take(limit).Select(row => row.DeepClone())]), ["paging"] = paging, ["linked"] = new JsonObject() };
    }

    private static HttpResponseMessage Json(JsonObject body) => new() { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
