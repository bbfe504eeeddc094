using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>What a caller may see of an account. Fields that it may not see are left out without a word.</summary>
internal static class UserDetails
{
    /// <summary>Whether the caller may see the account at all: itself, teachers, or everybody with <c>user:viewdetails</c>.</summary>
    public static bool CanSee(MoodleCall call, UserState user, CourseState? course) =>
        user.User.Id == call.AccountId
        || user.IsCourseContact
        || (course is null ? call.Has(MoodleCapabilities.UserViewDetails) : call.Has(MoodleCapabilities.UserViewDetails, course));

    /// <summary>Whether the caller may see user name, number, department and institution.</summary>
    public static bool ShowsAll(MoodleCall call, UserState user) =>
        user.User.Id == call.AccountId || call.Has(MoodleCapabilities.UserViewAllDetails);

    public static bool ShowsEmail(MoodleCall call, UserState user, CourseState? course) =>
        user.User.Id == call.AccountId
        || call.Has(MoodleCapabilities.ViewUserIdentity)
        || (course is not null && (call.Has(MoodleCapabilities.UserEmail, course) || call.Has(MoodleCapabilities.ViewUserIdentity, course)))
        || user.User.MailDisplay == 1
        || (user.User.MailDisplay == 2 && course?.HasActive(call.AccountId, call.Now) == true);

    /// <summary>Writes the first fields, from id to last access.</summary>
    public static void Head(MoodleCall call, AnswerWriter answer, UserState state, CourseState? course, Func<string, bool> asked)
    {
        MoodleUser user = state.User;
        bool all = ShowsAll(call, state);
        answer.Member("id", user.Id);
        Put("username", all, user.UserName);
        Put("firstname", true, user.FirstName);
        Put("lastname", true, user.LastName);
        answer.Member("fullname", user.FullName);
        Put("email", ShowsEmail(call, state, course), user.Email);
        Put("department", all, user.Department);
        Put("institution", all && user.Institution.Length > 0, user.Institution);
        Put("idnumber", all && user.IdNumber.Length > 0, user.IdNumber);
        PutZero("firstaccess");
        PutZero("lastaccess");

        void Put(string name, bool shown, string value)
        {
            if (shown && asked(name))
            {
                answer.Member(name, value);
            }
            else
            {
                answer.Absent(name);
            }
        }

        void PutZero(string name)
        {
            if (asked(name))
            {
                answer.Member(name, 0);
            }
            else
            {
                answer.Absent(name);
            }
        }
    }

    /// <summary>Writes the fields from city to pictures.</summary>
    public static void Tail(MoodleCall call, AnswerWriter answer, UserState state, Func<string, bool> asked)
    {
        MoodleUser user = state.User;
        Put("city", user.City);
        Put("country", user.Country);
        Put("profileimageurlsmall", call.Picture(2));
        Put("profileimageurl", call.Picture(1));

        void Put(string name, string value)
        {
            if (value.Length > 0 && asked(name))
            {
                answer.Member(name, value);
            }
            else
            {
                answer.Absent(name);
            }
        }
    }
}
