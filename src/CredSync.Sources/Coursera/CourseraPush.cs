using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Coursera;

/// <summary>
/// Statements that Coursera pushes (source-apis.md section 1.9). Quizzes and videos say "completed" too; only whole courses count. A course that was regraded is told
/// again and revises what is known.
/// </summary>
internal sealed class CourseraPush(SourceIdentity source, CourseraOptions options)
{
    private const string Completed = "http://adlnet.gov/expapi/verbs/completed";
    private const string CourseType = "http://adlnet.gov/expapi/activities/course";
    private const string Extension = "http://coursera.org/xapi/extensions/";

    /// <summary>Maps what was pushed.</summary>
    public WebhookReading Take(WebhookDelivery delivery)
    {
        List<Completion> completions = [];
        List<UnreadableRecord> aside = [];
        foreach (Statement statement in StatementPush.Read(delivery))
        {
            if (CourseOf(statement) is not { } course)
            {
                continue;
            }

            if (statement.Actor is not { } actor)
            {
                aside.Add(new UnreadableRecord(statement.Named, "statement-without-person", $"Coursera pushed {statement.Named} that names nobody: set the actor in its xAPI configuration to account or mbox."));
                continue;
            }

            completions.Add(Map(statement, actor, course, delivery.ReceivedAt));
        }

        return new WebhookReading { Completions = completions, Unreadable = aside };
    }

    /// <summary>The content id of the course that somebody completed; null for anything less.</summary>
    private static string? CourseOf(Statement statement)
    {
        const string Segment = "/course/";
        if (statement.Verb != Completed || statement.ActivityType != CourseType || statement.Success is false || statement.Completion is false
            || statement.Extensions.ContainsKey(Extension + "itemType") || statement.ObjectId is not { } id)
        {
            return null;
        }

        int at = id.IndexOf(Segment, StringComparison.Ordinal);
        string key = at < 0 ? statement.Extensions.GetValueOrDefault(Extension + "courseId", "") : id[(at + Segment.Length)..].TrimEnd('/');
        return key.Length == 0 || key.Contains('/', StringComparison.Ordinal) || id.Contains("/item/", StringComparison.Ordinal) || id.Contains("/video/", StringComparison.Ordinal) ? null : key;
    }

    // Under the key that the report gives the same fact, so that either revises the other.
    private Completion Map(Statement statement, StatementActor actor, string course, DateTimeOffset arrived)
    {
        var row = new CourseraEnrollment
        {
            ExternalId = actor.AccountName,
            Email = actor.Kind == IdentifierKinds.Email ? actor.Value : null,
            ContentId = course,
            ContentType = "Course",
            ProgramId = statement.Extensions.GetValueOrDefault(Extension + "programId"),
            IsCompleted = true,
        };
        bool ahead = statement.Timestamp > arrived.AddMinutes(5);
        Completion mapped = CourseraMapping.Map(source.Name, row, options);
        return mapped with
        {
            Course = mapped.Course with { Title = statement.ActivityName },
            CompletedAt = ahead ? arrived : statement.Timestamp ?? arrived,
            CompletedAtPrecision = ahead ? TimePrecision.Derived : statement.Timestamp is null ? TimePrecision.Observed : TimePrecision.Instant,
            Score = StatementScores.Of(statement) is { Scaled: { } grade } ? new Score { Raw = grade, Min = 0, Max = 1, Scaled = grade } : null,
            SourceEventId = statement.Id,
        };
    }
}
