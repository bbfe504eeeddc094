using System.Globalization;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>A call that was let in: who asks what of which world at what time.</summary>
internal sealed class MoodleCall
{
    public required MoodleWorld World { get; init; }

    public required UserState Account { get; init; }

    public required MoodleService Service { get; init; }

    public required ParameterReader Parameters { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The address inside answers, without a slash at the end.</summary>
    public required string Site { get; init; }

    /// <summary>Text is asked for as stored.</summary>
    public required bool Raw { get; init; }

    /// <summary>A fault: nothing is complete.</summary>
    public bool HidesCompletions { get; init; }

    public int AccountId => Account.User.Id;

    public bool Has(string capability) => Account.Capabilities.Contains(capability);

    /// <summary>Whether the account holds a capability on the site or through its role in the course.</summary>
    public bool Has(string capability, CourseState course) =>
        Has(capability)
        || (course.Enrolments.TryGetValue(AccountId, out MoodleEnrolment? own) && own.IsActive(Now) && MoodleCapabilities.Of(own.Role).Contains(capability));

    public void Require(string capability, CourseState course)
    {
        if (!Has(capability, course))
        {
            throw MoodleError.NoPermission(capability);
        }
    }

    public bool CanSee(CourseState course) => course.Course.Visible || Has(MoodleCapabilities.ViewHiddenCourses, course);

    public bool CanEnter(CourseState course) => CanSee(course) && (Has(MoodleCapabilities.CourseView, course) || course.HasActive(AccountId, Now));

    /// <summary>A course that must exist; null is the site itself, which is course 1.</summary>
    public CourseState? ExistingCourse(int id) => id == 1 ? null : World.FindCourse(id) ?? throw MoodleError.NoRecord("course");

    /// <summary>An account that must exist and not be deleted.</summary>
    public UserState ActiveUser(int id)
    {
        UserState user = World.FindUser(id) ?? throw MoodleError.InvalidUser();
        return user.User.Deleted ? throw MoodleError.DeletedUser() : user;
    }

    public void Enter(CourseState? course)
    {
        if (course is not null && !CanEnter(course))
        {
            throw MoodleError.CannotEnterCourse();
        }
    }

    public string Name(string stored) => MoodleText.Name(stored, Raw);

    public string Html(string stored) => MoodleText.Html(stored, Raw);

    public string Picture(int size) => string.Create(CultureInfo.InvariantCulture, $"{Site}/theme/image.php/boost/core/{World.Site.ThemeRevision}/u/f{size}");

    public string CourseImage(int contextId) => string.Create(CultureInfo.InvariantCulture, $"{Site}/pluginfile.php/{contextId}/course/generated/course.svg");
}
