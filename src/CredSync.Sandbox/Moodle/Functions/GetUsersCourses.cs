using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_enrol_get_users_courses: a learner's active courses with whether they are complete, without a date.</summary>
internal sealed class GetUsersCourses : IMoodleFunction
{
    public string Name => "core_enrol_get_users_courses";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int userId = call.Parameters.Integer("userid");
        bool count = call.Parameters.Flag("returnusercount", absent: true);
        call.Parameters.Close();
        UserState? user = call.World.FindUser(userId);
        answer.BeginList();
        foreach (CourseState course in CourseFields.Listed(user?.Courses.Where(course => course.IsOpenTo(user, call.Now)) ?? []))
        {
            if (call.CanEnter(course))
            {
                Write(call, answer, course, userId, count);
            }
        }

        answer.EndList();
    }

    private static void Write(MoodleCall call, AnswerWriter answer, CourseState state, int userId, bool count)
    {
        MoodleCourse course = state.Course;
        bool on = course.CompletionEnabled && call.World.Site.CompletionEnabled;
        bool complete = !call.HidesCompletions && state.Completions.GetValueOrDefault(userId)?.CompletedAt is not null;
        string name = call.Name(course.FullName);
        answer.BeginObject();
        answer.Member("id", course.Id);
        answer.Member("shortname", call.Name(course.ShortName));
        answer.Member("fullname", name);
        answer.Member("displayname", name);
        if (count)
        {
            answer.Member("enrolledusercount", state.Enrolments.Values.Count(enrolment => enrolment.IsActive(call.Now)));
        }
        else
        {
            answer.Absent("enrolledusercount");
        }

        answer.Member("idnumber", course.IdNumber);
        answer.Member("visible", course.Visible ? 1 : 0);
        answer.Member("summary", call.Html(course.Summary));
        answer.Member("summaryformat", 1);
        answer.Member("format", "topics");
        answer.Member("courseimage", call.CourseImage(state.ContextId));
        answer.Member("showgrades", true);
        answer.Member("lang", "");
        answer.Member("enablecompletion", on);
        answer.Member("completionhascriteria", on && course.Criteria.Count > 0);
        answer.Member("completionusertracked", on && state.Tracks(userId, call.Now));
        answer.Member("category", 1);
        answer.Member("progress", on ? Progress(state, userId, complete) : null);
        answer.Member("completed", on ? complete : (bool?)null);
        answer.Member("startdate", course.StartDate.ToUnixTimeSeconds());
        answer.Member("enddate", 0);
        answer.Member("marker", 0);
        answer.Member("lastaccess", (long?)null);
        answer.Member("isfavourite", false);
        answer.Member("hidden", false);
        answer.EmptyList("overviewfiles");
        answer.Member("showactivitydates", false);
        answer.Member("showcompletionconditions", CourseFields.ShowsConditions(state));
        answer.Member("timemodified", (course.ModifiedAt ?? course.StartDate).ToUnixTimeSeconds());
        answer.EndObject();
    }

    private static double? Progress(CourseState course, int userId, bool complete)
    {
        List<ActivityState> tracked = [.. course.Activities.Where(activity => activity.Activity.Tracking != MoodleTracking.None)];
        return complete ? 100
            : tracked.Count == 0 ? null
            : 100.0 * tracked.Count(activity => activity.StateOf(userId).IsComplete) / tracked.Count;
    }
}
