using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CredSync.Sources.Moodle;

/// <summary>
/// What a custom report says of who is complete, read in bulk (moodle-behaviour section 9). It only saves calls: whom it shows as complete, whom it does not show, and in slices
/// everybody else is still asked for, because its values are display text that an administrator chose. Where asked to, it also dates those who were marked complete by hand.
/// </summary>
internal sealed class MoodleReport
{
    private const int RowsAPage = 1000;

    // Eight bytes of a hash for each row, in order: a report has as many rows as the site has enrolments, and all of them are in hand while the courses are read.
    private readonly List<ulong> complete = [];
    private readonly List<(ulong Person, long Ticks)> dates = [];
    private List<ulong> open = [];

    /// <summary>Reads the report.</summary>
    /// <returns>The report; null, with a record that says why, when it cannot be used.</returns>
    /// <exception cref="SourceException">The site cannot be read, or the time zone is not known here.</exception>
    public static async Task<(MoodleReport? Report, UnreadableRecord? Unreadable)> ReadAsync(MoodleClient client, MoodleOptions options, int number, CancellationToken ct)
    {
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(options.ReportTimeZone, out TimeZoneInfo? found)
            ? found
            : throw new SourceException(FaultKind.Misconfigured,
                $"{client.Who} names a time zone that this machine does not know: write an IANA name such as Europe/Berlin in 'report_time_zone'.");
        MoodleReport report = new();
        long seen = 0;
        for (int page = 0; ; page++)
        {
            MoodleAnswer<MoodleReportData> answer = await client.GetReportAsync(number, page, RowsAPage, ct).ConfigureAwait(false);
            if (answer.Value is not { } data)
            {
                string code = answer.Refusal!.Code.Length > 0 ? answer.Refusal.Code : "a PHP error";
                return (null, Unusable(number, $"Moodle refuses it ({code}): check its number, and give the account moodle/reportbuilder:view and moodle/reportbuilder:viewall"));
            }

            if (Columns.Of(data.Headers, options) is not { } columns)
            {
                return (null, Unusable(number, "it lacks columns for course, completed, and idnumber or email of the person: add them, or name their headers in 'report_columns'"));
            }

            foreach (MoodleReportRow row in data.Rows)
            {
                report.Add(row.Columns ?? [], columns, options, zone);
            }

            seen += data.Rows.Count;
            if (data.Rows.Count == 0 || seen >= data.TotalRowCount)
            {
                report.Close();
                return (report, null);
            }
        }
    }

    /// <summary>Whether the report shows somebody as not complete.</summary>
    public bool IsOpen(string course, MoodleLearner learner) => Keys(course, learner.IdNumber, learner.Email).Any(key => open.BinarySearch(key) >= 0);

    /// <summary>When somebody completed a course, as the report tells it; null when it does not.</summary>
    public DateTimeOffset? DateOf(string course, MoodleLearner learner) =>
        Keys(course, learner.IdNumber, learner.Email).Select(Date).FirstOrDefault(date => date is not null);

    private DateTimeOffset? Date(ulong person)
    {
        int at = ~dates.BinarySearch((person, -1));
        return at < dates.Count && dates[at].Person == person ? new DateTimeOffset(dates[at].Ticks, TimeSpan.Zero) : null;
    }

    private void Close()
    {
        // Somebody enrolled twice in a course is complete when either row says so.
        complete.Sort();
        open.RemoveAll(key => complete.BinarySearch(key) >= 0);
        open.Sort();
        open = [.. open];
        complete.Clear();
        complete.TrimExcess();
        dates.Sort();
        dates.TrimExcess();
    }

    private void Add(IReadOnlyList<string?> row, Columns columns, MoodleOptions options, TimeZoneInfo zone)
    {
        if (At(row, columns.Course) is not { } course)
        {
            return;
        }

        bool isComplete = At(row, columns.Completed) == options.ReportYes;
        DateTimeOffset? date = isComplete && options.ReportTime is { } format
            && DateTime.TryParseExact(At(row, columns.CompletedAt), format, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out DateTime local) && !zone.IsInvalidTime(local)
                ? TimeZoneInfo.ConvertTimeToUtc(local, zone)
                : null;
        foreach (ulong key in Keys(course, At(row, columns.IdNumber), At(row, columns.Email)))
        {
            (isComplete ? complete : open).Add(key);
            if (date is { } at)
            {
                dates.Add((key, at.UtcTicks));
            }
        }
    }

    private static IEnumerable<ulong> Keys(string course, string? idNumber, string? email)
    {
        if (idNumber?.Trim() is { Length: > 0 } number)
        {
            yield return Key($"{course}\n{number}");
        }

        if (email?.Trim() is { Length: > 0 } address)
        {
            yield return Key($"{course}\nmailto:{address.ToLowerInvariant()}");
        }
    }

    private static ulong Key(string person) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(person)));

    private static string? At(IReadOnlyList<string?> row, int? column) => column is { } at && at < row.Count && row[at]?.Trim() is { Length: > 0 } text ? text : null;

    private static UnreadableRecord Unusable(int number, string why) =>
        new($"report {number}", "report-unusable", $"Report {number} cannot be used, because {why}; until then everyone is asked for one by one.");

    private sealed record Columns(int Course, int? IdNumber, int? Email, int Completed, int? CompletedAt)
    {
        public static Columns? Of(IReadOnlyList<string?> headers, MoodleOptions options)
        {
            int? Find(string field) => options.ReportColumns.TryGetValue(field, out string? header) && headers.ToList().IndexOf(header) is >= 0 and var at ? at : null;
            (int? id, int? email) = (Find("idnumber"), Find("email"));
            return Find("course") is { } course && Find("completed") is { } completed && (id ?? email) is not null ? new Columns(course, id, email, completed, Find("completed_at")) : null;
        }
    }
}
