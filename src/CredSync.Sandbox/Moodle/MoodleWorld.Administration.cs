using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle;

/// <content>What administrators change.</content>
public sealed partial class MoodleWorld
{
    /// <summary>Changes an account's own data; user name, e-mail and number are found under their new text from then on.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="change">From the old data to the new; the id must stay. Its site capabilities are changed with <see cref="Grant"/> and <see cref="Deny"/>.</param>
    public void Change(int userId, Func<MoodleUser, MoodleUser> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Gate)
        {
            UserState state = _users[userId];
            MoodleUser changed = change(state.User);
            Unindex(state.User);
            Index(changed);
            state.User = changed;
            state.Courses.ForEach(course => course.ForgetOrder());
        }
    }

    /// <summary>Changes a course's own data.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="change">From the old data to the new; id, activities and criteria must stay.</param>
    public void Change(int courseId, Func<MoodleCourse, MoodleCourse> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Gate)
        {
            CourseState state = _courseById[courseId];
            state.Course = change(state.Course);
        }
    }

    /// <summary>Deletes an account as Moodle does: it stays under its id, with a mangled name and a hashed e-mail address, and in no course.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="at">When.</param>
    public void DeleteUser(int userId, DateTimeOffset at)
    {
        lock (Gate)
        {
            foreach (CourseState course in _users[userId].Courses.ToList())
            {
                Unenrol(course.Course.Id, userId);
            }
        }

        Change(userId, user => user with
        {
            Deleted = true,
            UserName = user.Email + "." + at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Email = MangledEmail(user.UserName),
            IdNumber = "",
        });
    }

    /// <summary>Moodle puts a hash of the user name where the address was.</summary>
    private static string MangledEmail(string userName) =>
#pragma warning disable CA5351 // Moodle chose MD5 here; it protects nothing in a play platform.
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(userName)));
#pragma warning restore CA5351

    /// <summary>Gives an account a capability on the whole site.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="capability">The capability, for example <c>moodle/course:update</c>.</param>
    public void Grant(int userId, string capability)
    {
        lock (Gate)
        {
            _users[userId].Capabilities.Add(capability);
        }
    }

    /// <summary>Takes a capability from an account.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="capability">The capability.</param>
    public void Deny(int userId, string capability)
    {
        lock (Gate)
        {
            _users[userId].Capabilities.Remove(capability);
        }
    }

    /// <summary>Takes a token away, as an administrator does, or Moodle itself with an ended one.</summary>
    /// <param name="value">The token's text.</param>
    public void Revoke(string value)
    {
        lock (Gate)
        {
            _tokens.Remove(value);
        }
    }
}
