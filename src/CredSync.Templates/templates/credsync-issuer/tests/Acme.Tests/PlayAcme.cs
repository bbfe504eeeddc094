using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Conformance.Issuers;

namespace Acme.Tests;

/// <summary>A stand-in for the service that remembers what it awarded; the kit breaks its connections and counts. Make it speak as your service does.</summary>
internal sealed class PlayAcme : HttpMessageHandler
{
    public const string Token = "play-acme-token-5521";

    private readonly List<(string Id, string Key, DateTimeOffset Earned)> badges = [];
    private readonly HashSet<string> revoked = [];

    /// <summary>What the kit sees of it.</summary>
    public IssuerPlatform Seen => new()
    {
        Handler = this,
        Minted = () => badges.Count,
        IsRevoked = revoked.Contains,
        EarnedAt = issued => badges.Single(b => b.Id == issued.CredentialId).Earned,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string[] path = request.RequestUri!.AbsolutePath.Split('/')[2..];
        return request.Headers.Authorization?.Parameter != Token ? new HttpResponseMessage(HttpStatusCode.Unauthorized)
            : path is ["account"] ? Json(HttpStatusCode.OK, new JsonObject { ["rights"] = new JsonArray("award") })
            : path is ["badges", var id, "revoke"] ? Revoke(id)
            : request.Method == HttpMethod.Get ? Json(HttpStatusCode.OK, new JsonArray([.. badges.Where(b => request.RequestUri.Query == "?key=" + b.Key).Select(b => Show(b.Id))]))
            : Award(JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!);
    }

    private HttpResponseMessage Award(JsonNode award)
    {
        string key = (string)award["key"]!;
        if (badges.Exists(b => b.Key == key))
        {
            return new HttpResponseMessage(HttpStatusCode.Conflict);
        }

        badges.Add(($"b{badges.Count + 1}", key, (DateTimeOffset)award["earned_at"]!));
        return Json(HttpStatusCode.Created, Show(badges[^1].Id));
    }

    private HttpResponseMessage Revoke(string id)
    {
        revoked.Add(id);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private static JsonObject Show(string id) => new() { ["id"] = id, ["url"] = $"https://acme.example.org/badges/{id}" };

    private static HttpResponseMessage Json(HttpStatusCode status, JsonNode body) => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
