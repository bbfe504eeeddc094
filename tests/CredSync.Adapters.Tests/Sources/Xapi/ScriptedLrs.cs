using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Sources.Xapi;

/// <summary>A store of a few statements behind a message handler, for the kit.</summary>
internal sealed class ScriptedLrs : HttpMessageHandler
{
    public const string Key = "lrs-key-1";
    public const string Secret = "lrs-secret-99";
    private const int PageSize = 2;

    public List<JsonObject> Statements { get; } = [];

    public bool StuckPaging { get; init; }

    /// <summary>What stands at the end of each link to the next page.</summary>
    public string LinkTail { get; init; } = "";

    public static JsonObject Statement(int number, string actor, string verb = "completed") => new()
    {
        ["id"] = $"00000000-0000-4000-8000-{number:D12}",
        ["actor"] = new JsonObject { ["account"] = new JsonObject { ["homePage"] = "https://lms.example.org", ["name"] = actor } },
        ["verb"] = new JsonObject { ["id"] = "http://adlnet.gov/expapi/verbs/" + verb },
        ["object"] = new JsonObject { ["id"] = "https://lms.example.org/course/1", ["definition"] = new JsonObject { ["type"] = "http://adlnet.gov/expapi/activities/course" } },
        ["result"] = new JsonObject { ["success"] = true, ["completion"] = true, ["score"] = new JsonObject { ["scaled"] = 0.9 } },
        ["timestamp"] = "2025-12-31T13:54:20Z",
        ["stored"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:{number:D2}:00.000Z"),
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}:{Secret}"));
        if (request.Headers.Authorization?.Parameter != basic)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized));
        }

        Dictionary<string, string> query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        int from = int.Parse(query.GetValueOrDefault("cursor", "0"), CultureInfo.InvariantCulture);
        List<JsonObject> found = [.. Statements.Where(s =>
            (s["verb"]?["id"]?.ToString() ?? query["verb"]) == query["verb"]
            && (!query.TryGetValue("since", out string? since) || string.CompareOrdinal(s["stored"]!.ToString(), since) > 0))];
        var answer = new JsonObject { ["statements"] = new JsonArray([.. found.Skip(from).Take(PageSize).Select(s => s.DeepClone())]) };
        if (from + PageSize < found.Count)
        {
            answer["more"] = string.Create(CultureInfo.InvariantCulture, $"/xapi/statements?cursor={(StuckPaging ? 1 : from + PageSize)}&verb={Uri.EscapeDataString(query["verb"])}{LinkTail}");
        }

        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") });
    }
}
