using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>What two functions say of a course in the same words, and what is fixed for the site as course 1.</summary>
internal static class CourseFields
{
    /// <summary>The courses in listing order: visible ones first, then by sort order.</summary>
    public static IEnumerable<CourseState> Listed(IEnumerable<CourseState> courses) =>
        courses.OrderByDescending(course => course.Course.Visible).ThenBy(course => course.SortOrder);

    /// <summary>Format options that every course has.</summary>
    public static void FormatOptions(AnswerWriter answer)
    {
        answer.BeginList("courseformatoptions");
        Option("hiddensections");
        answer.Member("value", 1);
        answer.EndObject();
        Option("coursedisplay");
        answer.Member("value", 0);
        answer.EndObject();
        Option("indentation");
        answer.Member("value", "1");
        answer.EndObject();
        answer.EndList();

        void Option(string name)
        {
            answer.BeginObject();
            answer.Member("name", name);
        }
    }

    /// <summary>Whether the course page shows what completes it; null where completion is off.</summary>
    public static bool? ShowsConditions(CourseState course) => course.Course.CompletionEnabled ? true : null;
}
