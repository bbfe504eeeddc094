using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>A small paged platform for the kit's own tests: five completions, two a page.</summary>
internal sealed class KitPlatform : HttpMessageHandler
{
    public const string Token = "kit-secret-token-7781";

    public bool Odd { get; init; }

    public bool Repeats { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string query = request.RequestUri!.Query.TrimStart('?');
        int from = int.Parse(query.Split('&').Single(p => p.StartsWith("from=", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
        List<JsonObject> all = [.. Enumerable.Range(1, 5).Select(n => new JsonObject { ["id"] = $"k{n}", ["at"] = $"2026-01-0{n}T10:00:00Z" })];
        if (Odd)
        {
            all.Insert(2, new JsonObject { ["id"] = "odd" });
        }

        List<JsonObject> page = [.. all.Skip(Repeats ? 0 : from).Take(2)];
        JsonObject body = new() { ["items"] = new JsonArray([.. page]), ["more"] = Repeats || from + 2 < all.Count, ["from"] = Repeats ? 0 : from };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") });
    }
}
