using System.Globalization;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Example;

/// <summary>
/// A play service with a plain JSON API: <c>GET account</c>, <c>GET completions?after=&amp;limit=</c>, <c>POST badges</c>, <c>GET badges?key=</c> and
/// <c>POST badges/{id}/revoke</c>, each with a bearer token.
/// </summary>
/// <param name="world">What it holds; may be changed while it is served.</param>
/// <param name="prefix">The path prefix. Default <c>example</c>.</param>
public sealed class ExamplePlatform(ExampleWorld world, string prefix = "example") : PlayPlatform(prefix)
{
    private int _last;

    /// <summary>What it holds.</summary>
    public ExampleWorld World => world;

    /// <summary><c>account</c>, <c>completions</c>, <c>award</c>, <c>find</c>, <c>revoke</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, request.Path.Trim('/').Split('/')) switch
    {
        ("GET", ["account"]) => "account",
        ("GET", ["completions"]) => "completions",
        ("POST", ["badges"]) => "award",
        ("GET", ["badges"]) => "find",
        ("POST", ["badges", _, "revoke"]) => "revoke",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at)
    {
        world.Complete(learner, course, at);
        return true;
    }

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (world.Gate)
        {
            string operation = OperationOf(request);
            return fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != "Bearer " + world.Token ? Error(401, "The token is not known.")
                : operation == "account" ? JsonBody.Answer(200, new JsonObject { ["name"] = "Northwind", ["rights"] = new JsonArray([.. world.Rights.Select(r => (JsonNode)r)]) })
                : !world.Rights.Contains(operation == "completions" ? "read" : "award") ? Error(403, "The token has not this right.")
                : operation switch
                {
                    "completions" => List(request, fault),
                    "award" => Award(JsonBody.Read(request)),
                    "find" => JsonBody.Answer(200, new JsonArray([.. world.Badges.Where(b => b.Key == request["key"]).Select(Show)])),
                    "revoke" => Revoke(request.Path.Trim('/').Split('/')[1]),
                    _ => Error(404, "There is nothing."),
                };
        }
    }

    private PlayAnswer List(PlayRequest request, PlayFault? fault)
    {
        int after = int.TryParse(request["after"], NumberStyles.None, CultureInfo.InvariantCulture, out int from) ? from : 0;
        int limit = int.TryParse(request["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0 ? Math.Min(wanted, world.LargestPage) : world.LargestPage;
        after = fault?.Kind == PlayFaultKind.DuplicatePage ? _last : after;
        _last = after;
        ExampleCompletion[] page = [.. fault?.Kind == PlayFaultKind.VanishedCompletion ? [] : world.Completions.Where(c => c.Number > after).Take(limit)];
        return JsonBody.Answer(200, new JsonObject
        {
            ["items"] = new JsonArray([.. page.Select(Show)]),
            ["next"] = page.Length > 0 ? page[^1].Number : after,
            ["more"] = page.Length > 0 && page[^1].Number < world.Completions.Count,
        });
    }

    private PlayAnswer Award(JsonObject? body)
    {
        if (body.Text("key") is not { } key || body.Text("email") is not { } email || body.Text("title") is not { } title || body.Text("earned_at") is not { } earned)
        {
            return Error(422, "A badge has a key, an email, a title and an earned_at.");
        }

        return world.Badges.FirstOrDefault(b => b.Key == key) is not null
            ? Error(409, "There is a badge with this key.")
            : JsonBody.Answer(201, Show(world.Award(new ExampleBadge("", key, email, title, earned))));
    }

    private PlayAnswer Revoke(string id)
    {
        if (!world.Badges.Any(b => b.Id == id))
        {
            return Error(404, "There is no such badge.");
        }

        world.Revoke(id);
        return new PlayAnswer { Status = 204 };
    }

    private static JsonObject Show(ExampleCompletion completion) => new()
    {
        ["id"] = completion.Id,
        ["learner"] = new JsonObject { ["number"] = completion.Learner, ["email"] = $"{completion.Learner.ToLowerInvariant()}@example.org", ["name"] = $"Learner {completion.Learner}" },
        ["course"] = new JsonObject { ["code"] = completion.Course, ["title"] = completion.Title },
        ["finished_at"] = completion.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["score"] = completion.Score,
        ["state"] = completion.IsWithdrawn ? "withdrawn" : "finished",
    };

    private JsonObject Show(ExampleBadge badge) => new() { ["id"] = badge.Id, ["key"] = badge.Key, ["earned_at"] = badge.EarnedAt, ["url"] = $"{Address}badges/{badge.Id}", ["revoked"] = world.IsRevoked(badge.Id) };

    private static PlayAnswer Error(int status, string sentence) => JsonBody.Answer(status, new JsonObject { ["error"] = sentence });
}
