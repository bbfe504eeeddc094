using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_course_get_courses: all courses or those of some ids. One course that the account may not enter makes the whole call fail.</summary>
internal sealed class GetCourses : IMoodleFunction
{
    public string Name => "core_course_get_courses";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        ParameterReader options = call.Parameters.Object("options");
        IReadOnlyList<string> ids = options.Texts("ids");
        options.Close();
        call.Parameters.Close();
        HashSet<int>? asked = ids.Count == 0 ? null : [.. ids.Select(Id)];
        answer.BeginList();
        if (asked?.Contains(1) != false)
        {
            Site(call, answer);
        }

        foreach (CourseState course in call.World.CourseStates)
        {
            if (asked?.Contains(course.Course.Id) != false)
            {
                if (!call.CanEnter(course))
                {
                    throw MoodleError.CourseContext(course.Course.Id);
                }

                Course(call, answer, course);
            }
        }

        answer.EndList();
    }

    private static int Id(string text) => int.TryParse(text, out int id) ? id : throw MoodleError.InvalidParameter("ids => Invalid parameter value detected");

    private static void Site(MoodleCall call, AnswerWriter answer)
    {
        string name = call.Name(call.World.Site.Name);
        answer.BeginObject();
        answer.Member("id", 1);
        answer.Member("shortname", call.Name(call.World.Site.ShortName));
        answer.Member("categoryid", 0);
        answer.Member("fullname", name);
        answer.Member("displayname", name);
        answer.Member("summary", "");
        answer.Member("summaryformat", 0);
        answer.Member("format", "site");
        answer.Member("startdate", 0);
        answer.Member("enddate", 0);
        answer.Member("numsections", 1);
        answer.Member("showactivitydates", false);
        answer.Member("showcompletionconditions", (bool?)null);
        answer.EndObject();
    }

    private static void Course(MoodleCall call, AnswerWriter answer, CourseState state)
    {
        MoodleCourse course = state.Course;
        bool mayEdit = call.Has(MoodleCapabilities.CourseUpdate, state);
        string name = call.Name(course.FullName);
        answer.BeginObject();
        answer.Member("id", course.Id);
        answer.Member("shortname", call.Name(course.ShortName));
        answer.Member("categoryid", 1);
        if (mayEdit)
        {
            answer.Member("categorysortorder", state.SortOrder);
        }

        answer.Member("fullname", name);
        answer.Member("displayname", name);
        if (mayEdit)
        {
            answer.Member("idnumber", course.IdNumber);
        }

        answer.Member("summary", call.Html(course.Summary));
        answer.Member("summaryformat", 1);
        answer.Member("format", "topics");
        if (mayEdit)
        {
            answer.Member("showgrades", 1);
            answer.Member("newsitems", 0);
        }

        answer.Member("startdate", course.StartDate.ToUnixTimeSeconds());
        answer.Member("enddate", 0);
        if (mayEdit)
        {
            Manager(answer, course);
        }

        answer.Member("showactivitydates", false);
        answer.Member("showcompletionconditions", CourseFields.ShowsConditions(state));
        answer.EndObject();
    }

    private static void Manager(AnswerWriter answer, MoodleCourse course)
    {
        answer.Member("maxbytes", 0);
        answer.Member("showreports", 0);
        answer.Member("visible", course.Visible ? 1 : 0);
        answer.Member("groupmode", 0);
        answer.Member("groupmodeforce", 0);
        answer.Member("defaultgroupingid", 0);
        answer.Member("timecreated", course.StartDate.ToUnixTimeSeconds());
        answer.Member("timemodified", course.StartDate.ToUnixTimeSeconds());
        answer.Member("enablecompletion", course.CompletionEnabled ? 1 : 0);
        answer.Member("completionnotify", 0);
        answer.Member("lang", "");
        answer.Member("forcetheme", "");
        CourseFields.FormatOptions(answer);
    }
}
