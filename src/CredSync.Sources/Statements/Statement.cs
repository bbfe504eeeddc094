using System.Globalization;
using System.Text.Json;
using CredSync.Sources.Http;

namespace CredSync.Sources.Statements;

/// <summary>An xAPI statement as far as completions need it (xAPI 1.0.3 section 2.4). Read from whatever was sent: what is missing or of another kind is null.</summary>
internal sealed record Statement
{
    public const string Voided = "http://adlnet.gov/expapi/verbs/voided";

    public string? Id { get; init; }

    /// <summary>How sentences name it: by its id when that is one, because anything may stand in its place.</summary>
    public string Named => Guid.TryParse(Id, out Guid id) ? $"statement {id}" : "a statement without an id of its own";

    public string? Verb { get; init; }

    /// <summary>Who; null for groups, and when nothing identifies them.</summary>
    public StatementActor? Actor { get; init; }

    /// <summary>IRI of the activity, or the id of the statement that a voiding one takes back.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Whether the object is a reference to another statement.</summary>
    public bool IsReference { get; init; }

    public string? ActivityType { get; init; }

    public string? ActivityName { get; init; }

    public decimal? ScoreScaled { get; init; }

    public decimal? ScoreRaw { get; init; }

    public decimal? ScoreMin { get; init; }

    public decimal? ScoreMax { get; init; }

    public bool? Success { get; init; }

    public bool? Completion { get; init; }

    public string? Registration { get; init; }

    /// <summary>When it happened, by the producer's clock.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>When the store took it.</summary>
    public DateTimeOffset? Stored { get; init; }

    /// <summary>The course in the extension <c>course-details</c>, by which one producer names it when the object is only a kind of activity; null when there is none.</summary>
    public string? DetailedCourse { get; init; }

    /// <summary>Extensions of the context, and what some producers put beside them.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a statement; null when the element is none.</summary>
    public static Statement? Read(JsonElement element)
    {
        JsonElement? target = element.Property("object");
        if (element.Property("actor") is not { ValueKind: JsonValueKind.Object } actor || element.Property("verb")?.Text("id") is not { } verb || target?.Text("id") is not { } objectId)
        {
            return null;
        }

        JsonElement? definition = target?.Property("definition");
        JsonElement? result = element.Property("result");
        JsonElement? score = result?.Property("score");
        JsonElement? context = element.Property("context");
        return new Statement
        {
            Id = element.Text("id"),
            Verb = verb,
            Actor = StatementActor.Read(actor),
            ObjectId = objectId,
            IsReference = target?.Text("objectType") == "StatementRef",
            ActivityType = definition?.Text("type"),
            ActivityName = Name(definition?.Property("name")),
            ScoreScaled = Decimal(score, "scaled"),
            ScoreRaw = Decimal(score, "raw"),
            ScoreMin = Decimal(score, "min"),
            ScoreMax = Decimal(score, "max"),
            Success = result?.Flag("success"),
            Completion = result?.Flag("completion"),
            Registration = context?.Text("registration"),
            Timestamp = Time(element.Text("timestamp")),
            Stored = Time(element.Text("stored")),
            DetailedCourse = context?.Property("extensions")?.Property("http://id.tincanapi.com/extension/course-details")?.Text("course_id"),
            Extensions = ReadExtensions(context),
        };
    }

    // The standard wants extensions under "extensions"; one vendor shows them beside it.
    private static Dictionary<string, string> ReadExtensions(JsonElement? context)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (JsonElement? place in new[] { context, context?.Property("extensions") })
        {
            if (place is { ValueKind: JsonValueKind.Object } entries)
            {
                foreach (JsonProperty entry in entries.EnumerateObject().Where(e => e.Name.StartsWith("http", StringComparison.Ordinal) && e.Value.ValueKind != JsonValueKind.Null))
                {
                    // Of whatever kind: that an item has a type at all tells it from a course.
                    found[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText();
                }
            }
        }

        return found;
    }

    private static string? Name(JsonElement? names)
    {
        if (names is not { ValueKind: JsonValueKind.Object } map)
        {
            return null;
        }

        JsonProperty[] texts = [.. map.EnumerateObject().Where(n => n.Value.ValueKind == JsonValueKind.String)];
        return texts.OrderBy(n => !n.Name.StartsWith("en", StringComparison.OrdinalIgnoreCase)).Select(n => n.Value.GetString()!.Trim()).FirstOrDefault(n => n.Length > 0);
    }

    private static decimal? Decimal(JsonElement? score, string name) => score?.Property(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out decimal value) => value / 1.0000000000000000000000000000m,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) => value / 1.0000000000000000000000000000m,
        _ => null,
    };

    private static DateTimeOffset? Time(string? text) => Tolerant.TryInstant(text, out DateTimeOffset time) ? time : null;
}
