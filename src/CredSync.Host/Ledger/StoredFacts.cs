using System.Text.Json;
using CredSync.Completions;

namespace CredSync.Host.Ledger;

/// <summary>
/// Reads of a stored completion only what rules look at, straight from its bytes: a plan reads every completion there is, and names, identifiers and
/// evidence are most of each.
/// </summary>
internal static class StoredFacts
{
    public static Completion Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        CompletionKey key = default;
        Course? course = null;
        var status = CompletionStatus.NotCompleted;
        var precision = default(TimePrecision);
        bool? passed = null;
        bool? consent = null;
        DateTimeOffset? completedAt = null;
        Score? score = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                key = ReadKey(ref reader);
            }
            else if (reader.ValueTextEquals("course"u8))
            {
                course = ReadCourse(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = ReadStatus(ref reader);
            }
            else if (reader.ValueTextEquals("passed"u8))
            {
                reader.Read();
                passed = reader.GetBoolean();
            }
            else if (reader.ValueTextEquals("completedAt"u8))
            {
                reader.Read();
                completedAt = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("completedAtPrecision"u8))
            {
                precision = ReadPrecision(ref reader);
            }
            else if (reader.ValueTextEquals("score"u8))
            {
                score = ReadScore(ref reader);
            }
            else if (reader.ValueTextEquals("consentGiven"u8))
            {
                reader.Read();
                consent = reader.GetBoolean();
            }
            else
            {
                reader.Skip();
            }
        }

        return new Completion
        {
            Key = key,
            Identifiers = [],
            Course = course ?? throw new JsonException("A stored completion has no course."),
            Status = status,
            Passed = passed,
            CompletedAt = completedAt,
            CompletedAtPrecision = precision,
            Score = score,
            ConsentGiven = consent,
        };
    }

    /// <summary>The value after a property's name.</summary>
    public static CompletionStatus ReadStatus(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueTextEquals("Completed"u8) ? CompletionStatus.Completed : Enum.Parse<CompletionStatus>(reader.GetString()!);
    }

    /// <summary>The value after a property's name.</summary>
    public static TimePrecision ReadPrecision(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueTextEquals("Instant"u8) ? TimePrecision.Instant : Enum.Parse<TimePrecision>(reader.GetString()!);
    }

    private static CompletionKey ReadKey(ref Utf8JsonReader reader)
    {
        string source = "", natural = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isSource = reader.ValueTextEquals("source"u8);
            bool isKey = reader.ValueTextEquals("naturalKey"u8);
            reader.Read();
            source = isSource ? reader.GetString()! : source;
            natural = isKey ? reader.GetString()! : natural;
        }

        return new CompletionKey(source, natural);
    }

    /// <summary>A course, from the beginning of its object.</summary>
    public static Course ReadCourse(ref Utf8JsonReader reader)
    {
        string key = "";
        string? run = null;
        var type = default(ContentType);
        IReadOnlyDictionary<string, string>? attributes = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                reader.Read();
                key = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("run"u8))
            {
                reader.Read();
                run = reader.GetString();
            }
            else if (reader.ValueTextEquals("contentType"u8))
            {
                reader.Read();
                type = reader.ValueTextEquals("Course"u8) ? ContentType.Course : Enum.Parse<ContentType>(reader.GetString()!);
            }
            else if (reader.ValueTextEquals("attributes"u8))
            {
                attributes = ReadTexts(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        var course = new Course { Key = key, Run = run, ContentType = type };
        return attributes is null ? course : course with { Attributes = attributes };
    }

    private static Dictionary<string, string>? ReadTexts(ref Utf8JsonReader reader)
    {
        Dictionary<string, string>? texts = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            (texts ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] = reader.GetString() ?? "";
        }

        return texts;
    }

    /// <summary>A score, from the beginning of its object; its text is left out.</summary>
    public static Score ReadScore(ref Utf8JsonReader reader)
    {
        var score = new Score();
        decimal? scaled = null, raw = null, min = null, max = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("scaled"u8))
            {
                scaled = Number(ref reader);
            }
            else if (reader.ValueTextEquals("raw"u8))
            {
                raw = Number(ref reader);
            }
            else if (reader.ValueTextEquals("min"u8))
            {
                min = Number(ref reader);
            }
            else if (reader.ValueTextEquals("max"u8))
            {
                max = Number(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return score with { Scaled = scaled, Raw = raw, Min = min, Max = max };
    }

    private static decimal Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetDecimal();
    }
}
