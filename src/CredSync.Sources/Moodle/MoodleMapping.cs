using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CredSync.Completions;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>A course that is read, with the key that rules know it by.</summary>
/// <param name="Row">As Moodle lists it.</param>
/// <param name="Key">Its key.</param>
internal sealed record MoodleCourse(MoodleCourseRow Row, string Key)
{
    /// <summary>Its numeric id.</summary>
    public long Id => Row.Id;
}

/// <summary>From Moodle's rows to a completion. Pure; held by golden files.</summary>
internal static partial class MoodleMapping
{
    /// <summary>
    /// When a course was completed: the newest criterion where all are needed, the oldest where any will do (source-apis.md section 3.2); null when no met
    /// criterion has a time.
    /// </summary>
    /// <remarks>
    /// A course that was marked complete directly has no date in any answer. The grade's date is not taken for it: it tells when a grade was written or last
    /// recalculated, which can be years before or after, and a date on a credential that is wrong is worse than a completion that waits for a person.
    /// </remarks>
    /// <param name="status">The answer.</param>
    public static DateTimeOffset? CompletedAt(MoodleStatus status)
    {
        IEnumerable<DateTimeOffset> times = status.Criteria
            .Where(criterion => criterion.Complete)
            .Select(criterion => Tolerant.FromSeconds(criterion.TimeCompleted))
            .OfType<DateTimeOffset>();
        DateTimeOffset? completed = null;
        foreach (DateTimeOffset time in times)
        {
            completed = completed is not { } other || (status.Aggregation == 2 ? time < other : time > other) ? time : other;
        }

        return completed;
    }

    /// <summary>Maps a completed course of one learner.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="course">The course.</param>
    /// <param name="learner">The learner.</param>
    /// <param name="completedAt">From <see cref="CompletedAt"/>; null when no answer has it.</param>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    /// <param name="grades">The learner's grades; null when they are not read.</param>
    /// <param name="trustEmail">Whether the site's e-mail addresses are confirmed.</param>
    public static Completion Map(
        string source, MoodleCourse course, MoodleLearner learner, DateTimeOffset? completedAt, int attempt, MoodleGrades? grades, bool trustEmail) => new()
        {
            Key = new CompletionKey(source, MoodleAttempts.Key(learner.Id, course.Id, attempt)),
            Identifiers = [.. Identifiers(learner, trustEmail)],
            PersonName = Filled(learner.FullName),
            Course = CourseOf(course),
            Status = CompletionStatus.Completed,
            CompletedAt = completedAt,
            CompletedAtPrecision = TimePrecision.Derived,
            Score = ScoreOf(grades, learner.Id),
        };

    /// <summary>Maps a course.</summary>
    /// <param name="course">The course.</param>
    public static Course CourseOf(MoodleCourse course) => new()
    {
        Key = course.Key,
        Run = Number(course.Id),
        Title = Plain(course.Row.FullName),
        Attributes = Attributes(course.Row),
    };

    /// <summary>The learner's course total; null when there is none.</summary>
    private static Score? ScoreOf(MoodleGrades? grades, long userId)
    {
        MoodleGradeItem? total = grades?.Users?.FirstOrDefault(user => user.UserId == userId)?.Items.LastOrDefault(item => item.ItemType == "course");
        if (total?.GradeRaw is not { } raw)
        {
            return null;
        }

        if (total.ScaleId is not null)
        {
            // The number is only a place in a list of words: as a fraction it would mean nothing.
            return new Score { Text = Plain(total.GradeFormatted) };
        }

        bool ranged = total.GradeMin is { } low && total.GradeMax is { } high && high > low;
        return new Score
        {
            Raw = raw,
            Min = total.GradeMin,
            Max = total.GradeMax,
            Scaled = ranged ? Math.Clamp((raw - total.GradeMin!.Value) / (total.GradeMax!.Value - total.GradeMin.Value), 0m, 1m) : null,
        };
    }

    private static IEnumerable<PersonIdentifier> Identifiers(MoodleLearner learner, bool trustEmail)
    {
        yield return new(IdentifierKinds.LmsUserId, Number(learner.Id), Verified: true);
        if (Filled(learner.IdNumber) is { } external)
        {
            yield return new(IdentifierKinds.ExternalId, external, Verified: true);
        }

        if (Filled(learner.UserName) is { } login)
        {
            yield return new(IdentifierKinds.Username, login, Verified: true);
        }

        if (Filled(learner.Email) is { } email && email.Contains('@', StringComparison.Ordinal) && !IsNobodys(email))
        {
            yield return new(IdentifierKinds.Email, email, trustEmail);
        }
    }

    /// <summary>Whether it is a placeholder of a deleted or anonymised account (RFC 2606), which belongs to nobody.</summary>
    private static bool IsNobodys(string email) => email.EndsWith("@invalid", StringComparison.OrdinalIgnoreCase) || email.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> Attributes(MoodleCourseRow row)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal) { ["id"] = Number(row.Id) };
        if (Plain(row.ShortName) is { } shortName)
        {
            attributes["shortname"] = shortName;
        }

        if (Plain(row.CategoryName) is { } category)
        {
            attributes["category"] = category;
        }

        return attributes;
    }

    /// <summary>Titles come as escaped HTML, sometimes with markup; people's names do not and are left alone.</summary>
    public static string? Plain(string? html) => html is null ? null : Filled(WebUtility.HtmlDecode(Markup().Replace(html, "")));

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("<[A-Za-z/!][^>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
