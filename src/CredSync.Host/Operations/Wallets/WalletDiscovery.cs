using System.Text.Json.Nodes;
using CredSync.Host.Operations.Public;
using CredSync.Issuers;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Wallets;

/// <summary>The service description (Open Badges 3.0 section 6.3.1): an OpenAPI 3.0 document that says what is served and where a wallet registers and asks for tokens.</summary>
internal sealed class WalletDiscovery(IOptions<PublicOptions> options)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    public PublicAnswer Answer(WalletCall call) => WalletAnswers.Json(Describe(call), headers: new Dictionary<string, string> { ["Vary"] = "Accept" }, maxAge: Lasts);

    private JsonObject Describe(WalletCall call) => new()
    {
        ["openapi"] = "3.0.1",
        ["info"] = new JsonObject
        {
            ["title"] = "Open Badges 3.0 host",
            ["description"] = "Lets learners' wallets collect the credentials of this issuer, with the learner's consent.",
            ["version"] = "3.0",
            ["termsOfService"] = (options.Value.TermsOfService ?? new Uri(call.Address + "/")).AbsoluteUri,
            ["x-imssf-privacyPolicyUrl"] = (options.Value.PrivacyPolicy ?? new Uri(call.Address + "/")).AbsoluteUri,
            ["x-imssf-image"] = call.Address + "/favicon.ico",
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = call.Api }),
        ["paths"] = Paths(),
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["OAuth2ACG"] = new JsonObject
                {
                    ["type"] = "oauth2",
                    ["description"] = "OAuth 2.0 authorization code with PKCE (S256).",
                    ["x-imssf-registrationUrl"] = call.Api + WalletDoor.Register,
                    ["flows"] = new JsonObject
                    {
                        ["authorizationCode"] = new JsonObject
                        {
                            ["authorizationUrl"] = call.Api + WalletDoor.Authorize,
                            ["tokenUrl"] = call.Api + WalletDoor.Token,
                            ["refreshUrl"] = call.Api + WalletDoor.Token,
                            ["x-imssf-revocationUrl"] = call.Api + WalletDoor.Revoke,
                            ["scopes"] = Scopes(),
                        },
                    },
                },
            },
            ["schemas"] = new JsonObject
            {
                ["GetOpenBadgeCredentialsResponse"] = Schema("ob_v3p0_getopenbadgecredentialsresponse_schema.json"),
                ["AchievementCredential"] = Schema("ob_v3p0_achievementcredential_schema.json"),
                ["Profile"] = Schema("ob_v3p0_profile_schema.json"),
                ["Imsx_StatusInfo"] = Schema("ob_v3p0_imsx_statusinfo_schema.json"),
                ["CompactJws"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[-A-Za-z0-9_=]+\\.[-A-Za-z0-9_=]+\\.[-A-Za-z0-9_=]*$" },
            },
        },
    };

    private JsonObject Scopes() => new(WalletScopes.Offered.Where(s => options.Value.WalletUploads || s.Key != WalletScopes.Upsert).Select(s => KeyValuePair.Create(s.Key, (JsonNode?)$"A wallet may {s.Value}.")));

    private JsonObject Paths()
    {
        var credentials = new JsonObject { ["get"] = Operation("getCredentials", WalletScopes.Read, "GetOpenBadgeCredentialsResponse", Parameter("limit", "integer"), Parameter("offset", "integer"), Parameter("since", "string")) };
        if (options.Value.WalletUploads)
        {
            JsonObject upsert = Operation("upsertCredential", WalletScopes.Upsert, "AchievementCredential");
            upsert["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Bodies() };
            upsert["responses"]!["200"]!["content"] = Bodies();
            upsert["responses"]!["201"] = new JsonObject { ["description"] = "It is new here.", ["content"] = Bodies() };
            credentials["post"] = upsert;
        }

        return new JsonObject
        {
            ["/discovery"] = new JsonObject { ["get"] = new JsonObject { ["operationId"] = "getServiceDescription", ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "This document." } } } },
            ["/credentials"] = credentials,
            ["/profile"] = new JsonObject { ["get"] = Operation("getProfile", WalletScopes.Profile, "Profile") },
        };
    }

    private static JsonObject Operation(string id, string scope, string answer, params JsonObject[] parameters)
    {
        var responses = new JsonObject { ["200"] = new JsonObject { ["description"] = "Done.", ["content"] = Content("application/json", answer) } };
        foreach ((string status, string meaning) in ((string, string)[])[("400", "The request is not in order."), ("401", "No valid token was shown."), ("403", "The token is not for this."), ("405", "Not served."), ("500", "Not answered for now.")])
        {
            responses[status] = new JsonObject { ["description"] = meaning, ["content"] = Content("application/json", "Imsx_StatusInfo") };
        }

        return new JsonObject
        {
            ["operationId"] = id,
            ["parameters"] = new JsonArray([.. parameters]),
            ["security"] = new JsonArray(new JsonObject { ["OAuth2ACG"] = new JsonArray(scope) }),
            ["responses"] = responses,
        };
    }

    private static JsonObject Bodies()
    {
        JsonObject bodies = Content("application/vc+ld+json", "AchievementCredential");
        bodies["application/json"] = Content("application/json", "AchievementCredential")["application/json"]!.DeepClone();
        bodies["text/plain"] = Content("text/plain", "CompactJws")["text/plain"]!.DeepClone();
        return bodies;
    }

    private static JsonObject Content(string type, string schema) => new() { [type] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } } };

    private static JsonObject Schema(string file) => new() { ["$ref"] = $"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/{file}" };

    private static JsonObject Parameter(string name, string type) => new() { ["name"] = name, ["in"] = "query", ["required"] = false, ["schema"] = new JsonObject { ["type"] = type } };
}
