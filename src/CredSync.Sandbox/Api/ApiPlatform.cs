using System.Globalization;
using System.Text.Json;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Api;

/// <summary>
/// A play vendor whose JSON API nobody wrote an adapter for: <c>v1/completions</c> behind a bearer token, paged by a cursor, with times in milliseconds, results as
/// text, and a filter on what changed since.
/// </summary>
public sealed class ApiPlatform : PlayPlatform
{
    private readonly IPlayScript? _script;
    private PlayRequest? _last;

    /// <summary>Plays a world.</summary>
    /// <param name="world">What the vendor knows; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>api</c>.</param>
    public ApiPlatform(ApiWorld world, string prefix = "api")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>Plays a script in its world; the admin endpoints can advance it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="prefix">The path prefix. Default <c>api</c>.</param>
    public ApiPlatform(NorthwindApiScript script, string prefix = "api")
        : this((script ?? throw new ArgumentNullException(nameof(script))).World, prefix) => _script = script;

    /// <summary>What the vendor knows.</summary>
    public ApiWorld World { get; }

    internal override IPlayScript? Script => _script;

    internal override string OperationOf(PlayRequest request) => request.Path.Trim('/') == "v1/completions" ? "completions" : "";

    internal override bool Complete(string learner, string course, DateTimeOffset at)
    {
        World.Put(learner, null, null, course, null, at, isFinished: true, points: 100);
        return true;
    }

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            if (fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != "Bearer " + World.Token)
            {
                return Error(401, "unauthorized");
            }

            if (request.Method != "GET" || OperationOf(request).Length == 0)
            {
                return Error(404, "not_found");
            }

            PlayRequest asked = fault?.Kind == PlayFaultKind.DuplicatePage && _last is not null ? _last : request;
            _last = asked;
            return List(asked, fault?.Kind == PlayFaultKind.VanishedCompletion);
        }
    }

    private PlayAnswer List(PlayRequest request, bool hidden)
    {
        if (Number(request["per_page"], World.LargestPage) is not (> 0 and var size) || Number(request["updated_after"], 0) is not { } since || After(request["cursor"]) is not { } after)
        {
            return Error(400, "bad_request");
        }

        List<ApiRecord> left = [.. World.Records.Where(x => x.ChangedAt.ToUnixTimeMilliseconds() >= since && PlaceOf(x).CompareTo(after) > 0)];
        List<ApiRecord> page = [.. left.Take((int)Math.Min(size, World.LargestPage))];
        return JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (ApiRecord record in page)
            {
                Write(json, record, hidden);
            }

            json.WriteEndArray();
            json.WriteStartObject("meta");
            json.WriteString("next", page.Count < left.Count ? string.Create(CultureInfo.InvariantCulture, $"{PlaceOf(page[^1]).Changed}-{page[^1].Number}") : null);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    // A cursor names the last record of the page before, so that records which change meanwhile do not shift the others.
    private static (long Changed, int Number) PlaceOf(ApiRecord record) => (record.ChangedAt.ToUnixTimeMilliseconds(), record.Number);

    private static (long Changed, int Number)? After(string? cursor)
    {
        string[] parts = (cursor ?? "0-0").Split('-');
        return parts.Length == 2 && Number(parts[0], 0) is { } changed && Number(parts[1], 0) is { } number && number <= int.MaxValue ? (changed, (int)number) : null;
    }

    private static void Write(Utf8JsonWriter json, ApiRecord record, bool hidden)
    {
        DateTimeOffset? finished = hidden ? null : record.FinishedAt;
        json.WriteStartObject();
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"rw-{record.Number:D6}"));
        json.WriteStartObject("person");
        json.WriteString("number", record.Person);
        json.WriteString("email", record.Email);
        json.WriteString("name", record.Name);
        json.WriteEndObject();
        json.WriteStartObject("course");
        json.WriteString("code", record.Course);
        json.WriteString("title", record.Title);
        json.WriteEndObject();
        json.WriteString("state", finished is null ? "started" : "finished");
        json.Milliseconds("finished", finished);
        json.WriteString("points", finished is null ? null : record.Points?.ToString(CultureInfo.InvariantCulture));
        json.Milliseconds("changed", record.ChangedAt);
        json.WriteEndObject();
    }

    private static long? Number(string? text, long absent) =>
        text is null ? absent : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static PlayAnswer Error(int status, string code) => JsonBody.Answer(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", code);
        json.WriteEndObject();
    });
}
