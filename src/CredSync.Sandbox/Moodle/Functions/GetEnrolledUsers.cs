using System.Collections.Frozen;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>
/// core_enrol_get_enrolled_users: who is in a course, in pages. The limit is applied first and the accounts that the caller may not see are
/// dropped afterwards, so that a short or empty page need not be the last one.
/// </summary>
internal sealed class GetEnrolledUsers : IMoodleFunction
{
    private static readonly FrozenSet<string> s_default = new[]
    {
        "username", "firstname", "lastname", "email", "department", "institution", "idnumber", "firstaccess", "lastaccess", "lastcourseaccess",
        "city", "country", "profileimageurlsmall", "profileimageurl", "groups", "roles", "enrolledcourses",
    }.ToFrozenSet(StringComparer.Ordinal);

    public string Name => "core_enrol_get_enrolled_users";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int courseId = call.Parameters.Integer("courseid");
        EnrolledUsersOptions options = EnrolledUsersOptions.Read(call.Parameters);
        call.Parameters.Close();
        if (call.ExistingCourse(courseId) is not { } course)
        {
            Site(call, answer, options);
            return;
        }

        if (!call.CanEnter(course))
        {
            throw MoodleError.CourseContext(courseId);
        }

        options.RequireCapabilities(call, course);
        answer.BeginList();
        foreach (MoodleEnrolment enrolment in options.Page(Select(call, course, options)))
        {
            UserState user = call.World.FindUser(enrolment.UserId)!;
            if (UserDetails.CanSee(call, user, course))
            {
                Write(call, answer, user, course, enrolment, options);
            }
        }

        answer.EndList();
    }

    private static IEnumerable<MoodleEnrolment> Select(MoodleCall call, CourseState course, EnrolledUsersOptions options)
    {
        IEnumerable<MoodleEnrolment> all = options.Sort(call, course);
        if (options.OnlyActive)
        {
            all = all.Where(enrolment => enrolment.IsActive(call.Now));
        }

        if (options.OnlySuspended)
        {
            all = all.Where(enrolment => !enrolment.IsActive(call.Now));
        }

        if (options.WithCapability is { } capability)
        {
            all = all.Where(enrolment =>
                MoodleCapabilities.Of(enrolment.Role).Contains(capability) || call.World.FindUser(enrolment.UserId)!.Capabilities.Contains(capability));
        }

        if (options.GroupId is { } groupId)
        {
            IReadOnlySet<int> members = course.Course.Groups.FirstOrDefault(group => group.Id == groupId)?.Members ?? FrozenSet<int>.Empty;
            all = all.Where(enrolment => members.Contains(enrolment.UserId));
        }

        return all;
    }

    private static void Site(MoodleCall call, AnswerWriter answer, EnrolledUsersOptions options)
    {
        answer.BeginList();
        foreach (UserState user in options.Page(call.World.UserStates.Where(user => !user.User.Deleted).OrderBy(user => user.User.Id)))
        {
            if (UserDetails.CanSee(call, user, null))
            {
                Write(call, answer, user, null, null, options);
            }
        }

        answer.EndList();
    }

    private static void Write(
        MoodleCall call, AnswerWriter answer, UserState user, CourseState? course, MoodleEnrolment? enrolment, EnrolledUsersOptions options)
    {
        Func<string, bool> asked = options.Fields is { } fields ? fields.Contains : s_default.Contains;
        answer.BeginObject();
        UserDetails.Head(call, answer, user, course, asked);
        if (asked("lastcourseaccess") && course is not null)
        {
            answer.Member("lastcourseaccess", 0);
        }

        UserDetails.Tail(call, answer, user, asked);
        if (asked("groups") && course is { Course.Groups.Count: > 0 })
        {
            Groups(answer, course, user.User.Id);
        }

        if (asked("roles") && enrolment is not null)
        {
            answer.BeginList("roles");
            answer.BeginObject();
            answer.Member("roleid", (int)enrolment.Role);
            answer.Member("name", "");
            answer.Member("shortname", enrolment.Role == MoodleRole.Student ? "student" : "editingteacher");
            answer.Member("sortorder", 0);
            answer.EndObject();
            answer.EndList();
        }

        if (asked("enrolledcourses"))
        {
            Courses(call, answer, user);
        }

        answer.EndObject();
    }

    private static void Groups(AnswerWriter answer, CourseState course, int userId)
    {
        answer.BeginList("groups");
        foreach (MoodleGroup group in course.Course.Groups.Where(group => group.Members.Contains(userId)))
        {
            answer.BeginObject();
            answer.Member("id", group.Id);
            answer.Member("name", group.Name);
            answer.Member("description", "");
            answer.Member("descriptionformat", 1);
            answer.EndObject();
        }

        answer.EndList();
    }

    private static void Courses(MoodleCall call, AnswerWriter answer, UserState user)
    {
        bool any = false;
        foreach (CourseState course in CourseFields.Listed(user.Courses.Where(course => course.IsOpenTo(user, call.Now))))
        {
            if (!any)
            {
                answer.BeginList("enrolledcourses");
                any = true;
            }

            answer.BeginObject();
            answer.Member("id", course.Course.Id);
            answer.Member("fullname", call.Name(course.Course.FullName));
            answer.Member("shortname", call.Name(course.Course.ShortName));
            answer.EndObject();
        }

        if (any)
        {
            answer.EndList();
        }
    }
}
