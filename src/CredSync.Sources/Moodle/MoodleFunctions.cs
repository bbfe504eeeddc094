namespace CredSync.Sources.Moodle;

/// <summary>The web-service functions in use.</summary>
internal static class MoodleFunctions
{
    public const string Site = "core_webservice_get_site_info";
    public const string Courses = "core_course_get_courses_by_field";
    public const string Learners = "core_enrol_get_enrolled_users";
    public const string Status = "core_completion_get_course_completion_status";
    public const string Grades = "gradereport_user_get_grade_items";

    /// <summary>Only for deliveries, which name learners by number.</summary>
    public const string Users = "core_user_get_users_by_field";

    /// <summary>Only for sources that name a report, and only where the site offers it.</summary>
    public const string Report = "core_reportbuilder_retrieve_report";

    /// <summary>The functions that the options need, in the order in which they are called.</summary>
    /// <param name="options">The source's options.</param>
    public static IEnumerable<string> Needed(MoodleOptions options)
    {
        yield return Site;
        yield return Courses;
        yield return Learners;
        yield return Status;
        if (options.Grades)
        {
            yield return Grades;
        }
    }
}
