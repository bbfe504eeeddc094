using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Lrs;

/// <summary>A play learning record store: the statements resource of xAPI 1.0.3, with <c>since</c> on the time of storing, <c>more</c> links and voiding. What is played follows the specification.</summary>
public sealed class LrsPlatform : PlayPlatform
{
    private static readonly string[] s_filters = ["since", "until", "verb", "activity"];
    private readonly LrsWorld _world;
    private readonly IPlayScript? _script;
    private PlayRequest? _last;

    /// <summary>Plays a world.</summary>
    /// <param name="world">What it holds; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>lrs</c>.</param>
    public LrsPlatform(LrsWorld world, string prefix = "lrs")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
    }

    /// <summary>Plays a script in its world; the admin endpoints can advance it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="prefix">The path prefix. Default <c>lrs</c>.</param>
    public LrsPlatform(NorthwindLrsScript script, string prefix = "lrs")
        : this((script ?? throw new ArgumentNullException(nameof(script))).World, prefix) => _script = script;

    /// <summary>What it holds.</summary>
    public LrsWorld World => _world;

    internal override IPlayScript? Script => _script;

    internal override string OperationOf(PlayRequest request) => request.Path.Trim('/') == "statements" ? "statements" : "";

    internal override bool Complete(string learner, string course, DateTimeOffset at)
    {
        if (!Uri.IsWellFormedUriString(course, UriKind.Absolute))
        {
            return false;
        }

        _world.Complete("https://lms.example.org|" + learner, course, at, at);
        return true;
    }

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (_world.Gate)
        {
            string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_world.Key}:{_world.Secret}"));
            if (fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != basic)
            {
                return Error(401, "The credentials are not known.");
            }

            if (!request.Headers["X-Experience-API-Version"].ToString().StartsWith("1.0", StringComparison.Ordinal))
            {
                return Error(400, "The header X-Experience-API-Version is missing or unknown.");
            }

            if (OperationOf(request).Length == 0)
            {
                return Error(404, "There is nothing.");
            }

            PlayRequest asked = fault?.Kind == PlayFaultKind.DuplicatePage && _last is not null ? _last : request;
            _last = asked;
            return request.Method switch
            {
                "GET" when request["statementId"] is { } id => One(id, isVoided: false),
                "GET" when request["voidedStatementId"] is { } id => One(id, isVoided: true),
                "GET" => List(asked, fault?.Kind == PlayFaultKind.VanishedCompletion),
                "POST" or "PUT" => Take(request),
                _ => Error(405, "The method is not known."),
            };
        }
    }

    private PlayAnswer One(string id, bool isVoided) => _world.Find(id) is { } statement && statement.IsVoided == isVoided
        ? JsonBody.Answer(200, json => statement.Json.WriteTo(json))
        : Error(404, "There is no such statement.");

    private PlayAnswer List(PlayRequest request, bool hideCompletions)
    {
        int limit = int.TryParse(request["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0 ? Math.Min(wanted, _world.LargestPage) : _world.LargestPage;
        int skip = int.TryParse(request["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out int from) ? from : 0;
        DateTimeOffset? since = Parse(request["since"]);
        DateTimeOffset? until = Parse(request["until"]);
        bool ascending = request["ascending"] == "true";
        IEnumerable<LrsStatement> found = _world.Statements.Where(s =>
            !s.IsVoided && (since is null || s.Stored > since) && (until is null || s.Stored <= until)
            && (request["verb"] is not { } verb || s.Verb == verb) && (request["activity"] is not { } activity || s.ObjectId == activity));
        List<LrsStatement> all = hideCompletions ? [] : [.. ascending ? found : found.Reverse()];
        List<LrsStatement> page = [.. all.Skip(skip).Take(limit)];
        string more = skip + page.Count < all.Count
            ? string.Create(CultureInfo.InvariantCulture, $"/{Prefix}/statements?cursor={skip + page.Count}&limit={limit}&ascending={(ascending ? "true" : "false")}")
                + string.Concat(s_filters.Where(n => request[n] is not null).Select(n => $"&{n}={Uri.EscapeDataString(request[n]!)}"))
            : "";
        PlayAnswer answer = JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("statements");
            foreach (LrsStatement statement in page)
            {
                statement.Json.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteString("more", more);
            json.WriteEndObject();
        });
        return answer with { Headers = _world.SaysConsistentThrough ? [new("X-Experience-API-Consistent-Through", LrsWorld.Text(Time.GetUtcNow())), .. Version] : Version };
    }

    private PlayAnswer Take(PlayRequest request)
    {
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(request.Body);
        }
        catch (JsonException)
        {
            return Error(400, "The body is not JSON.");
        }

        JsonObject[] statements = body is JsonArray list ? [.. list.OfType<JsonObject>().Select(s => (JsonObject)s.DeepClone())] : body is JsonObject one ? [one] : [];
        if (statements.Length == 0 || statements.Any(s => s["actor"] is null || s["verb"]?["id"] is null || s["object"]?["id"] is null))
        {
            return Error(400, "A statement has an actor, a verb and an object.");
        }

        List<string?> ids = [.. statements.Select(s => _world.Store(s, Time.GetUtcNow(), request["statementId"]))];
        return ids.Contains(null) ? Error(409, "There is another statement with this id.")
            : request.Method == "PUT" ? new PlayAnswer { Status = 204, Headers = Version }
            : JsonBody.Answer(200, json => JsonSerializer.Serialize(json, ids)) with { Headers = Version };
    }

    private static KeyValuePair<string, string>[] Version => [new("X-Experience-API-Version", "1.0.3")];

    private static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static PlayAnswer Error(int status, string sentence) => JsonBody.Answer(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", sentence);
        json.WriteEndObject();
    }) with { Headers = Version };
}
