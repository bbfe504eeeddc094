using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Credly;

/// <summary>
/// A play Credly: an organization's templates and badges under <c>v1/organizations/{org}</c>. What is played follows Credly's documentation; the bodies of refusals,
/// which it does not document, follow what clients saw.
/// </summary>
public sealed class CredlyPlatform : PlayPlatform
{
    private static readonly string[] Required = ["recipient_email", "issued_to_first_name", "issued_to_last_name", "badge_template_id", "issued_at"];

    /// <summary>Plays an organization.</summary>
    /// <param name="world">The organization; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>credly</c>.</param>
    public CredlyPlatform(CredlyWorld world, string prefix = "credly")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>The organization.</summary>
    public CredlyWorld World { get; }

    /// <summary><c>issue</c>, <c>find</c>, <c>badge</c>, <c>revoke</c>, <c>templates</c>, <c>organization</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, Parts(request)) switch
    {
        ("GET", [_]) => "organization",
        ("POST", [_, "badges"]) => "issue",
        ("GET", [_, "badges"]) => "find",
        ("GET", [_, "badges", _]) => "badge",
        ("PUT", [_, "badges", _, "revoke"]) => "revoke",
        ("GET", [_, "badge_templates", ..]) => "templates",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => false;

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            string[] parts = Parts(request);
            string expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(World.Token + ":"));
            if (fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != expected)
            {
                return Refused(401, "HTTP Basic: Access denied.");
            }

            if (parts.Length == 0 || !string.Equals(parts[0], World.Organization, StringComparison.OrdinalIgnoreCase))
            {
                return Refused(404, "The resource you requested could not be found.");
            }

            return OperationOf(request) switch
            {
                "organization" => Data(200, new JsonObject { ["id"] = World.Organization, ["name"] = "Northwind Academy" }),
                "templates" => parts.Length == 3 ? Template(parts[2]) : Templates(request),
                "find" => Find(request),
                "badge" => One(parts[2], badge => Data(200, Write(badge))),
                "issue" or "revoke" when !World.MayWrite => Refused(403, "The token does not grant write access."),
                "issue" => Issue(request),
                "revoke" => One(parts[2], badge => Revoke(badge, request)),
                _ => Refused(404, "The resource you requested could not be found."),
            };
        }
    }

    private static string[] Parts(PlayRequest request) =>
        request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["v1", "organizations", .. { } rest] ? rest : [];

    private PlayAnswer Issue(PlayRequest request)
    {
        JsonObject? body = JsonBody.Read(request);
        string[] missing = [.. Required.Where(name => string.IsNullOrWhiteSpace(body.Text(name)))];
        if (missing.Length > 0 || !DateTimeOffset.TryParseExact(body.Text("issued_at"), "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset issuedAt))
        {
            return Invalid(missing.Length > 0 ? missing : ["issued_at"], "can't be blank");
        }

        if (issuedAt > Time.GetUtcNow().AddDays(1))
        {
            return Invalid(["issued_at"], "must not be in the future");
        }

        CredlyBadge badge = new()
        {
            Id = "",
            Template = body.Text("badge_template_id")!,
            Email = body.Text("recipient_email")!,
            FirstName = body.Text("issued_to_first_name")!,
            LastName = body.Text("issued_to_last_name")!,
            EarnerId = body.Text("issuer_earner_id"),
            IssuedAt = issuedAt,
            ExpiresAt = DateTimeOffset.TryParse(body.Text("expires_at"), CultureInfo.InvariantCulture, out DateTimeOffset expires) ? expires : null,
        };
        return !World.Templates.TryGetValue(badge.Template, out string? state) ? Refused(404, "The resource you requested could not be found.")
            : state != "active" ? Invalid(["badge_template_id"], $"is {state}")
            : World.IsDuplicate(badge) ? Invalid(["base"], $"{badge.FirstName} {badge.LastName} <{badge.Email}> already has this badge", World.DuplicateStatus)
            : Data(201, Write(World.Issue(badge)));
    }

    private PlayAnswer Revoke(CredlyBadge badge, PlayRequest request)
    {
        if (badge.State == "revoked")
        {
            return Invalid(["state"], "is already revoked");
        }

        World.Revoke(badge.Id, JsonBody.Read(request).Text("reason"));
        return Data(200, Write(World.Badges.Single(b => b.Id == badge.Id)));
    }

    private PlayAnswer One(string id, Func<CredlyBadge, PlayAnswer> answer) =>
        World.Badges.FirstOrDefault(badge => badge.Id == id) is { } found ? answer(found) : Refused(404, "The resource you requested could not be found.");

    private PlayAnswer Find(PlayRequest request)
    {
        IEnumerable<CredlyBadge> badges = World.Badges;
        foreach (string part in (request["filter"] ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split("::", 2);
            badges = pair switch
            {
                ["issuer_earner_id", var earner] => badges.Where(b => b.EarnerId == earner),
                ["recipient_email_all", var email] => badges.Where(b => string.Equals(b.Email, email, StringComparison.OrdinalIgnoreCase)),
                ["state", var state] => badges.Where(b => b.State == state),
                _ => badges,
            };
        }

        return Page(request, [.. badges.Select(Write)]);
    }

    private PlayAnswer Templates(PlayRequest request) => Page(request, [.. World.Templates
        .Where(t => (request["filter"] ?? "") is var filter && (!filter.Contains("state::", StringComparison.Ordinal) || filter.Contains("state::" + t.Value, StringComparison.Ordinal)))
        .Select(t => Write(t.Key, t.Value))]);

    private PlayAnswer Template(string id) =>
        World.Templates.TryGetValue(id, out string? state) ? Data(200, Write(id, state)) : Refused(404, "The resource you requested could not be found.");

    private PlayAnswer Page(PlayRequest request, IReadOnlyList<JsonObject> all)
    {
        int page = int.TryParse(request["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Max(asked, 1) : 1;
        JsonObject[] items = [.. all.Skip((page - 1) * World.PageSize).Take(World.PageSize)];
        return JsonBody.Answer(200, new JsonObject
        {
            ["data"] = new JsonArray(items),
            ["metadata"] = new JsonObject
            {
                ["count"] = items.Length,
                ["current_page"] = page,
                ["total_count"] = all.Count,
                ["total_pages"] = Math.Max(1, (all.Count + World.PageSize - 1) / World.PageSize),
                ["per"] = World.PageSize,
            },
        });
    }

    private static JsonObject Write(string template, string state) => new() { ["id"] = template, ["state"] = state };

    private static JsonObject Write(CredlyBadge badge) => new()
    {
        ["id"] = badge.Id,
        ["state"] = badge.State,
        ["issued_at"] = badge.IssuedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["expires_at"] = badge.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["recipient_email"] = badge.Email,
        ["issued_to_first_name"] = badge.FirstName,
        ["issued_to_last_name"] = badge.LastName,
        ["issuer_earner_id"] = badge.EarnerId,
        ["badge_template"] = new JsonObject { ["id"] = badge.Template },
        ["accept_badge_url"] = $"https://www.credly.example/go/{badge.Id}",
    };

    private static PlayAnswer Data(int status, JsonObject data) => JsonBody.Answer(status, new JsonObject { ["data"] = data });

    private static PlayAnswer Refused(int status, string message) => Data(status, new JsonObject { ["message"] = message });

    private static PlayAnswer Invalid(IEnumerable<string> attributes, string message, int status = 422) => Data(status, new JsonObject
    {
        ["message"] = "Validation failed",
        ["errors"] = new JsonArray([.. attributes.Select(a => new JsonObject { ["attribute"] = a, ["messages"] = new JsonArray(JsonValue.Create(message)) })]),
    });
}
