using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Sources.Edx;

/// <summary>A learner of the scripted Open edX in one run.</summary>
internal sealed record EdxLearner(string UserName)
{
    public bool Passed { get; set; } = true;

    /// <summary>Status of the certificate; null for none.</summary>
    public string? Certificate { get; set; } = "downloadable";

    public string Created { get; set; } = "2026-01-01T08:12:03.456789Z";

    public string Grade { get; set; } = "0.93";

    public bool Retired { get; set; }
}

/// <summary>Open edX's APIs in memory.</summary>
internal sealed class ScriptedEdx : HttpMessageHandler
{
    public const string ClientId = "edx-client-id";
    public const string ClientSecret = "edx-client-secret-99";
    private readonly Lock gate = new();
    private readonly List<string> requests = [];

    public Dictionary<string, List<EdxLearner>> Runs { get; } = [];

    public bool StuckPaging { get; init; }

    /// <summary>Whether courses have no page for their certificates.</summary>
    public bool HidesCertificates { get; set; }

    /// <summary>Whether tokens are opaque ones, which the platform only knows as bearer tokens.</summary>
    public bool Opaque { get; set; }

    public string Links { get; init; } = "https://courses.example.org";

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

        if (asked == "/oauth2/access_token")
        {
            string form = await request.Content!.ReadAsStringAsync(cancellationToken);
            return form == $"grant_type=client_credentials&client_id={ClientId}&client_secret={ClientSecret}&token_type=JWT"
                ? Json($$"""{"access_token":"edx-token-1","expires_in":{{(Opaque ? "null" : "\"3600\"")}},"token_type":"{{(Opaque ? "Bearer" : "JWT")}}"}""")
                : Json("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized);
        }

        if (request.Headers.Authorization?.ToString() != (Opaque ? "Bearer" : "JWT") + " edx-token-1")
        {
            return Json("""{"detail":"no"}""", HttpStatusCode.Unauthorized);
        }

        string[] parts = [.. request.RequestUri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        return parts switch
        {
            ["api", "grades", "v1", "courses", var run] => Grades(run, request.RequestUri.Query),
            ["api", "certificates", "v0", "certificates", var user, "courses", var run] => Certificate(run, user),
            ["api", "user", "v1", "accounts"] => Account(Uri.UnescapeDataString(request.RequestUri.Query["?username=".Length..])),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private HttpResponseMessage Grades(string run, string query)
    {
        if (!Runs.TryGetValue(run, out List<EdxLearner>? learners))
        {
            return Json("""{"developer_message":"Unknown course","error_code":"course_does_not_exist"}""", HttpStatusCode.NotFound);
        }

        Dictionary<string, string> asked = query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        int size = int.Parse(asked["page_size"], CultureInfo.InvariantCulture);
        int from = int.Parse(asked.GetValueOrDefault("cursor", "0"), CultureInfo.InvariantCulture);
        string? next = from + size < learners.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{Links}/api/grades/v1/courses/{Uri.EscapeDataString(run)}/?cursor={(StuckPaging ? 1 : from + size)}&page_size={size}")
            : null;
        return Json(new JsonObject
        {
            ["next"] = next,
            ["results"] = new JsonArray([.. learners.Skip(from).Take(size).Select(l => new JsonObject
            {
                ["username"] = l.UserName,
                ["email"] = "",
                ["course_id"] = run,
                ["passed"] = l.Passed,
                ["percent"] = l.Passed ? 0.94 : 0.2,
                ["letter_grade"] = l.Passed ? "Pass" : null,
            })]),
        }.ToJsonString());
    }

    private HttpResponseMessage Certificate(string run, string user)
    {
        if (HidesCertificates)
        {
            return Json("""{"error_code":"no_certificate_configuration_for_course"}""", HttpStatusCode.NotFound);
        }

        EdxLearner? learner = Runs[run].FirstOrDefault(l => l.UserName == user);
        return learner?.Certificate is not { } status
            ? Json("""{"error_code":"no_certificate_for_user"}""", HttpStatusCode.NotFound)
            : Json(new JsonObject
            {
                ["username"] = user,
                ["course_id"] = run,
                ["certificate_type"] = "verified",
                ["created_date"] = learner.Created,
                ["status"] = status,
                ["is_passing"] = status is "downloadable" or "generating",
                ["download_url"] = status == "downloadable" ? "https://courses.example.org/certificates/1" : null,
                ["grade"] = learner.Grade,
            }.ToJsonString());
    }

    private HttpResponseMessage Account(string user) => Runs.Values.SelectMany(l => l).Any(l => l.UserName == user && l.Retired)
        ? Json("{}", HttpStatusCode.NotFound)
        : Json(new JsonArray(new JsonObject { ["username"] = user, ["id"] = 7, ["email"] = user + "@example.org", ["name"] = "Name of " + user }).ToJsonString());

    private static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
