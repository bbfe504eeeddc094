using System.Collections.Frozen;

namespace CredSync.Sandbox.Moodle;

/// <summary>The capabilities that the play Moodle knows, and the sets that accounts and roles hold.</summary>
public static class MoodleCapabilities
{
    internal const string Rest = "webservice/rest:use";
    internal const string CourseView = "moodle/course:view";
    internal const string CourseUpdate = "moodle/course:update";
    internal const string ViewHiddenCourses = "moodle/course:viewhiddencourses";
    internal const string UserViewDetails = "moodle/user:viewdetails";
    internal const string UserViewAllDetails = "moodle/user:viewalldetails";
    internal const string ViewUserIdentity = "moodle/site:viewuseridentity";
    internal const string UserEmail = "moodle/course:useremail";
    internal const string AccessAllGroups = "moodle/site:accessallgroups";
    internal const string EnrolReview = "moodle/course:enrolreview";
    internal const string RoleReview = "moodle/role:review";
    internal const string InCompletionReports = "moodle/course:isincompletionreports";
    internal const string CompletionReport = "report/completion:view";
    internal const string ProgressReport = "report/progress:view";
    internal const string GradeReport = "gradereport/user:view";
    internal const string GradeViewAll = "moodle/grade:viewall";
    internal const string ReportView = "moodle/reportbuilder:view";
    internal const string ReportViewAll = "moodle/reportbuilder:viewall";
    internal const string MaintenanceAccess = "moodle/site:maintenanceaccess";

    /// <summary>Only <c>webservice/rest:use</c>: site info works, hardly anything else does.</summary>
    public static IReadOnlySet<string> Bare { get; } = Set(Rest);

    /// <summary>All that the nine functions need.</summary>
    public static IReadOnlySet<string> Full { get; } = Set(
        Rest, CourseView, ViewHiddenCourses, "moodle/course:viewparticipants", "moodle/site:viewparticipants", UserViewDetails, "moodle/user:viewhiddendetails",
        UserViewAllDetails, "moodle/course:viewhiddenuserfields", UserEmail, ViewUserIdentity, AccessAllGroups, EnrolReview, RoleReview, CompletionReport,
        ProgressReport, GradeReport, GradeViewAll, "moodle/grade:viewhidden", "moodle/badges:viewotherbadges", "moodle/course:viewsuspendedusers",
        "mod/assign:view", "mod/quiz:view", "mod/scorm:view", "mod/lesson:view", ReportView, ReportViewAll);

    private static readonly FrozenSet<string> s_student = Set(
        InCompletionReports, "moodle/course:isincompletionreports", "mod/assign:view", "mod/quiz:view", "mod/scorm:view", "mod/lesson:view", GradeReport, "moodle/grade:view");

    private static readonly FrozenSet<string> s_teacher = Set(
        CourseUpdate, ViewHiddenCourses, UserViewDetails, UserEmail, ViewUserIdentity, AccessAllGroups, EnrolReview, RoleReview, CompletionReport, ProgressReport,
        GradeReport, GradeViewAll, "moodle/course:viewparticipants", "moodle/grade:viewhidden", "mod/assign:view", "mod/quiz:view", "mod/scorm:view", "mod/lesson:view");

    /// <summary>What a role holds within its course.</summary>
    /// <param name="role">The role.</param>
    public static IReadOnlySet<string> Of(MoodleRole role) => role == MoodleRole.Student ? s_student : s_teacher;

    /// <summary>The name of a capability as error messages show it; the capability itself where no message with it was seen.</summary>
    internal static string TitleOf(string capability) => capability switch
    {
        EnrolReview => "Review course enrolments",
        RoleReview => "Review permissions for others",
        AccessAllGroups => "Access all groups",
        ProgressReport => "View activity completion reports",
        GradeViewAll => "View grades of other users",
        GradeReport => "View your own grade report",
        _ => capability,
    };

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
