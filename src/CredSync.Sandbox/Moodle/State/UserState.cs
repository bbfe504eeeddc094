namespace CredSync.Sandbox.Moodle.State;

/// <summary>An account with all that hangs on it.</summary>
internal sealed class UserState(MoodleUser user)
{
    public MoodleUser User { get; set; } = user;

    public HashSet<string> Capabilities { get; } = [.. user.Capabilities];

    public List<CourseState> Courses { get; } = [];

    public List<MoodleBadgeAward> Awards { get; } = [];

    /// <summary>Teaches somewhere; Moodle shows such people to everybody.</summary>
    public bool IsCourseContact { get; set; }
}
