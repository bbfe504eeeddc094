using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>gradereport_user_get_grade_items: the grades of one learner, or of all active ones at once, the course total last.</summary>
internal sealed class GetGradeItems : IMoodleFunction
{
    public string Name => "gradereport_user_get_grade_items";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int courseId = call.Parameters.Integer("courseid");
        int userId = call.Parameters.Integer("userid", 0);
        int groupId = call.Parameters.Integer("groupid", 0);
        call.Parameters.Close();
        CourseState? course = call.ExistingCourse(courseId);
        call.Enter(course);
        if (course is null)
        {
            throw MoodleError.CannotViewGrades();
        }

        call.Require(MoodleCapabilities.GradeReport, course);
        IEnumerable<UserState> users = userId == 0 ? Everybody(call, course, groupId) : One(call, course, userId);
        answer.BeginObject();
        answer.BeginList("usergrades");
        foreach (UserState user in users)
        {
            Write(call, answer, course, user.User);
        }

        answer.EndList();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static IEnumerable<UserState> Everybody(MoodleCall call, CourseState course, int groupId)
    {
        call.Require(MoodleCapabilities.GradeViewAll, course);
        IReadOnlySet<int>? members = groupId == 0 ? null : course.Course.Groups.FirstOrDefault(group => group.Id == groupId)?.Members ?? new HashSet<int>();
        return course.ByName(id => call.World.FindUser(id)!.User)
            .Where(enrolment => enrolment.Role == MoodleRole.Student && enrolment.IsActive(call.Now) && members?.Contains(enrolment.UserId) != false)
            .Select(enrolment => call.World.FindUser(enrolment.UserId)!);
    }

    private static IEnumerable<UserState> One(MoodleCall call, CourseState course, int userId)
    {
        UserState user = call.ActiveUser(userId);
        return call.Has(MoodleCapabilities.GradeViewAll, course) || userId == call.AccountId ? [user] : throw MoodleError.CannotViewGrades();
    }

    private static void Write(MoodleCall call, AnswerWriter answer, CourseState course, MoodleUser user)
    {
        answer.BeginObject();
        answer.Member("courseid", course.Course.Id);
        answer.Member("courseidnumber", course.Course.IdNumber);
        answer.Member("userid", user.Id);
        answer.Member("userfullname", user.FullName);
        answer.Member("useridnumber", user.IdNumber);
        answer.Member("maxdepth", 2);
        answer.BeginList("gradeitems");
        foreach (ActivityState activity in course.Activities)
        {
            if (activity.Activity.GradeMax is { } max && (activity.ViewCapability is null || call.Has(activity.ViewCapability, course)))
            {
                Item(call, answer, course, activity, max, activity.Grades.GetValueOrDefault(user.Id));
            }
        }

        Total(answer, course, course.Totals.GetValueOrDefault(user.Id));
        answer.EndList();
        answer.EndObject();
    }

    private static void Item(MoodleCall call, AnswerWriter answer, CourseState course, ActivityState state, double max, GradeState? grade)
    {
        MoodleActivity activity = state.Activity;
        answer.BeginObject();
        answer.Member("id", state.GradeItemId);
        answer.Member("itemname", call.Name(activity.Name));
        answer.Member("itemtype", "mod");
        answer.Member("itemmodule", activity.Module);
        answer.Member("iteminstance", state.Instance);
        answer.Member("itemnumber", 0);
        answer.Member("idnumber", "");
        answer.Member("categoryid", course.GradeCategoryId);
        Scale(answer);
        answer.Member("cmid", activity.Id);
        if (grade is null)
        {
            answer.Absent("weightraw");
            answer.Absent("weightformatted");
        }
        else
        {
            double weight = max / course.GradeMax;
            answer.Member("weightraw", weight);
            answer.Member("weightformatted", Percent(weight * 100));
        }

        string mark = grade is null || activity.GradePass is null ? "" : grade.Value >= activity.GradePass ? Icon("check", "success", "Pass") : Icon("xmark", "danger", "Fail");
        Value(answer, grade, max, mark, grade?.Feedback ?? "", feedbackFormat: 0);
        answer.EndObject();
    }

    private static void Total(AnswerWriter answer, CourseState course, GradeState? grade)
    {
        answer.BeginObject();
        answer.Member("id", course.GradeItemId);
        answer.Member("itemname", (string?)null);
        answer.Member("itemtype", "course");
        answer.Member("itemmodule", (string?)null);
        answer.Member("iteminstance", course.GradeCategoryId);
        answer.Member("itemnumber", (long?)null);
        answer.Member("idnumber", (string?)null);
        answer.Member("categoryid", (long?)null);
        Scale(answer);
        answer.Absent("cmid");
        answer.Absent("weightraw");
        answer.Absent("weightformatted");
        Value(answer, grade, course.GradeMax, "", "", feedbackFormat: grade is null ? 0 : 2);
        answer.EndObject();
    }

    private static void Scale(AnswerWriter answer)
    {
        answer.Member("outcomeid", (long?)null);
        answer.Member("scaleid", (long?)null);
        answer.Member("locked", false);
    }

    private static void Value(AnswerWriter answer, GradeState? grade, double max, string mark, string feedback, int feedbackFormat)
    {
        answer.Member("graderaw", grade?.Value);
        answer.Member("gradedatesubmitted", (long?)null);
        answer.Member("gradedategraded", grade?.GradedAt.ToUnixTimeSeconds());
        answer.Member("gradehiddenbydate", false);
        answer.Member("gradeneedsupdate", false);
        answer.Member("gradeishidden", false);
        answer.Member("gradeislocked", false);
        answer.Member("gradeisoverridden", false);
        answer.Member("gradeformatted", grade is null ? "-" : mark + grade.Value.ToString("F2", CultureInfo.InvariantCulture));
        answer.Member("grademin", 0);
        answer.Member("grademax", max);
        answer.Member("rangeformatted", "0&ndash;" + max.ToString("0.##", CultureInfo.InvariantCulture));
        answer.Member("percentageformatted", grade is null ? "-" : Percent(grade.Value / max * 100));
        answer.Member("feedback", feedback);
        answer.Member("feedbackformat", feedbackFormat);
    }

    private static string Percent(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static string Icon(string icon, string colour, string title) =>
        $"<i class=\"icon fa fa-{icon} text-{colour} fa-fw inline\"  title=\"{title}\" role=\"img\" aria-label=\"{title}\"></i>";
}
