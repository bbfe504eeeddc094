using System.Globalization;
using System.IO.Enumeration;

namespace CredSync.Sources.Moodle;

/// <summary>What a sweep reads.</summary>
/// <param name="Selected">The courses, by id.</param>
/// <param name="Unreadable">Courses that would be read but cannot be.</param>
/// <param name="OffersReports">Whether the token's service has the function that reads custom reports.</param>
internal sealed record MoodleSelection(IReadOnlyList<MoodleCourse> Selected, IReadOnlyList<UnreadableRecord> Unreadable, bool OffersReports);

/// <summary>Finds the courses that a source reads: completion on, and named by a pattern.</summary>
/// <remarks>
/// The course list shows no idnumber to an account that may not edit courses, so it is taken from the grade report, which shows it (moodle-behaviour
/// section 4). That is one call a course; the answers are kept for an hour. They only save calls: nothing depends on their being kept.
/// </remarks>
internal sealed class MoodleCourses(MoodleClient client, MoodleOptions options, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly Dictionary<long, string> idNumbers = [];
    private DateTimeOffset keptUntil;

    /// <summary>Finds the courses.</summary>
    /// <param name="ct">Cancels the calls.</param>
    /// <exception cref="SourceException">The site cannot be read, or the token's service lacks a function.</exception>
    public async Task<MoodleSelection> FindAsync(CancellationToken ct)
    {
        MoodleAnswer<MoodleSite> siteAnswer = await client.GetSiteAsync(ct).ConfigureAwait(false);
        MoodleSite site = siteAnswer.Value ?? throw MoodleErrors.Fault(client.Who, siteAnswer.Refusal!);
        RefuseMissingFunctions(site);
        MoodleAnswer<MoodleCourseList> listed = await client.GetCoursesAsync(ct).ConfigureAwait(false);
        IReadOnlyList<MoodleCourseRow> rows = listed.Value is { } list ? list.Courses ?? [] : throw MoodleErrors.Fault(client.Who, listed.Refusal!);
        return await SelectAsync(site, [.. rows.Where(row => row.Format != "site" && row.Id > 1).OrderBy(row => row.Id)], ct).ConfigureAwait(false);
    }

    /// <summary>Whether a pattern names a course.</summary>
    /// <param name="row">The course as listed.</param>
    /// <param name="key">Its key; null while it is not known.</param>
    public bool IsNamed(MoodleCourseRow row, string? key) => options.Courses.Any(pattern =>
        (key is not null && FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false))
        || (MoodleMapping.Plain(row.ShortName) is { } name && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
        || FileSystemName.MatchesSimpleExpression(pattern, row.Id.ToString(CultureInfo.InvariantCulture), ignoreCase: false));

    private void RefuseMissingFunctions(MoodleSite site)
    {
        string missing = string.Join(", ", MoodleFunctions.Needed(options).Where(function => !site.Offers(function)));
        if (missing.Length > 0)
        {
            throw new SourceException(FaultKind.Misconfigured,
                $"The service of the token of {client.Who} lacks {missing}: add this under Site administration > Server > Web services > External services.");
        }
    }

    private async Task<MoodleSelection> SelectAsync(MoodleSite site, IReadOnlyList<MoodleCourseRow> rows, CancellationToken ct)
    {
        if (time.GetUtcNow() >= keptUntil)
        {
            idNumbers.Clear();
            keptUntil = time.GetUtcNow() + KeptFor;
        }

        MoodleCourse?[] selected = new MoodleCourse?[rows.Count];
        UnreadableRecord?[] unreadable = new UnreadableRecord?[rows.Count];
        await Parallel.ForAsync(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = options.ConcurrentCalls, CancellationToken = ct }, async (index, token) =>
        {
            (selected[index], unreadable[index]) = await SelectAsync(site, rows[index], token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return new MoodleSelection([.. selected.OfType<MoodleCourse>()], [.. unreadable.OfType<UnreadableRecord>()], site.Offers(MoodleFunctions.Report));
    }

    private async Task<(MoodleCourse? Course, UnreadableRecord? Unreadable)> SelectAsync(MoodleSite site, MoodleCourseRow row, CancellationToken ct)
    {
        if (row.EnableCompletion is false)
        {
            return default;
        }

        if (row.EnableCompletion is null)
        {
            // Only public fields: the account may not view this course.
            return IsNamed(row, row.IdNumber) ? (null, MoodleErrors.OfCourse(new MoodleRefusal(MoodleFunctions.Courses, "requireloginerror"), row.Id)) : default;
        }

        string id = row.Id.ToString(CultureInfo.InvariantCulture);
        if (options.CourseKey == MoodleCourseKey.Id)
        {
            return IsNamed(row, id) ? (new MoodleCourse(row, id), null) : default;
        }

        (string? idNumber, UnreadableRecord? hidden) = await IdNumberOfAsync(site, row, ct).ConfigureAwait(false);
        if (idNumber is null)
        {
            return IsNamed(row, null) ? (null, hidden) : default;
        }

        string key = idNumber.Length > 0 ? idNumber : id;
        return IsNamed(row, key) ? (new MoodleCourse(row, key), null) : default;
    }

    /// <summary>The course's idnumber, empty when it has none; null when it is hidden, because a course under another key would be another course to the rules.</summary>
    private async Task<(string? IdNumber, UnreadableRecord? Hidden)> IdNumberOfAsync(MoodleSite site, MoodleCourseRow row, CancellationToken ct)
    {
        if (row.IdNumber is { } shown)
        {
            return (shown.Trim(), null);
        }

        lock (idNumbers)
        {
            if (idNumbers.TryGetValue(row.Id, out string? kept))
            {
                return (kept, null);
            }
        }

        string? found = null;
        MoodleRefusal? refusal = null;
        if (site.Offers(MoodleFunctions.Grades))
        {
            // The account itself has no grades there; the answer shows the course's idnumber all the same.
            MoodleAnswer<MoodleGrades> grades = await client.GetGradesAsync(row.Id, site.UserId, ct).ConfigureAwait(false);
            found = grades.Value?.Users?.Select(user => user.CourseIdNumber).FirstOrDefault(number => number is not null)?.Trim();
            refusal = grades.Refusal;
        }

        if (found is null)
        {
            return (null, new UnreadableRecord(
                $"course {row.Id}",
                "course-idnumber-hidden",
                $"The idnumber of course {row.Id} cannot be seen{(refusal is { Code.Length: > 0 } ? $" ({refusal.Code})" : "")}, so its key is unknown: give the account gradereport/user:view and moodle/grade:viewall there, or set 'course_key: id'."));
        }

        lock (idNumbers)
        {
            idNumbers[row.Id] = found;
        }

        return (found, null);
    }
}
