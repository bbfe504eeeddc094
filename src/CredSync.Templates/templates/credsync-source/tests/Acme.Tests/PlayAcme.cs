using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Acme.Tests;

/// <summary>A stand-in for the service that the kit can break: five completions, as the service would write them. Make it speak as your platform does.</summary>
internal sealed class PlayAcme : HttpMessageHandler
{
    public const string Token = "play-acme-token-5521";

    /// <summary>Whether the third record lacks its date.</summary>
    public bool HasOddRecord { get; init; }

    /// <summary>Whether every page is the first one.</summary>
    public bool RepeatsItself { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
        request.Headers.Authorization?.Parameter != Token ? new HttpResponseMessage(HttpStatusCode.Unauthorized)
        : request.RequestUri!.AbsolutePath.EndsWith("/account", StringComparison.Ordinal) ? Json(new JsonObject { ["rights"] = new JsonArray("read") })
        : Json(Page(RepeatsItself ? 0 : Number(request, "after"), Number(request, "limit"))));

    private JsonObject Page(int after, int limit)
    {
        int last = Math.Min(5, after + limit);
        return new JsonObject
        {
            ["items"] = new JsonArray([.. Enumerable.Range(1, 5).Where(n => n > after && n <= last).Select(Record)]),
            ["next"] = last,
            ["more"] = last < 5,
        };
    }

    private JsonObject Record(int number)
    {
        JsonObject record = new()
        {
            ["id"] = $"c{number}",
            ["learner"] = new JsonObject { ["number"] = $"NW-{number}", ["email"] = $"learner{number}@example.org" },
            ["course"] = new JsonObject { ["code"] = "SAFETY-101", ["title"] = "Safety at work" },
            ["finished_at"] = $"2026-01-0{number}T09:00:00+01:00",
            ["score"] = 0.8,
            ["state"] = "finished",
        };
        if (HasOddRecord && number == 3)
        {
            record.Remove("finished_at");
        }

        return record;
    }

    private static int Number(HttpRequestMessage request, string name) =>
        int.Parse(request.RequestUri!.Query.TrimStart('?').Split('&').Single(p => p.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..]);

    private static HttpResponseMessage Json(JsonObject body) => new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
