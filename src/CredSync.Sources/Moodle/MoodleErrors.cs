
namespace CredSync.Sources.Moodle;

/// <summary>What Moodle says instead of an answer: HTTP 200 with an exception in the body (moodle-behaviour section 3).</summary>
/// <param name="Function">The web-service function that was called.</param>
/// <param name="Code">Moodle's <c>errorcode</c>; empty for a PHP error, which has none. Its message is translated and may name people: it is not kept.</param>
internal sealed record MoodleRefusal(string Function, string Code);

/// <summary>How far a refusal reaches.</summary>
internal enum MoodleScope
{
    /// <summary>The whole connection: it becomes a <see cref="SourceException"/>.</summary>
    Site,

    /// <summary>One course; others go on.</summary>
    Course,

    /// <summary>One learner in one course, and it says nothing about a completion.</summary>
    Learner,

    /// <summary>Not known; set aside for what was asked.</summary>
    Unknown,
}

/// <summary>The one table from Moodle's error codes to what is done; codes, because messages are translated (moodle-behaviour sections 4, 5 and 9).</summary>
internal static class MoodleErrors
{
    /// <summary>How far a refusal reaches.</summary>
    /// <param name="refusal">The refusal.</param>
    public static MoodleScope ScopeOf(MoodleRefusal refusal) => refusal.Code switch
    {
        "invalidtoken" or "accessexception" => MoodleScope.Site,
        "sitemaintenance" or "upgraderunning" => MoodleScope.Site,
        _ when refusal.Code.StartsWith("wsaccessuser", StringComparison.Ordinal) => MoodleScope.Site,
        _ when IsDatabase(refusal.Code) => MoodleScope.Site,
        "usernotenroled" or "notenroled" or "userdeleted" or "invaliduser" or "invaliduserid" => MoodleScope.Learner,
        "nocriteriaset" or "cannotviewreport" or "requireloginerror" or "errorcoursecontextnotvalid" or "nopermissions" or "nopermissiontoviewgrades"
            or "notingroup" or "accessdenied" or "invalidrecord" or "coursehidden" => MoodleScope.Course,
        _ => MoodleScope.Unknown,
    };

    /// <summary>The fault of a refusal that reaches the whole connection, or that meets a call without which nothing can be read.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="refusal">The refusal.</param>
    public static SourceException Fault(string who, MoodleRefusal refusal) => refusal.Code switch
    {
        // Moodle answers accessexception at the first use of an expired token, deletes it, and answers invalidtoken from then on:
        // both are one condition, so both have one kind, and each sentence names the other's causes.
        "invalidtoken" => new(FaultKind.Unauthorized,
            $"{who} does not know the token: it is mistyped, was deleted, or expired (Moodle deletes an expired token at its first use); make a new token for the service account and resume the source."),
        "accessexception" => new(FaultKind.Unauthorized,
            $"{who} refuses access to {refusal.Function}; Moodle says the same for each of these causes: the token expired (make a new one), its IP restriction excludes this machine, "
            + "the account is not among the service's authorised users, the account lacks webservice/rest:use, or the function is not in the service; look at Site administration > Server > Web services, then resume the source."),
        "sitemaintenance" or "upgraderunning" => new(FaultKind.Outage, $"{who} is in maintenance: it is tried again later."),
        "invalidrecord" => new(FaultKind.Misconfigured,
            $"{who} does not have the function {refusal.Function}: this needs Moodle 3.11 or newer, with the function added to the token's service."),
        _ when refusal.Code.StartsWith("wsaccessuser", StringComparison.Ordinal) => new(FaultKind.Unauthorized,
            $"{who} refuses the service account ({refusal.Code}): it is suspended, deleted, unconfirmed, expired or may not use web services; mend the account and resume the source."),
        _ when IsDatabase(refusal.Code) => new(FaultKind.Outage, $"{who} has trouble with its database ({refusal.Code}): it is tried again later; if this lasts, ask its administrator."),
        "" => new(FaultKind.Broken, $"{who} failed with a PHP error in {refusal.Function}: ask its administrator for the error log; it is tried again later."),
        "nopermissions" or "errorcoursecontextnotvalid" or "requireloginerror" or "accessdenied" => new(FaultKind.Misconfigured,
            $"{who} does not let the account use {refusal.Function} ({refusal.Code}): run the check of this source to see which capability is missing."),
        _ => new(FaultKind.Broken, $"{who} refuses {refusal.Function} with '{refusal.Code}', which is not expected here: run the check of this source and ask the site's administrator."),
    };

    /// <summary>The record that is set aside when a course cannot be read.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="courseId">The course.</param>
    public static UnreadableRecord OfCourse(MoodleRefusal refusal, long courseId)
    {
        (string cause, string sentence) = refusal.Code switch
        {
            "nocriteriaset" => ("course-without-criteria",
                $"Course {courseId} has completion on but no criteria, so Moodle tells nobody's completion: set criteria there, or leave the course out of 'courses'."),
            "cannotviewreport" => ("course-report-refused",
                $"Moodle shows no completion of course {courseId}: the account lacks report/completion:view there, or completion is switched off in the course or for the whole site."),
            "requireloginerror" or "errorcoursecontextnotvalid" or "coursehidden" or "accessdenied" => ("course-not-accessible",
                $"The account cannot enter course {courseId}: give it moodle/course:view, and moodle/course:viewhiddencourses if the course is hidden."),
            "nopermissions" when refusal.Function == MoodleFunctions.Learners => ("course-learners-refused",
                $"The account may not list the learners of course {courseId}: give it moodle/course:enrolreview and moodle/role:review, and moodle/site:accessallgroups if the course has groups."),
            "nopermissions" or "nopermissiontoviewgrades" when refusal.Function == MoodleFunctions.Grades => ("course-grades-refused",
                $"The account may not see grades of course {courseId}: give it gradereport/user:view and moodle/grade:viewall, or set 'grades: false'."),
            "notingroup" => ("course-groups-refused", $"Course {courseId} separates groups that the account is not in: give it moodle/site:accessallgroups."),
            "invalidrecord" => ("course-gone", $"Course {courseId} is no longer there: nothing to do if it was deleted."),
            _ => ("course-refused",
                $"Moodle refused {refusal.Function} for course {courseId} with {Named(refusal)}: ask the site's administrator; it is asked again at the next sweep."),
        };
        return new UnreadableRecord($"course {courseId}", cause, sentence);
    }

    /// <summary>The record that is set aside when one learner cannot be read for a reason that is not known.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The learner.</param>
    public static UnreadableRecord OfLearner(MoodleRefusal refusal, long courseId, long userId) => new(
        $"course {courseId}, user {userId}",
        "learner-refused",
        $"Moodle refused {refusal.Function} for user {userId} in course {courseId} with {Named(refusal)}: ask the site's administrator; it is asked again at the next sweep.");

    private static string Named(MoodleRefusal refusal) => refusal.Code.Length == 0 ? "a PHP error without a code" : $"'{refusal.Code}'";

    private static bool IsDatabase(string code) => code.StartsWith("dml", StringComparison.Ordinal) || code is "dbconnectionfailed" or "dbdriverproblem" or "cannotconnecttodb";
}
