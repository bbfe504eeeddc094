using CredSync.Completions;
using CredSync.Sources.Http;

namespace CredSync.Sources.Coursera;

/// <summary>From a report row to a completion. Pure; held by golden files.</summary>
internal static class CourseraMapping
{
    /// <summary>
    /// The natural key: learner, kind and content. The row's own id is not used, because it is the same for two programs; the program is part of the key
    /// only if it is configured to make a fact of its own (source-apis.md section 6.2).
    /// </summary>
    /// <param name="row">The row; with learner, kind and content.</param>
    /// <param name="perProgram">Whether programs count apart.</param>
    public static string KeyOf(CourseraEnrollment row, bool perProgram) =>
        $"{PersonKey(Person(row)!)}~{row.ContentType}~{row.ContentId}{(perProgram && row.ProgramId is { Length: > 0 } program ? "~" + program : "")}";

    /// <summary>Why a row cannot be mapped: a cause and a sentence without personal data; null when it can.</summary>
    /// <param name="row">The row.</param>
    public static (string Cause, string Sentence)? ProblemOf(CourseraEnrollment row)
    {
        if (string.IsNullOrWhiteSpace(row.ContentId) || string.IsNullOrWhiteSpace(row.ContentType))
        {
            return ("row-without-content", "An enrolment report row names no content: report it to Coursera's support.");
        }

        return Person(row) is null
            ? ("row-without-person", $"An enrolment report row for content {row.ContentId} names no learner: report it to Coursera's support.")
            : null;
    }

    /// <summary>
    /// A row of a gradebook as the report will have it. Which scale a grade is of follows from where it stands, never from its size: 1 is the lowest grade but one there, and full marks here
    /// (source-apis.md section 1.5).
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="program">The program whose gradebook it is.</param>
    public static CourseraEnrollment OfGradebook(CourseraGradebookRow row, string program) => new()
    {
        ExternalId = row.ExternalId,
        FullName = row.FullName,
        ContentId = row.CourseId,
        ContentType = "Course",
        ContentName = row.CourseName,
        IsCompleted = row.IsCompleted,
        CompletedAt = row.CompletedAt,
        Grade = row.Grade is >= 0 and <= 100 ? row.Grade / 100 : row.Grade,
        ProgramId = Filled(row.ProgramId) ?? program,
    };

    /// <summary>Maps a completed row; without a date it is a fact all the same, and what it earns waits for the date.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="row">The row, complete and without a problem.</param>
    /// <param name="options">The source's options.</param>
    public static Completion Map(string source, CourseraEnrollment row, CourseraOptions options) => new()
    {
        Key = new CompletionKey(source, KeyOf(row, options.PerProgram)),
        Identifiers = [.. Identifiers(row, options.TrustEmail)],
        PersonName = Filled(row.FullName),
        Course = new Course
        {
            Key = row.ContentId!,
            Title = Filled(row.ContentName),
            ContentType = row.ContentType switch
            {
                "Course" => ContentType.Course,
                "Specialization" => ContentType.Program,
                _ => ContentType.Activity,
            },
            Attributes = Attributes(row, options.PerProgram),
        },
        Status = CompletionStatus.Completed,
        Passed = true,
        CompletedAt = Tolerant.FromMilliseconds(row.CompletedAt),
        CompletedAtPrecision = TimePrecision.Instant,
        // A grade beyond 0 to 1 is of a unit that nobody documented: kept as it came, not scaled by a guess.
        Score = row.Grade is { } grade ? grade is >= 0 and <= 1 ? new Score { Raw = grade, Min = 0, Max = 1, Scaled = grade } : new Score { Raw = grade } : null,
        CertificateUrl = Uri.TryCreate(row.CertificateUrl, UriKind.Absolute, out Uri? page) && page.Scheme == Uri.UriSchemeHttps ? page : null,
    };

    private static IEnumerable<PersonIdentifier> Identifiers(CourseraEnrollment row, bool trustEmail)
    {
        string? external = Filled(row.ExternalId);
        // Where the organisation gave no id, Coursera writes the e-mail address into it: that is not the organisation's id of anybody. The gradebook and the push give no address beside it.
        string? email = Filled(row.Email) ?? (external?.Contains('@', StringComparison.Ordinal) is true ? external : null);
        if (external is not null && !string.Equals(external, email, StringComparison.OrdinalIgnoreCase))
        {
            yield return new(IdentifierKinds.ExternalId, external, Verified: true);
        }

        if (email is not null)
        {
            yield return new(IdentifierKinds.Email, email, trustEmail);
        }
    }

    private static Dictionary<string, string> Attributes(CourseraEnrollment row, bool perProgram)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        Add("slug", row.ContentSlug);
        Add("course_type", row.CourseType);
        Add("partner", row.PartnerNames is null ? null : string.Join(", ", row.PartnerNames));
        // One fact read through two programs must have one content, so the program shows only where it is part of the key.
        Add("program", perProgram ? row.ProgramId : null);
        return attributes;

        void Add(string name, string? value)
        {
            if (Filled(value) is { } filled)
            {
                attributes[name] = filled;
            }
        }
    }

    private static string PersonKey(string person) => EmailKey.Within(person.ToLowerInvariant());

    private static string? Person(CourseraEnrollment row) => Filled(row.ExternalId) ?? Filled(row.Email);

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
