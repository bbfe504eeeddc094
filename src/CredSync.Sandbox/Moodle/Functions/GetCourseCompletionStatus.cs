using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_completion_get_course_completion_status: whether a learner completed a course, criterion by criterion. It has no date of the course's completion.</summary>
internal sealed class GetCourseCompletionStatus : IMoodleFunction
{
    public string Name => "core_completion_get_course_completion_status";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int courseId = call.Parameters.Integer("courseid");
        int userId = call.Parameters.Integer("userid");
        call.Parameters.Close();
        CourseState? site = call.ExistingCourse(courseId);
        UserState user = call.ActiveUser(userId);
        call.Enter(site);
        if (!call.World.Site.CompletionEnabled
            || site is { Course.CompletionEnabled: false }
            || (userId != call.AccountId && !(site is null ? call.Has(MoodleCapabilities.CompletionReport) : call.Has(MoodleCapabilities.CompletionReport, site))))
        {
            throw MoodleError.CannotViewReport();
        }

        if (site is not { } course || !course.Tracks(userId, call.Now))
        {
            throw MoodleError.NotEnrolled();
        }

        if (course.Course.Criteria.Count == 0)
        {
            throw MoodleError.NoCriteria();
        }

        Write(call, answer, course, user.User.Id);
    }

    private static void Write(MoodleCall call, AnswerWriter answer, CourseState course, int userId)
    {
        CompletionState? completion = call.HidesCompletions ? null : course.Completions.GetValueOrDefault(userId);
        answer.BeginObject();
        answer.BeginObject("completionstatus");
        answer.Member("completed", completion?.CompletedAt is not null);
        answer.Member("aggregation", (int)course.Course.Aggregation);
        answer.BeginList("completions");
        for (int i = 0; i < course.Course.Criteria.Count; i++)
        {
            Criterion(call, answer, course, course.Course.Criteria[i], userId, completion?.Criteria[i]);
        }

        answer.EndList();
        answer.EndObject();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static void Criterion(MoodleCall call, AnswerWriter answer, CourseState course, MoodleCriterion criterion, int userId, DateTimeOffset? met)
    {
        (string title, string status, string type, string what, string requirement, string detail) = Words(call, course, criterion, userId, met is not null);
        answer.BeginObject();
        answer.Member("type", criterion.Type);
        answer.Member("title", title);
        answer.Member("status", status);
        answer.Member("complete", met is not null);
        answer.Member("timecompleted", met?.ToUnixTimeSeconds());
        answer.BeginObject("details");
        answer.Member("type", type);
        answer.Member("criteria", what);
        answer.Member("requirement", requirement);
        answer.Member("status", detail);
        answer.EndObject();
        answer.EndObject();
    }

    private static (string Title, string Status, string Type, string What, string Requirement, string Detail) Words(
        MoodleCall call, CourseState course, MoodleCriterion criterion, int userId, bool met)
    {
        string yes = met ? "Yes" : "No";
        switch (criterion)
        {
            case MoodleCriterion.Self:
                return ("Self completion", yes, "Self completion", "Self completion", "Marking yourself complete", "");
            case MoodleCriterion.Activity activity:
                MoodleActivity target = course.Activities.First(x => x.Activity.Id == activity.ActivityId).Activity;
                string link = Link(call, $"/mod/{target.Module}/view.php?id={target.Id.ToString(CultureInfo.InvariantCulture)}", target.Name);
                return ("Activity completion", yes, "Activity completion", link, Requirement(target), "");
            case MoodleCriterion.Grade grade:
                string required = Two(grade.Required);
                string? reached = course.Totals.GetValueOrDefault(userId) is { } total ? Two(total.Value) : null;
                return ("Course grade", $"{reached ?? "No grade"} ({required} required)", "Course grade", "Required course grade", required, reached ?? "");
            case MoodleCriterion.Role role:
                return (role.Name, yes, "Manual completion by others", role.Name, "Marked complete by " + role.Name, "");
            case MoodleCriterion.Prerequisite prerequisite:
                string id = prerequisite.CourseId.ToString(CultureInfo.InvariantCulture);
                MoodleCourse other = call.World.FindCourse(prerequisite.CourseId)!.Course;
                return (
                    "Completion of other courses", yes, "Completion of other courses", Link(call, "/course/view.php?id=" + id, other.FullName), "Course completed",
                    Link(call, "/blocks/completionstatus/details.php?course=" + id, "See details"));
            default:
                throw new InvalidOperationException("The play Moodle does not know this kind of criterion.");
        }
    }

    private static string Requirement(MoodleActivity activity)
    {
        if (activity.Tracking == MoodleTracking.Manual)
        {
            return "Marking yourself complete";
        }

        List<string> parts = [];
        if (activity.RequiresView)
        {
            parts.Add("Viewing the " + activity.Module);
        }

        if (activity.RequiresGrade)
        {
            parts.Add("Achieving grade");
        }

        if (activity.RequiresPassGrade)
        {
            parts.Add("Achieving passing grade");
        }

        return string.Join(", ", parts);
    }

    private static string Link(MoodleCall call, string path, string text) => $"<a href=\"{call.Site}{path}\">{call.Name(text)}</a>";

    private static string Two(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
