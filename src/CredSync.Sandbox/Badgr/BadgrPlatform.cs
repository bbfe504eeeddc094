using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Badgr;

/// <summary>A play Badgr API v2: tokens by password, badge classes, assertions. What is played follows the open-source server and the public reference, not recordings.</summary>
public sealed class BadgrPlatform : PlayPlatform
{
    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);

    /// <summary>Plays an issuer.</summary>
    /// <param name="world">The issuer; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>badgr</c>.</param>
    public BadgrPlatform(BadgrWorld world, string prefix = "badgr")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>The issuer.</summary>
    public BadgrWorld World { get; }

    /// <summary><c>token</c>, <c>issue</c>, <c>find</c>, <c>assertion</c>, <c>revoke</c>, <c>badgeclass</c>, <c>issuers</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, Parts(request)) switch
    {
        ("POST", ["o", "token"]) => "token",
        ("POST", ["v2", "badgeclasses", _, "assertions"]) => "issue",
        ("GET", ["v2", "badgeclasses", _, "assertions"]) => "find",
        ("GET", ["v2", "badgeclasses", _]) => "badgeclass",
        ("GET", ["v2", "assertions", _]) => "assertion",
        ("DELETE", ["v2", "assertions", _]) => "revoke",
        ("GET", ["v2", "issuers"]) => "issuers",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => false;

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            DateTimeOffset now = Time.GetUtcNow();
            string operation = OperationOf(request);
            if (operation == "token")
            {
                return Token(request, now);
            }

            string bearer = request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. { } token] ? token : "";
            if (fault?.Kind == PlayFaultKind.ExpiredToken)
            {
                _tokens.Remove(bearer);
            }

            if (!_tokens.TryGetValue(bearer, out DateTimeOffset end) || end <= now)
            {
                return JsonBody.Answer(401, new JsonObject { ["detail"] = "Authentication credentials were not provided." });
            }

            string[] parts = Parts(request);
            return operation switch
            {
                "issuers" => Result(200, World.IsStaff ? [new JsonObject { ["entityId"] = "northwind" }] : []),
                "badgeclass" => World.IsArchived(parts[2]) is { } archived ? Result(200, [new JsonObject { ["entityId"] = parts[2], ["archived"] = archived }]) : Failed(404, "Not found"),
                "find" => World.IsArchived(parts[2]) is null ? Failed(404, "Not found") : Find(request, parts[2]),
                "assertion" => One(parts[2], award => Result(200, [Write(award)])),
                "issue" or "revoke" when !World.IsStaff => Failed(403, "You do not have permission to perform this action."),
                "issue" => Issue(parts[2], JsonBody.Read(request), now),
                "revoke" => One(parts[2], award => Revoke(award, JsonBody.Read(request).Text("revocation_reason"))),
                _ => Failed(404, "Not found"),
            };
        }
    }

    private static string[] Parts(PlayRequest request) => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private PlayAnswer Token(PlayRequest request, DateTimeOffset now)
    {
        if (request["username"] != World.UserName || request["password"] != World.Password)
        {
            return JsonBody.Answer(401, new JsonObject { ["error"] = "invalid_grant" });
        }

        string token = "play-" + PlayIds.Create("badgr-token", _tokens.Count);
        _tokens[token] = now + World.TokenLifetime;
        return JsonBody.Answer(200, new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (long)World.TokenLifetime.TotalSeconds, ["scope"] = request["scope"] });
    }

    private PlayAnswer Issue(string badgeClass, JsonObject? body, DateTimeOffset now)
    {
        if (World.IsArchived(badgeClass) is not { } archived)
        {
            return Failed(404, "Not found");
        }

        string? email = (body?["recipient"] as JsonObject).Text("identity");
        if (archived || string.IsNullOrEmpty(email)
            || !DateTimeOffset.TryParse(body.Text("issuedOn"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset issuedOn) || issuedOn > now)
        {
            return Invalid(archived ? "Badge class is archived." : "Invalid recipient or date.");
        }

        bool allows = body?["allowDuplicateAwards"]?.GetValue<bool>() ?? true;
        return !allows && World.Awards.Any(a => a.BadgeClass == badgeClass && a.RevocationReason is null && (a.Expires is null || a.Expires > now) && string.Equals(a.Email, email, StringComparison.OrdinalIgnoreCase))
            ? Invalid($"A previous award of this badge already exists for {email}.")
            : Result(201, [Write(World.Add(new BadgrAward
            {
                Id = "",
                BadgeClass = badgeClass,
                Email = email,
                IssuedOn = issuedOn,
                Expires = DateTimeOffset.TryParse(body.Text("expires"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expires) ? expires : null,
            }))]);
    }

    private PlayAnswer Revoke(BadgrAward award, string? reason)
    {
        if (award.RevocationReason is not null || string.IsNullOrEmpty(reason))
        {
            return Invalid(award.RevocationReason is null ? "revocation_reason is required." : "Assertion is already revoked.");
        }

        World.Revoke(award.Id, reason);
        return Result(200, []);
    }

    private PlayAnswer Find(PlayRequest request, string badgeClass)
    {
        int size = int.TryParse(request["num"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Min(asked, World.PageSize) : World.PageSize;
        int from = int.TryParse(request["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out int cursor) ? cursor : 0;
        DateTimeOffset now = Time.GetUtcNow();
        BadgrAward[] all =
        [
            .. World.Awards.Where(a => a.BadgeClass == badgeClass
                && (a.RevocationReason is null || request["include_revoked"] == "true") && (a.Expires is null || a.Expires > now || request["include_expired"] == "true")),
        ];
        PlayAnswer answer = Result(200, [.. all.Skip(from).Take(size).Select(Write)]);
        return from + size < all.Length
            ? answer with { Headers = [KeyValuePair.Create("Link", $"<{Address}v2/badgeclasses/{badgeClass}/assertions?num={size}&include_expired=true&include_revoked=true&cursor={from + size}>; rel=\"next\"")] }
            : answer;
    }

    private PlayAnswer One(string id, Func<BadgrAward, PlayAnswer> answer) => World.Awards.FirstOrDefault(a => a.Id == id) is { } found ? answer(found) : Failed(404, "Not found");

    private static JsonObject Write(BadgrAward award)
    {
        string salt = award.Id[..8];
        return new()
        {
            ["entityId"] = award.Id,
            ["openBadgeId"] = $"https://api.badgr.example/public/assertions/{award.Id}",
            ["badgeclass"] = award.BadgeClass,
            ["issuedOn"] = award.IssuedOn.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["revoked"] = award.RevocationReason is not null,
            ["revocationReason"] = award.RevocationReason,
            ["acceptance"] = "Unaccepted",
            ["recipient"] = new JsonObject
            {
                ["type"] = "email",
                ["hashed"] = true,
                ["salt"] = salt,
                ["identity"] = "sha256$" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(award.Email + salt))),
            },
        };
    }

    private static PlayAnswer Result(int status, JsonObject[] result) => JsonBody.Answer(status, new JsonObject
    {
        ["status"] = new JsonObject { ["success"] = true, ["description"] = "ok" },
        ["result"] = new JsonArray(result),
    });

    private static PlayAnswer Failed(int status, string description) => JsonBody.Answer(status, new JsonObject { ["status"] = new JsonObject { ["success"] = false, ["description"] = description } });

    private static PlayAnswer Invalid(string message) => JsonBody.Answer(400, new JsonObject
    {
        ["status"] = new JsonObject { ["success"] = false, ["description"] = "bad request" },
        ["fieldErrors"] = new JsonObject(),
        ["validationErrors"] = new JsonArray(message),
    });
}
