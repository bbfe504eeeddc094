namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>An error as Moodle words it; sent with HTTP 200.</summary>
internal sealed class MoodleError(string exceptionClass, string? errorCode, string message, string? debugInfo = null) : Exception(message)
{
    private const string General = @"core\exception\moodle_exception";

    public string ExceptionClass { get; } = exceptionClass;

    public string? ErrorCode { get; } = errorCode;

    public string? DebugInfo { get; } = debugInfo;

    public static MoodleError InvalidToken() => new(General, "invalidtoken", "Invalid token - token not found");

    public static MoodleError Access(string? why) => new("webservice_access_exception", "accessexception", "Access control exception", why);

    public static MoodleError InvalidParameter(string? why = null) =>
        new(@"core\exception\invalid_parameter_exception", "invalidparameter", "Invalid parameter value detected", why);

    public static MoodleError NoRecord(string table) => new("dml_missing_record_exception", "invalidrecord", $"Can't find data record in database table {table}.");

    public static MoodleError InvalidUser() => new("dml_missing_record_exception", "invaliduser", "Invalid user");

    public static MoodleError DeletedUser() => Plain("userdeleted", "error/userdeleted");

    public static MoodleError CannotEnterCourse() =>
        new(@"core\exception\require_login_exception", "requireloginerror", "Course or activity not accessible.");

    public static MoodleError CourseContext(int courseId) => Plain(
        "errorcoursecontextnotvalid",
        $"You cannot execute functions in the course context (course id:{courseId}). The context error message was: Course or activity not accessible.");

    public static MoodleError NoPermission(string capability) => new(
        @"core\exception\required_capability_exception",
        "nopermissions",
        $"Sorry, but you do not currently have permissions to do that ({MoodleCapabilities.TitleOf(capability)}).");

    public static MoodleError Coding(string what) => new(
        @"core\exception\coding_exception", "codingerror", "Coding error detected, it must be fixed by a programmer: " + what);

    public static MoodleError NotEnrolled() => Plain("usernotenroled", "User is not enrolled in this course");

    public static MoodleError CannotViewReport() => Plain("cannotviewreport", "You cannot view this report");

    public static MoodleError NoCriteria() => Plain("nocriteriaset", "No completion criteria set for this course");

    public static MoodleError CannotViewGrades() => Plain("nopermissiontoviewgrades", "Cannot view grades.");

    public static MoodleError BadgesDisabled() => Plain("badgesdisabled", "Badges are not enabled on this site.");

    public static MoodleError Maintenance() => Plain("sitemaintenance", "The site is undergoing maintenance and is currently not available");

    public static MoodleError SuspendedAccount(string userName) =>
        Plain("wsaccessusersuspended", "Refused web service access for suspended username: " + userName);

    public static MoodleError DeletedAccount(string userName) =>
        Plain("wsaccessuserdeleted", "Refused web service access for deleted username: " + userName);

    /// <summary>A PHP error that nobody caught: it has no error code.</summary>
    public static MoodleError Php(string message) => new("Error", null, message);

    private static MoodleError Plain(string code, string message) => new(General, code, message);
}
