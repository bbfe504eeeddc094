using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_course_get_courses_by_field: courses found by id, ids, short name, number or category; without a field, all.</summary>
internal sealed class GetCoursesByField : IMoodleFunction
{
    private static readonly string[] s_filters = ["displayh5p", "activitynames", "mathjaxloader", "emoticon", "urltolink", "mediaplugin"];

    public string Name => "core_course_get_courses_by_field";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        string field = call.Parameters.Text("field", "");
        string value = call.Parameters.Text("value", "");
        call.Parameters.Close();
        IEnumerable<CourseState> found = Find(call, field, value, out bool site);
        answer.BeginObject();
        answer.BeginList("courses");
        if (site)
        {
            Site(call, answer);
        }

        foreach (CourseState course in found.Where(call.CanSee).OrderBy(course => course.Course.Id))
        {
            Course(call, answer, course);
        }

        answer.EndList();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static IEnumerable<CourseState> Find(MoodleCall call, string field, string value, out bool site)
    {
        MoodleWorld world = call.World;
        site = field.Length == 0;
        switch (field)
        {
            case "":
                return world.CourseStates;
            case "id":
                int id = Id(value);
                site = id == 1;
                return One(world.FindCourse(id));
            case "ids":
                List<int> ids = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Id)];
                site = ids.Contains(1);
                return [.. ids.Where(x => x != 1).Distinct().Select(x => world.FindCourse(x) ?? throw MoodleError.Php("Attempt to assign property \"contextvalidated\" on null"))];
            case "shortname":
                site = value == world.Site.ShortName;
                return world.CourseStates.Where(course => course.Course.ShortName == value);
            case "idnumber":
                return world.CourseStates.Where(course => course.Course.IdNumber == value);
            case "category":
                return Id(value) == 1 ? world.CourseStates : [];
            default:
                throw MoodleError.InvalidParameter("Invalid field name");
        }

        static IEnumerable<CourseState> One(CourseState? course) => course is null ? [] : [course];
    }

    private static int Id(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id) ? id : throw MoodleError.InvalidParameter("Invalid parameter value detected");

    private static void Site(MoodleCall call, AnswerWriter answer)
    {
        string name = call.Name(call.World.Site.Name);
        answer.BeginObject();
        Public(answer, 1, name, call.Name(call.World.Site.ShortName), call.CourseImage(2), 0, "", 1, "", 0, null);
        answer.EmptyList("contacts");
        answer.EmptyList("enrollmentmethods");
        Inner(answer, "site", 3, 0, visible: true, completion: false);
        answer.EndObject();
    }

    private static void Course(MoodleCall call, AnswerWriter answer, CourseState state)
    {
        MoodleCourse course = state.Course;
        answer.BeginObject();
        Public(
            answer, course.Id, call.Name(course.FullName), call.Name(course.ShortName), call.CourseImage(state.ContextId), 1, "Category 1",
            state.SortOrder, call.Html(course.Summary), 1, CourseFields.ShowsConditions(state));
        answer.BeginList("contacts");
        foreach (MoodleEnrolment teacher in state.Teachers().Where(teacher => teacher.IsActive(call.Now)))
        {
            answer.BeginObject();
            answer.Member("id", teacher.UserId);
            answer.Member("fullname", call.World.FindUser(teacher.UserId)!.User.FullName);
            answer.EndObject();
        }

        answer.EndList();
        answer.BeginList("enrollmentmethods");
        answer.Text("manual");
        answer.EndList();
        if (call.CanEnter(state))
        {
            bool mayEdit = call.Has(MoodleCapabilities.CourseUpdate, state);
            if (mayEdit)
            {
                answer.Member("idnumber", course.IdNumber);
            }

            Inner(answer, "topics", 0, course.StartDate.ToUnixTimeSeconds(), course.Visible, course.CompletionEnabled);
            CourseFields.FormatOptions(answer);
            if (mayEdit)
            {
                answer.Member("legacyfiles", 0);
                answer.Member("calendartype", "");
                answer.Member("timecreated", course.StartDate.ToUnixTimeSeconds());
                answer.Member("timemodified", course.StartDate.ToUnixTimeSeconds());
                answer.Member("requested", 0);
                answer.Member("cacherev", course.StartDate.ToUnixTimeSeconds());
            }
        }

        answer.EndObject();
    }

    private static void Public(
        AnswerWriter answer, int id, string fullName, string shortName, string image, int category, string categoryName, int sortOrder, string summary,
        int summaryFormat, bool? conditions)
    {
        answer.Member("id", id);
        answer.Member("fullname", fullName);
        answer.Member("displayname", fullName);
        answer.Member("shortname", shortName);
        answer.Member("courseimage", image);
        answer.Member("categoryid", category);
        answer.Member("categoryname", categoryName);
        answer.Member("sortorder", sortOrder);
        answer.Member("summary", summary);
        answer.Member("summaryformat", summaryFormat);
        answer.EmptyList("summaryfiles");
        answer.EmptyList("overviewfiles");
        answer.Member("showactivitydates", false);
        answer.Member("showcompletionconditions", conditions);
    }

    private static void Inner(AnswerWriter answer, string format, int newsItems, long startDate, bool visible, bool completion)
    {
        answer.Member("format", format);
        answer.Member("showgrades", 1);
        answer.Member("newsitems", newsItems);
        answer.Member("startdate", startDate);
        answer.Member("enddate", 0);
        answer.Member("maxbytes", 0);
        answer.Member("showreports", 0);
        answer.Member("visible", visible ? 1 : 0);
        answer.Member("groupmode", 0);
        answer.Member("groupmodeforce", 0);
        answer.Member("defaultgroupingid", 0);
        answer.Member("enablecompletion", completion ? 1 : 0);
        answer.Member("completionnotify", 0);
        answer.Member("lang", "");
        answer.Member("theme", "");
        answer.Member("marker", 0);
        answer.BeginList("filters");
        foreach (string filter in s_filters)
        {
            answer.BeginObject();
            answer.Member("filter", filter);
            answer.Member("localstate", 0);
            answer.Member("inheritedstate", 1);
            answer.EndObject();
        }

        answer.EndList();
    }
}
