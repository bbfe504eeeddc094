using System.Buffers;
using System.Globalization;
using CredSync.Completions;
using CredSync.Sources.Http;

namespace CredSync.Sources.Csv;

/// <summary>From a row to a completion. Pure; held by golden files.</summary>
internal sealed class CsvMapping(string source, CsvOptions options, TimeZoneInfo zone)
{
    private static readonly NumberFormatInfo WithComma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,+-% ");

    /// <summary>Maps a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="completion">The completion; null when the row cannot be mapped.</param>
    /// <param name="unreadable">Why not; null when it can.</param>
    public bool TryMap(CsvRow row, out Completion? completion, out UnreadableRecord? unreadable)
    {
        completion = null;
        unreadable = null;
        try
        {
            completion = Map(row);
            return true;
        }
        catch (RowException problem)
        {
            unreadable = new UnreadableRecord(
                string.Create(CultureInfo.InvariantCulture, $"{row.File} line {row.Line}"),
                problem.Cause,
                string.Create(CultureInfo.InvariantCulture, $"Line {row.Line} of {row.File} {problem.Message}"));
            return false;
        }
    }

    private Completion Map(CsvRow row)
    {
        if (row.Problem is { } problem)
        {
            throw new RowException("row-malformed", $"{problem}: correct the row and deliver the file again.");
        }

        List<PersonIdentifier> identifiers =
            [.. CsvFields.Identifiers.Where(field => row[field] is not null).Select(field => new PersonIdentifier(field, row[field]!, IsVerified(field)))];
        if (identifiers.Count == 0)
        {
            throw new RowException("row-without-person", "names no person: fill one of external_id, sso_uid, lms_user_id, username, email.");
        }

        string course = row[CsvFields.Course] ?? throw new RowException("row-without-course", "names no course: fill the column for 'course'.");
        CompletionStatus status = StatusOf(row);
        (DateTimeOffset? at, TimePrecision precision) = TimeOf(row);
        if (at is null && status == CompletionStatus.Completed)
        {
            throw new RowException("completion-without-date", "has no completion date: fill the column for 'completed_at'.");
        }

        return new Completion
        {
            Key = new CompletionKey(source, row[CsvFields.Key] ?? KeyOf(identifiers[0], course, row[CsvFields.Run])),
            Identifiers = identifiers,
            PersonName = row[CsvFields.Name],
            Course = new Course { Key = course, Run = row[CsvFields.Run], Title = row[CsvFields.Title] },
            Status = status,
            StatusReason = status is CompletionStatus.Withdrawn or CompletionStatus.Revoked ? "stated_in_file" : null,
            Passed = YesNo(row, CsvFields.Passed),
            CompletedAt = at,
            CompletedAtPrecision = precision,
            Score = ScoreOf(row),
            CertificateUrl = CertificateOf(row),
        };
    }

    /// <summary>The strongest identifier, the course and the run.</summary>
    private static string KeyOf(PersonIdentifier person, string course, string? run) =>
        $"{person.Kind}:{EmailKey.Within(person.Value)}~{course}{(run is null ? "" : "~" + run)}";

    private bool IsVerified(string field) => field != IdentifierKinds.Email || options.TrustEmail;

    private static CompletionStatus StatusOf(CsvRow row) => row[CsvFields.Status]?.ToLowerInvariant() switch
    {
        null or "completed" => CompletionStatus.Completed,
        "withdrawn" => CompletionStatus.Withdrawn,
        "revoked" => CompletionStatus.Revoked,
        "not-completed" => CompletionStatus.NotCompleted,
        _ => throw new RowException("row-status-unknown", "has a status that is none of completed, not-completed, withdrawn, revoked."),
    };

    private (DateTimeOffset? Time, TimePrecision Precision) TimeOf(CsvRow row)
    {
        if (row[CsvFields.CompletedAt] is not { } text)
        {
            return (null, TimePrecision.Observed);
        }

        bool dateOnly = options.DateFormat is { } format
            ? !format.AsSpan().ContainsAny("hHmst")
            : text.Length <= 10;
        if (dateOnly)
        {
            bool isDate = options.DateFormat is { } exact
                ? DateOnly.TryParseExact(text, exact, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
                : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
            return isDate && date.Year >= 1990
                ? (new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), TimePrecision.Date)
                : throw NoTime();
        }

        // A time that carries its offset is an instant; one that does not is local to the configured zone.
        bool isTime = options.DateFormat is { } pattern
            ? DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime time)
            : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time) && Tolerant.BeginsWithDate(text);
        if (!isTime || time.Year < 1990)
        {
            throw NoTime();
        }

        if (time.Kind == DateTimeKind.Utc)
        {
            return (new DateTimeOffset(time, TimeSpan.Zero), TimePrecision.Instant);
        }

        return zone.IsInvalidTime(time)
            ? throw new RowException("row-time-skipped", $"has a time that the clocks of {options.TimeZone} skipped: correct it, or write it with its offset.")
            : (new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime(), TimePrecision.Instant);
    }

    private RowException NoTime() => new("row-time-malformed", options.DateFormat is { } format
        ? $"has a completion time that is not written as '{format}'."
        : "has a completion time that is not ISO 8601 (2026-01-31 or 2026-01-31T20:28:10Z): correct it, or set 'date_format'.");

    private Score? ScoreOf(CsvRow row)
    {
        if (row[CsvFields.Score] is not { } text)
        {
            return null;
        }

        if (!TryNumber(text.TrimEnd('%', ' '), out decimal raw))
        {
            return text.AsSpan().ContainsAny('.', ',') && !text.AsSpan().ContainsAnyExcept(OfNumbers) && text.Any(char.IsAsciiDigit)
                ? throw new RowException("row-number-malformed", $"has a score with decimals that are not written with a {Separator}: correct it, or set the source's 'decimal'.")
                : new Score { Text = text };
        }

        decimal min = NumberOf(row, CsvFields.ScoreMin) ?? 0;
        decimal max = text.EndsWith('%') ? 100 : NumberOf(row, CsvFields.ScoreMax) ?? options.ScoreMax;
        if (max <= min || raw < min || raw > max)
        {
            throw new RowException("row-score-out-of-range", "has a score outside its range: correct the score, score_min and score_max, or set the source's 'score_max'.");
        }

        return new Score { Raw = raw, Min = min, Max = max, Scaled = (raw - min) / (max - min) };
    }

    private decimal? NumberOf(CsvRow row, string field) => row[field] is not { } text ? null
        : TryNumber(text, out decimal number) ? number
        : throw new RowException("row-number-malformed", $"has no number in the column for '{field}' (its decimals are written with a {Separator}; the source's 'decimal' says which).");

    // Which sign it is cannot be told from a number: 1,234 is much in one country and little in another.
    private bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, options.Decimal == CsvDecimal.Comma ? WithComma : NumberFormatInfo.InvariantInfo, out number);

    private string Separator => options.Decimal == CsvDecimal.Comma ? "comma" : "point";

    private static bool? YesNo(CsvRow row, string field) => row[field]?.ToLowerInvariant() switch
    {
        null => null,
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => throw new RowException("row-passed-unknown", $"has neither yes nor no in the column for '{field}'."),
    };

    private static Uri? CertificateOf(CsvRow row) => row[CsvFields.CertificateUrl] is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" ? address
        : throw new RowException("row-url-malformed", "has a certificate_url that is no web address.");

    private sealed class RowException(string cause, string message) : Exception(message)
    {
        public string Cause { get; } = cause;
    }
}
