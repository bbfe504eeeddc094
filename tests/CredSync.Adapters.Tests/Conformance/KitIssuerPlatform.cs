using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using CredSync.Conformance.Issuers;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>A small remote issuer for the kit's own tests. It refuses a second credential for the same key.</summary>
internal sealed class KitIssuerPlatform : HttpMessageHandler
{
    public const string Token = "kit-issuer-token-4410";

    private readonly List<Award> awards = [];

    public IssuerPlatform Seen => new()
    {
        Handler = this,
        Minted = () => awards.Count,
        IsRevoked = id => awards.Single(a => a.Id == id).Revoked,
        EarnedAt = issued => awards.Single(a => a.Id == issued.CredentialId).Earned,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization?.Parameter != Token)
        {
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        }

        string path = request.RequestUri!.AbsolutePath;
        if (path == "/find")
        {
            string? key = HttpUtility.ParseQueryString(request.RequestUri.Query)["key"];
            return Json(HttpStatusCode.OK, new JsonObject { ["items"] = new JsonArray([.. awards.Where(a => a.Key == key).Select(a => new JsonObject { ["id"] = a.Id })]) });
        }

        if (path.StartsWith("/revoke/", StringComparison.Ordinal))
        {
            Award award = awards.Single(a => a.Id == path["/revoke/".Length..]);
            bool before = award.Revoked;
            award.Revoked = true;
            return before ? new HttpResponseMessage(HttpStatusCode.Conflict) : Json(HttpStatusCode.OK, []);
        }

        JsonObject body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        string sent = (string)body["key"]!;
        if (awards.Exists(a => a.Key == sent))
        {
            return Json(HttpStatusCode.Conflict, new JsonObject { ["error"] = $"{body["email"]} has it" });
        }

        Award minted = new($"kit-{awards.Count + 1}", sent, DateTimeOffset.Parse((string)body["earned"]!, CultureInfo.InvariantCulture));
        awards.Add(minted);
        return Json(HttpStatusCode.Created, new JsonObject { ["id"] = minted.Id });
    }

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private sealed record Award(string Id, string Key, DateTimeOffset Earned)
    {
        public bool Revoked { get; set; }
    }
}
