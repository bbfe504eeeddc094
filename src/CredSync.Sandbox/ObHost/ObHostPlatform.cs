using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.ObHost;

/// <summary>A play host with the Open Badges 3.0 API (1EdTech, section 6): upsertCredential, getCredentials, getProfile, discovery and tokens. It verifies nothing.</summary>
public sealed class ObHostPlatform : PlayPlatform
{
    private const string Base = "/ims/ob/v3p0";

    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);

    /// <summary>Plays a host.</summary>
    /// <param name="world">The wallet; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>ob-host</c>.</param>
    public ObHostPlatform(ObHostWorld world, string prefix = "ob-host")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>The wallet.</summary>
    public ObHostWorld World { get; }

    /// <summary><c>token</c>, <c>issue</c>, <c>list</c>, <c>profile</c>, <c>discovery</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, request.Path) switch
    {
        ("POST", "/oauth/token") => "token",
        ("POST", Base + "/credentials") => "issue",
        ("GET", Base + "/credentials") => "list",
        ("GET", Base + "/profile") => "profile",
        ("GET", Base + "/discovery") => "discovery",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => false;

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            DateTimeOffset now = Time.GetUtcNow();
            string operation = OperationOf(request);
            switch (operation)
            {
                case "token":
                    return Token(request, now);
                case "discovery":
                    return Discovery();
                case "":
                    return Status(404, "not_found");
            }

            string bearer = request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. { } token] ? token : "";
            if (fault?.Kind == PlayFaultKind.ExpiredToken)
            {
                _tokens.Remove(bearer);
            }

            bool good = (bearer == World.Token && fault?.Kind != PlayFaultKind.ExpiredToken) || (_tokens.TryGetValue(bearer, out DateTimeOffset end) && end > now);
            return !good ? Status(401, "unauthorizedrequest") : operation switch
            {
                "profile" => JsonBody.Answer(200, new JsonObject { ["id"] = Address.AbsoluteUri, ["type"] = new JsonArray("Profile"), ["name"] = "A wallet" }),
                "list" => List(),
                _ => World.MayUpsert ? Upsert(request) : Status(403, "forbidden"),
            };
        }
    }

    private PlayAnswer Token(PlayRequest request, DateTimeOffset now)
    {
        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(World.ClientId)}:{Uri.EscapeDataString(World.ClientSecret)}"));
        if (request.Headers.Authorization.ToString() != basic)
        {
            return JsonBody.Answer(401, new JsonObject { ["error"] = "invalid_client" });
        }

        if (request["grant_type"] != "client_credentials" && (request["grant_type"] != "refresh_token" || request["refresh_token"] != World.RefreshToken))
        {
            return JsonBody.Answer(400, new JsonObject { ["error"] = "invalid_grant" });
        }

        string token = "play-" + PlayIds.Create("ob-host-token", _tokens.Count);
        _tokens[token] = now + World.TokenLifetime;
        return JsonBody.Answer(200, new JsonObject { ["access_token"] = token, ["token_type"] = "bearer", ["expires_in"] = (long)World.TokenLifetime.TotalSeconds, ["scope"] = request["scope"] });
    }

    private PlayAnswer Upsert(PlayRequest request)
    {
        bool isToken = request.Headers.ContentType.ToString().StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
        try
        {
            JsonObject? credential = isToken
                ? JsonNode.Parse(Base64Url.DecodeFromChars(request.Body.Split('.')[1])) as JsonObject
                : JsonBody.Read(request);
            string? issuer = credential?["issuer"] is JsonObject profile ? profile.Text("id") : credential.Text("issuer");
            string? id = credential.Text("id") ?? credential.Text("jti");
            if (issuer is null || id is null || (!isToken && credential?["proof"] is null))
            {
                return Status(400, "invalid_data");
            }

            bool isNew = World.Upsert(issuer, id, request.Body);
            return new PlayAnswer { Status = isNew ? 201 : 200, ContentType = isToken ? "text/plain" : JsonBody.ContentType, Body = Encoding.UTF8.GetBytes(request.Body) };
        }
        catch (Exception fault) when (fault is JsonException or FormatException or IndexOutOfRangeException)
        {
            return Status(400, "invalid_data");
        }
    }

    private PlayAnswer List() => JsonBody.Answer(200, new JsonObject
    {
        ["credential"] = new JsonArray([.. World.Credentials.Where(c => c.StartsWith('{')).Select(c => JsonNode.Parse(c))]),
        ["compactJwsString"] = new JsonArray([.. World.Credentials.Where(c => !c.StartsWith('{')).Select(c => JsonValue.Create(c))]),
    }) with
    { Headers = [KeyValuePair.Create("X-Total-Count", $"{World.Credentials.Count}")] };

    private PlayAnswer Discovery() => JsonBody.Answer(200, new JsonObject
    {
        ["openapi"] = "3.0.1",
        ["info"] = new JsonObject { ["title"] = "A play host", ["version"] = "3.0", ["termsOfService"] = $"{Address}terms", ["x-imssf-privacyPolicyUrl"] = $"{Address}privacy" },
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["OAuth2ACG"] = new JsonObject
                {
                    ["type"] = "oauth2",
                    ["x-imssf-registrationUrl"] = $"{Address}oauth/register",
                    ["flows"] = new JsonObject
                    {
                        ["authorizationCode"] = new JsonObject { ["authorizationUrl"] = $"{Address}oauth/authorize", ["tokenUrl"] = $"{Address}oauth/token", ["refreshUrl"] = $"{Address}oauth/token", ["scopes"] = new JsonObject() },
                    },
                },
            },
        },
    });

    private static PlayAnswer Status(int status, string minor) => JsonBody.Answer(status, new JsonObject
    {
        ["imsx_codeMajor"] = "failure",
        ["imsx_severity"] = "error",
        ["imsx_description"] = "The request was refused.",
        ["imsx_codeMinor"] = new JsonObject { ["imsx_codeMinorField"] = new JsonArray(new JsonObject { ["imsx_codeMinorFieldName"] = "host", ["imsx_codeMinorFieldValue"] = minor }) },
    });
}
