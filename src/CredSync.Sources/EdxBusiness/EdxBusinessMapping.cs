using System.Globalization;
using CredSync.Completions;

namespace CredSync.Sources.EdxBusiness;

/// <summary>From a row to a completion. Pure; held by golden files.</summary>
internal static class EdxBusinessMapping
{
    /// <summary>The natural key: the enrolment's id, else learner and run; null when there is neither.</summary>
    public static string? KeyOf(EdxBusinessRow row) =>
        row.EnterpriseEnrollmentId is { } id ? id.ToString(CultureInfo.InvariantCulture)
        : Filled(row.UserName) is { } name && Filled(row.RunKey) is { } run ? $"{name.ToLowerInvariant()}|{run}"
        : null;

    /// <summary>What rules call the course of a row; null when the row does not say.</summary>
    public static string? CourseOf(EdxBusinessRow row, EdxBusinessCourseKey key) => key == EdxBusinessCourseKey.Run ? Filled(row.RunKey) : Filled(row.CourseKey);

    /// <summary>Why a row cannot be mapped: a cause and a sentence without personal data; null when it can.</summary>
    public static (string Cause, string Sentence)? ProblemOf(EdxBusinessRow row, EdxBusinessCourseKey key) =>
        CourseOf(row, key) is null ? ("row-without-content", "A row of the report names no course: ask edX's support.")
        : KeyOf(row) is null || !Identifiers(row, trustEmail: false).Any() ? ("row-without-person", $"A row of the report for {CourseOf(row, key)} names no learner: ask edX's support.")
        : row.HasPassed is true && Filled(row.PassedDate) is { } date && !TryDay(date, out _) ? ("row-malformed", $"A row of the report for {CourseOf(row, key)} has a date that is none: ask edX's support.")
        : null;

    /// <summary>Maps a row of somebody who passed; without a date it is a fact all the same, and what it earns waits for the date.</summary>
    public static Completion Map(string source, EdxBusinessRow row, EdxBusinessOptions options)
    {
        bool consents = row.IsConsentGranted is not false;
        string[] run = (Filled(row.RunKey) is { } key && key.StartsWith("course-v1:", StringComparison.Ordinal) ? key["course-v1:".Length..] : "").Split('+');
        return new Completion
        {
            Key = new CompletionKey(source, KeyOf(row)!),
            Identifiers = [.. Identifiers(row, options.TrustEmail).Where(i => consents || i.Kind != IdentifierKinds.Email)],
            PersonName = consents ? Filled($"{row.FirstName} {row.LastName}") : null,
            Course = new Course
            {
                Key = CourseOf(row, options.CourseKey)!,
                Run = run.Length == 3 ? run[2] : null,
                Title = Filled(row.CourseTitle),
                Attributes = Filled(row.CourseKey) is { } course ? new Dictionary<string, string>(StringComparer.Ordinal) { ["course"] = course } : [],
            },
            Status = CompletionStatus.Completed,
            Passed = true,
            CompletedAt = TryDay(Filled(row.PassedDate), out DateTimeOffset day) ? day : null,
            CompletedAtPrecision = TimePrecision.Date,
            Score = ScoreOf(row),
            ConsentGiven = row.IsConsentGranted,
        };
    }

    // The day is told without a zone; it is taken as it stands.
    private static bool TryDay(string? text, out DateTimeOffset day)
    {
        bool read = DateOnly.TryParseExact(text is { Length: > 10 } ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) && date.Year >= 2005;
        day = read ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : default;
        return read;
    }

    private static IEnumerable<PersonIdentifier> Identifiers(EdxBusinessRow row, bool trustEmail)
    {
        if (Filled(row.SsoUid) is { } sso)
        {
            yield return new(IdentifierKinds.SsoUid, sso, Verified: true);
        }

        if (row.EnterpriseUserId is { } id)
        {
            yield return new(IdentifierKinds.LmsUserId, id.ToString(CultureInfo.InvariantCulture), Verified: true);
        }

        if (Filled(row.UserName) is { } name)
        {
            yield return new(IdentifierKinds.Username, name, Verified: true);
        }

        if (Filled(row.Email) is { } email)
        {
            yield return new(IdentifierKinds.Email, email, trustEmail);
        }
    }

    private static Score? ScoreOf(EdxBusinessRow row)
    {
        decimal? grade = row.CurrentGrade is >= 0 and <= 1 ? row.CurrentGrade : null;
        return grade is null && Filled(row.LetterGrade) is null ? null : new Score { Raw = grade, Min = grade is null ? null : 0, Max = grade is null ? null : 1, Scaled = grade, Text = Filled(row.LetterGrade) };
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
