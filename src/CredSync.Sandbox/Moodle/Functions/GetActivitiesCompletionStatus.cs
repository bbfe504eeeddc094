using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_completion_get_activities_completion_status: the state of each tracked activity that the caller may see. A learner who is not enrolled is no error.</summary>
internal sealed class GetActivitiesCompletionStatus : IMoodleFunction
{
    public string Name => "core_completion_get_activities_completion_status";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int courseId = call.Parameters.Integer("courseid");
        int userId = call.Parameters.Integer("userid");
        call.Parameters.Close();
        CourseState? course = call.ExistingCourse(courseId);
        call.ActiveUser(userId);
        call.Enter(course);
        if (userId != call.AccountId && course is not null)
        {
            call.Require(MoodleCapabilities.ProgressReport, course);
        }

        answer.BeginObject();
        answer.BeginList("statuses");
        if (course is { Course.CompletionEnabled: true } && call.World.Site.CompletionEnabled)
        {
            bool tracked = course.Tracks(userId, call.Now);
            foreach (ActivityState activity in course.Activities.Where(x => x.Activity.Tracking != MoodleTracking.None))
            {
                if (activity.ViewCapability is null || call.Has(activity.ViewCapability, course))
                {
                    Write(answer, activity, call.HidesCompletions ? default : activity.StateOf(userId), tracked);
                }
            }
        }

        answer.EndList();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static void Write(AnswerWriter answer, ActivityState state, ActivityCompletion completion, bool tracked)
    {
        MoodleActivity activity = state.Activity;
        answer.BeginObject();
        answer.Member("cmid", activity.Id);
        answer.Member("modname", activity.Module);
        answer.Member("instance", state.Instance);
        answer.Member("state", (int)completion.State);
        answer.Member("timecompleted", completion.State == MoodleActivityState.Incomplete ? 0 : completion.At.ToUnixTimeSeconds());
        answer.Member("tracking", (int)activity.Tracking);
        answer.Member("overrideby", (long?)null);
        answer.Member("valueused", false);
        answer.Member("hascompletion", true);
        answer.Member("isautomatic", activity.Tracking == MoodleTracking.Automatic);
        answer.Member("istrackeduser", tracked);
        answer.Member("uservisible", true);
        answer.BeginList("details");
        if (activity.Tracking == MoodleTracking.Automatic)
        {
            bool done = completion.State != MoodleActivityState.Incomplete;
            if (activity.RequiresView)
            {
                Rule(answer, "completionview", done ? 1 : 0, "View");
            }

            if (activity.RequiresGrade)
            {
                Rule(answer, "completionusegrade", completion.State == MoodleActivityState.Passed ? 2 : done ? 1 : 0, "Receive a grade");
            }

            if (activity.RequiresPassGrade)
            {
                Rule(answer, "completionpassgrade", (int)completion.State, "Receive a passing grade");
            }
        }

        answer.EndList();
        answer.Member("isoverallcomplete", completion.IsComplete);
        answer.EndObject();
    }

    private static void Rule(AnswerWriter answer, string name, int status, string description)
    {
        answer.BeginObject();
        answer.Member("rulename", name);
        answer.BeginObject("rulevalue");
        answer.Member("status", status);
        answer.Member("description", description);
        answer.EndObject();
        answer.EndObject();
    }
}
