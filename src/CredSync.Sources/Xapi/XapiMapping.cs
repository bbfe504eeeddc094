using CredSync.Completions;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Xapi;

/// <summary>From a statement to a completion. Pure; held by golden files.</summary>
internal static class XapiMapping
{
    /// <summary>The key of the course that a statement is about; null when it is about something else.</summary>
    public static string? CourseOf(Statement statement, XapiOptions options)
    {
        if (IsKind(statement, options))
        {
            return statement.DetailedCourse;
        }

        if (statement.IsReference || statement.ObjectId is not { } id || !(statement.ActivityType is { } type ? options.Types.Contains(type, StringComparer.Ordinal) : options.Untyped))
        {
            return null;
        }

        if (options.KeyAfter is not { Length: > 0 } prefix)
        {
            return id;
        }

        int at = id.LastIndexOf(prefix, StringComparison.Ordinal);
        string key = at < 0 ? "" : Uri.UnescapeDataString(id[(at + prefix.Length)..]);
        return key.Length == 0 || key.Contains('/', StringComparison.Ordinal) ? null : key;
    }

    /// <summary>Whether a statement says that somebody finished a course, and not that they failed it.</summary>
    public static bool IsCompletion(Statement statement, XapiOptions options) =>
        options.Verbs.Contains(statement.Verb, StringComparer.Ordinal) && statement.Success is not false && statement.Completion is not false && CourseOf(statement, options) is not null;

    // edX for Business documents statements whose object is no course but the kind "course" itself, with the run in an extension (source-apis.md section 2.10).
    private static bool IsKind(Statement statement, XapiOptions options) => !statement.IsReference && statement.ObjectId is { } id && options.Types.Contains(id, StringComparer.Ordinal);

    /// <summary>The natural key: actor, activity and, where there is one, registration; not the statement, of which there may be several or none with an id.</summary>
    public static string KeyOf(Statement statement, XapiOptions options) =>
        $"{statement.Actor!.Key}|{(IsKind(statement, options) ? statement.DetailedCourse : statement.ObjectId)}{(statement.Registration is { } registration ? "|" + registration : "")}";

    /// <summary>Maps a completion.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="statement">The statement; a completion with an actor.</param>
    /// <param name="options">The source's options.</param>
    /// <param name="arrived">When it arrived, for statements that say no time at all.</param>
    public static Completion Map(string source, Statement statement, XapiOptions options, DateTimeOffset? arrived = null)
    {
        (DateTimeOffset? at, TimePrecision precision) = TimeOf(statement, arrived);
        return new Completion
        {
            Key = new CompletionKey(source, KeyOf(statement, options)),
            Identifiers = [IdentifierOf(statement.Actor!, options)],
            PersonName = options.Names ? statement.Actor!.Name : null,
            Course = new Course
            {
                Key = CourseOf(statement, options)!,
                Run = statement.Registration,
                Title = statement.ActivityName,
                Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["activity"] = statement.ObjectId! },
            },
            Status = CompletionStatus.Completed,
            Passed = statement.Success,
            CompletedAt = at,
            CompletedAtPrecision = precision,
            Score = StatementScores.Of(statement),
            SourceUpdatedAt = statement.Stored,
            SourceEventId = statement.Id,
        };
    }

    // A producer's clock that runs ahead would date a credential into the future; the store's clock is the better witness then.
    private static (DateTimeOffset? At, TimePrecision Precision) TimeOf(Statement statement, DateTimeOffset? arrived) => (statement.Timestamp, statement.Stored ?? arrived) switch
    {
        ({ } told, { } taken) when told > taken.AddMinutes(5) => (taken, TimePrecision.Derived),
        ({ } told, _) => (told, TimePrecision.Instant),
        (null, { } taken) => (taken, TimePrecision.Observed),
        _ => (null, TimePrecision.Observed),
    };

    private static PersonIdentifier IdentifierOf(StatementActor actor, XapiOptions options) => actor.Kind switch
    {
        IdentifierKinds.XapiAccount when options.Account == XapiAccountName.ExternalId => new(IdentifierKinds.ExternalId, actor.AccountName!, Verified: true),
        IdentifierKinds.XapiAccount when options.Account == XapiAccountName.Username => new(IdentifierKinds.Username, actor.AccountName!, Verified: true),
        IdentifierKinds.XapiAccount => new(actor.Kind, actor.Value, Verified: true),
        _ => new(actor.Kind, actor.Value, options.TrustEmail),
    };
}
