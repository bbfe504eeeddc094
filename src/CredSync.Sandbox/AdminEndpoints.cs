using System.Text.Json;
using System.Text.Json.Serialization;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox;

/// <summary>What can be turned over HTTP: faults, the script, a learner's completion.</summary>
/// <remarks>
/// <c>GET /_sandbox/platforms</c>; <c>GET</c>, <c>POST</c> and <c>DELETE /_sandbox/faults</c> with <c>platform</c> in the query or body;
/// <c>POST /_sandbox/advance</c> with <c>platform</c> and <c>steps</c>; <c>POST /_sandbox/complete</c> with <c>platform</c>, <c>learner</c>, <c>course</c> and <c>at</c>.
/// Bodies are JSON. Without <c>platform</c>, the only or first one is meant.
/// </remarks>
internal sealed class AdminEndpoints(IReadOnlyDictionary<string, PlayPlatform> platforms, TimeProvider time)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public PlayAnswer Answer(PlayRequest request)
    {
        try
        {
            return (request.Method, request.Path) switch
            {
                ("GET", "/platforms") => Json(200, platforms.Values.Select(Describe)),
                ("GET", "/faults") => WithPlatform(request["platform"], platform => Json(200, platform.Faults.Active.Select(Describe))),
                ("DELETE", "/faults") => WithPlatform(request["platform"], Clear),
                ("POST", "/faults") => Post<FaultOrder>(request, (platform, order) => Json(201, Describe(platform.Faults.Add(order.ToFault())))),
                ("POST", "/advance") => Post<AdvanceOrder>(request, Advance),
                ("POST", "/complete") => Post<CompleteOrder>(request, Complete),
                _ => Problem(404, "There is no such admin endpoint."),
            };
        }
        catch (JsonException)
        {
            return Problem(400, "The body is not the JSON that this endpoint takes.");
        }
    }

    private PlayAnswer Post<TOrder>(PlayRequest request, Func<PlayPlatform, TOrder, PlayAnswer> act)
        where TOrder : Order
    {
        TOrder? order = JsonSerializer.Deserialize<TOrder>(request.Body.Length == 0 ? "{}" : request.Body, s_json);
        return order is null ? Problem(400, "The body is empty.") : WithPlatform(order.Platform ?? request["platform"], platform => act(platform, order));
    }

    private PlayAnswer WithPlatform(string? name, Func<PlayPlatform, PlayAnswer> act)
    {
        PlayPlatform? platform = name is null ? platforms.Values.FirstOrDefault() : platforms.GetValueOrDefault(name);
        return platform is null ? Problem(404, "No such platform is played here.") : act(platform);
    }

    private static PlayAnswer Clear(PlayPlatform platform)
    {
        platform.Faults.Clear();
        return new PlayAnswer { Status = 204 };
    }

    private static PlayAnswer Advance(PlayPlatform platform, AdvanceOrder order)
    {
        if (platform.Script is not { } script)
        {
            return Problem(409, "This platform has no script.");
        }

        List<string> played = [];
        while (played.Count < order.Steps && script.Advance() is { } happened)
        {
            played.Add(happened);
        }

        return Json(200, new { played, position = script.Position, count = script.Count });
    }

    private PlayAnswer Complete(PlayPlatform platform, CompleteOrder order) =>
        order is not { Learner: { } learner, Course: { } course } ? Problem(400, "Learner and course are needed.")
        : platform.Complete(learner, course, order.At ?? time.GetUtcNow()) ? new PlayAnswer { Status = 204 }
        : Problem(404, "There is no such learner or course.");

    private static object Describe(PlayPlatform platform) => new { name = platform.Prefix, address = platform.Address, position = platform.Script?.Position, count = platform.Script?.Count };

    private static object Describe(ActiveFault fault) => new { fault.Fault.Kind, fault.Fault.Operation, fault.Fault.Count, fault.Hits };

    private static PlayAnswer Problem(int status, string sentence) => Json(status, new { error = sentence });

    private static PlayAnswer Json(int status, object body) => new()
    {
        Status = status,
        ContentType = "application/json",
        Body = JsonSerializer.SerializeToUtf8Bytes(body, s_json),
    };

    private abstract record Order
    {
        public string? Platform { get; init; }
    }

    private sealed record AdvanceOrder : Order
    {
        public int Steps { get; init; } = 1;
    }

    private sealed record CompleteOrder : Order
    {
        public string? Learner { get; init; }

        public string? Course { get; init; }

        public DateTimeOffset? At { get; init; }
    }

    private sealed record FaultOrder : Order
    {
        public required PlayFaultKind Kind { get; init; }

        public int? Count { get; init; }

        public int Skip { get; init; }

        public string? Operation { get; init; }

        public double Probability { get; init; } = 1;

        public int Seed { get; init; }

        public double? DelaySeconds { get; init; }

        public double? RetryAfterSeconds { get; init; }

        public DateTimeOffset? RetryAt { get; init; }

        public PlayFault ToFault() => new()
        {
            Kind = Kind,
            Count = Count,
            Skip = Skip,
            Operation = Operation,
            Probability = Probability,
            Seed = Seed,
            Delay = DelaySeconds is { } delay ? TimeSpan.FromSeconds(delay) : null,
            RetryAfter = RetryAfterSeconds is { } after ? TimeSpan.FromSeconds(after) : null,
            RetryAt = RetryAt,
        };
    }
}
