using System.Globalization;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Sources.Http;

namespace CredSync.Sources.HttpJson;

/// <summary>From a record to a completion, as the settings say. Pure; held by golden files.</summary>
internal sealed class HttpJsonMapping(string source, HttpJsonOptions options)
{
    private readonly Dictionary<string, JsonPath> paths = options.Fields.Where(f => JsonPath.TryParse(f.Value) is not null).ToDictionary(f => f.Key, f => JsonPath.TryParse(f.Value)!, StringComparer.Ordinal);
    private readonly (JsonPath Path, string Text)[] conditions = [.. options.CompletedWhen.Where(c => JsonPath.TryParse(c.Key) is not null).Select(c => (JsonPath.TryParse(c.Key)!, c.Value))];

    /// <summary>When the record last changed; null when it does not say.</summary>
    public DateTimeOffset? UpdatedAt(JsonElement record) => Text(record, HttpJsonFields.UpdatedAt) is { } text && TryTime(text, out DateTimeOffset at, out _) ? at : null;

    /// <summary>Maps a record.</summary>
    /// <returns>The completion, or why there is none; neither for a record that is no completion.</returns>
    public (Completion? Completion, UnreadableRecord? Unreadable) Map(JsonElement record, string reference)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return (null, new UnreadableRecord(reference, "record-malformed", $"{Begin(reference)} is no object: check 'items'."));
        }

        if (conditions.Any(c => c.Path.Text(record) != c.Text))
        {
            return (null, null);
        }

        PersonIdentifier[] people =
            [.. HttpJsonFields.Identifiers.Where(f => Text(record, f) is not null).Select(f => new PersonIdentifier(f, Text(record, f)!, f != IdentifierKinds.Email || options.TrustEmail))];
        if (people.Length == 0)
        {
            return (null, new UnreadableRecord(reference, "record-without-person", $"{Begin(reference)} names no person in any of the fields that 'fields' gives: correct the paths, or the record at its platform."));
        }

        if (Text(record, HttpJsonFields.Course) is not { } course)
        {
            return (null, new UnreadableRecord(reference, "record-without-course", $"{Begin(reference)} names no course: correct the path of 'course', or the record at its platform."));
        }

        if (Text(record, HttpJsonFields.CompletedAt) is not { } time)
        {
            return (null, new UnreadableRecord(reference, "completion-without-date", $"{Begin(reference)} has no completion date: if such records are no completions, say so in 'completed_when'."));
        }

        if (!TryTime(time, out DateTimeOffset at, out TimePrecision precision))
        {
            return (null, new UnreadableRecord(reference, "record-time-malformed", $"{Begin(reference)} has a completion date that is not written as 'time_format' says."));
        }

        return (new Completion
        {
            Key = new CompletionKey(source, Text(record, "key") ?? KeyOf(people[0], course, Text(record, "run"))),
            Identifiers = people,
            PersonName = Text(record, "name"),
            Course = new Course { Key = course, Run = Text(record, "run"), Title = Text(record, "title") },
            Status = CompletionStatus.Completed,
            Passed = YesNo(record, "passed"),
            CompletedAt = at,
            CompletedAtPrecision = precision,
            Score = ScoreOf(record),
            CertificateUrl = Uri.TryCreate(Text(record, "certificate_url"), UriKind.Absolute, out Uri? page) && page.Scheme is "https" or "http" ? page : null,
            ConsentGiven = YesNo(record, "consent"),
            SourceUpdatedAt = UpdatedAt(record),
        }, null);
    }

    private static string KeyOf(PersonIdentifier person, string course, string? run) =>
        $"{person.Kind}:{EmailKey.Within(person.Value)}~{course}{(run is null ? "" : "~" + run)}";

    private bool TryTime(string text, out DateTimeOffset at, out TimePrecision precision)
    {
        (at, precision) = (default, TimePrecision.Instant);
        if (options.TimeFormat == HttpJsonTime.Iso)
        {
            precision = text.Length == 10 ? TimePrecision.Date : TimePrecision.Instant;
            return Tolerant.TryInstant(text, out at);
        }

        DateTimeOffset? time = !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) || Math.Abs(number) > 1e15m ? null
            : options.TimeFormat == HttpJsonTime.EpochSeconds ? Tolerant.FromSeconds((long)number)
            : Tolerant.FromMilliseconds((long)number);
        at = time ?? default;
        return time is not null;
    }

    private Score? ScoreOf(JsonElement record)
    {
        if (Text(record, "score") is not { } text)
        {
            return null;
        }

        if (Number(text.TrimEnd('%', ' ')) is not { } raw)
        {
            return new Score { Text = text };
        }

        decimal min = Number(Text(record, "score_min")) ?? 0;
        decimal max = text.EndsWith('%') ? 100 : Number(Text(record, "score_max")) ?? options.ScoreMax;

        // A score beyond its range is of another scale than the settings say: kept as it came, not scaled by a guess.
        return max > min && raw >= min && raw <= max ? new Score { Raw = raw, Min = min, Max = max, Scaled = (raw - min) / (max - min) } : new Score { Raw = raw };
    }

    private bool? YesNo(JsonElement record, string field) => Text(record, field)?.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => null,
    };

    private string? Text(JsonElement record, string field) => paths.GetValueOrDefault(field)?.Text(record);

    private static decimal? Number(string? text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number / 1.0000000000000000000000000000m : null;

    private static string Begin(string reference) => char.ToUpperInvariant(reference[0]) + reference[1..];
}
