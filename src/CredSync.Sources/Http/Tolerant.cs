using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Http;

/// <summary>JSON settings and conversions that take what platforms really send (source-apis.md section 0.2).</summary>
internal static class Tolerant
{
    /// <summary>Reads numbers from strings, times in every spelling, 0 and 1 as booleans; names in the platform's own spelling.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new InstantConverter(), new InstantOrNothingConverter(), new BooleanConverter(), new DecimalConverter(), new NumberOrNothingConverter(), new TextConverter() },
    };

    // Times before this are a unit mistake (milliseconds read as seconds give 1970), or the platform's "never".
    private static readonly DateTimeOffset Earliest = new(2005, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A time from epoch seconds; null for null, 0 and anything that cannot be a completion time.</summary>
    /// <param name="seconds">Seconds since 1970, UTC.</param>
    public static DateTimeOffset? FromSeconds(long? seconds) =>
        seconds is > 0 and < 253402300800 && DateTimeOffset.FromUnixTimeSeconds(seconds.Value) is var time && time >= Earliest ? time : null;

    /// <summary>A time from epoch milliseconds; null for null, 0 and anything that cannot be a completion time.</summary>
    /// <param name="milliseconds">Milliseconds since 1970, UTC.</param>
    public static DateTimeOffset? FromMilliseconds(long? milliseconds) =>
        milliseconds is > 0 and < 253402300800000 && DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) is var time && time >= Earliest ? time : null;

    /// <summary>A time from text: ISO 8601, Python's spelling with a space, offsets without a colon; without an offset it is UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time, UTC.</param>
    public static bool TryInstant(string? text, out DateTimeOffset time)
    {
        time = default;
        return BeginsWithDate(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time) && time >= Earliest;
    }

    /// <summary>
    /// Whether a text begins as ISO 8601 writes a day, year first. .NET reads more than that: 03/04/2026 as the fourth of March wherever it was written, and 12:30 as a time of the day on which it is read.
    /// </summary>
    /// <param name="text">The text.</param>
    public static bool BeginsWithDate(string? text) =>
        text.AsSpan().TrimStart() is [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', '-', >= '0' and <= '9', >= '0' and <= '9', '-', >= '0' and <= '9', >= '0' and <= '9', ..];

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryInstant(reader.GetString(), out DateTimeOffset time)
                ? time
                : throw new JsonException("Not a time.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    // A date that is not there yet, or of a kind that nobody knows, is none: it must not cost everybody else theirs. Who needs it says that it is missing.
    private sealed class InstantOrNothingConverter : JsonConverter<DateTimeOffset?>
    {
        public override bool HandleNull => true;

        public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String && TryInstant(reader.GetString(), out DateTimeOffset time))
            {
                return time;
            }

            reader.Skip();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value?.ToString("O", CultureInfo.InvariantCulture));
    }

    private sealed class BooleanConverter : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number when reader.TryGetInt32(out int number) && number is 0 or 1 => number == 1,
            JsonTokenType.String => reader.GetString() switch
            {
                "1" or "true" or "True" => true,
                "0" or "false" or "False" => false,
                _ => throw new JsonException("Not a yes or no."),
            },
            _ => throw new JsonException("Not a yes or no."),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }

    private sealed class DecimalConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDecimal(out decimal number) => Trimmed(number),
            JsonTokenType.String when decimal.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => Trimmed(number),
            _ => throw new JsonException("Not a number."),
        };

        // 60.00 and 60 are one grade: without this a platform that changes its formatting would seem to revise every completion.
        private static decimal Trimmed(decimal number) => number / 1.0000000000000000000000000000m;

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    // An empty grade is none: it must not cost the completion that it stands beside.
    private sealed class NumberOrNothingConverter : JsonConverter<decimal?>
    {
        private static readonly DecimalConverter Number = new();

        public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && string.IsNullOrWhiteSpace(reader.GetString())) ? null : Number.Read(ref reader, typeof(decimal), options);

        public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
        {
            if (value is { } number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            // Ids are numbers in one version and text in the next.
            JsonTokenType.Number when reader.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
            JsonTokenType.Number when reader.TryGetDecimal(out decimal number) => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new JsonException("Not a text."),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
