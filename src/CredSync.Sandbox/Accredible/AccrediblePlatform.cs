using System.Globalization;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Accredible;

/// <summary>A play Accredible: credentials, their search, and groups. What is played follows Accredible's documentation, not recordings.</summary>
public sealed class AccrediblePlatform : PlayPlatform
{
    /// <summary>Plays an account.</summary>
    /// <param name="world">The account; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>accredible</c>.</param>
    public AccrediblePlatform(AccredibleWorld world, string prefix = "accredible")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>The account.</summary>
    public AccredibleWorld World { get; }

    /// <summary><c>issue</c>, <c>find</c>, <c>change</c>, <c>delete</c>, <c>group</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, Parts(request)) switch
    {
        ("POST", ["v1", "credentials"]) => "issue",
        ("POST", ["v2", "credentials", "search"]) => "find",
        ("PUT" or "PATCH", ["v1", "credentials", _]) => "change",
        ("DELETE", ["v1", "credentials", _]) => "delete",
        ("GET", ["v1", "issuer", "groups", _]) => "group",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => false;

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            if (fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != "Token token=" + World.ApiKey)
            {
                return Errors(401, "Bad credentials");
            }

            string last = Parts(request) is [.., { } part] ? part : "";
            return OperationOf(request) switch
            {
                "issue" => Issue(JsonBody.Read(request)?["credential"] as JsonObject),
                "find" => Find(JsonBody.Read(request)?["query"] as JsonObject),
                "change" => One(last, award => Change(award, JsonBody.Read(request)?["credential"] as JsonObject)),
                "delete" => One(last, award => Wrap(200, World.Change(award.Id, a => a with { Deleted = true }))),
                "group" => World.IsArchived(last) is { } archived
                    ? JsonBody.Answer(200, new JsonObject { ["group"] = new JsonObject { ["id"] = last, ["archived"] = archived } })
                    : Errors(404, "Group not found"),
                _ => Errors(404, "Not found"),
            };
        }
    }

    private static string[] Parts(PlayRequest request) => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private PlayAnswer Issue(JsonObject? body)
    {
        JsonObject? recipient = body?["recipient"] as JsonObject;
        string? group = body.Text("group_id");
        if (recipient.Text("name") is not { Length: > 0 } name || recipient.Text("email") is not { Length: > 0 } email)
        {
            return Errors(422, new JsonObject { ["recipient"] = new JsonArray("name and email can't be blank") });
        }

        if (group is null || World.IsArchived(group) is not { } archived)
        {
            return Errors(404, "Group not found");
        }

        string? reference = body.Text("id");
        if (archived || (World.RefusesDuplicates && World.Awards.Any(a => a.Reference == reference && !a.Deleted)))
        {
            return Errors(422, new JsonObject { [archived ? "group_id" : "id"] = new JsonArray(archived ? "is archived" : $"{email} has this credential already") });
        }

        if (!TryDate(body.Text("issued_on"), out DateOnly issuedOn))
        {
            return Errors(422, new JsonObject { ["issued_on"] = new JsonArray("is not a date") });
        }

        return Wrap(200, World.Add(new AccredibleAward
        {
            Id = "",
            Reference = reference,
            Group = group,
            Name = name,
            Email = email,
            IssuedOn = issuedOn,
            ExpiredOn = TryDate(body.Text("expired_on"), out DateOnly expiredOn) ? expiredOn : null,
            Published = body?["approve"]?.GetValue<bool>() ?? true,
            Evidence = [.. (body?["evidence_items"] as JsonArray ?? []).OfType<JsonObject>().Select(e => e.Text("url")).OfType<string>()],
        }));
    }

    private PlayAnswer Find(JsonObject? query) => JsonBody.Answer(200, new JsonObject
    {
        ["credentials"] = new JsonArray(
        [
            .. World.Awards.Where(a => !a.Deleted
                    && (query.Text("license_id") is not { } reference || a.Reference == reference)
                    && (query.Text("group.id") is not { } group || a.Group == group)
                    && (query.Text("recipient_email") is not { } email || a.Email == email))
                .Select(Write),
        ]),
    });

    private PlayAnswer Change(AccredibleAward award, JsonObject? change) => Wrap(200, World.Change(award.Id, a => a with
    {
        ExpiredOn = TryDate(change.Text("expired_on"), out DateOnly expires) ? expires : a.ExpiredOn,
        Published = change?["approve"]?.GetValue<bool>() ?? a.Published,
    }));

    private PlayAnswer One(string id, Func<AccredibleAward, PlayAnswer> answer) =>
        World.Awards.FirstOrDefault(a => a.Id == id && !a.Deleted) is { } found ? answer(found) : Errors(404, "Credential not found");

    private static JsonObject Write(AccredibleAward award) => new()
    {
        ["id"] = long.Parse(award.Id, CultureInfo.InvariantCulture),
        ["license_id"] = award.Reference,
        ["url"] = $"https://www.credential.example/{award.Id}",
        ["approve"] = award.Published,
        ["issued_on"] = award.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["expired_on"] = award.ExpiredOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["recipient"] = new JsonObject { ["name"] = award.Name, ["email"] = award.Email },
    };

    private static PlayAnswer Wrap(int status, AccredibleAward award) => JsonBody.Answer(status, new JsonObject { ["credential"] = Write(award) });

    private static PlayAnswer Errors(int status, JsonNode errors) => JsonBody.Answer(status, new JsonObject { ["errors"] = errors });

    private static bool TryDate(string? text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
