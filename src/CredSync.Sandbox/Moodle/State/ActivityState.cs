namespace CredSync.Sandbox.Moodle.State;

/// <summary>An activity with its states and grades.</summary>
internal sealed class ActivityState(MoodleActivity activity, CourseState course)
{
    public MoodleActivity Activity { get; } = activity;

    public CourseState Course { get; } = course;

    public Dictionary<int, ActivityCompletion> States { get; } = [];

    public Dictionary<int, GradeState> Grades { get; } = [];

    public int Instance => Activity.Instance ?? Activity.Id;

    public int GradeItemId => Activity.GradeItemId ?? 100_000 + Activity.Id;

    /// <summary>The capability without which the activity is silently left out; null when everybody may see it.</summary>
    public string? ViewCapability { get; } =
        activity.Module is "page" or "resource" or "url" or "label" or "folder" or "book" or "forum" ? null : "mod/" + activity.Module + ":view";

    public ActivityCompletion StateOf(int userId) => States.GetValueOrDefault(userId);
}

/// <summary>How far one learner is with one activity.</summary>
internal readonly record struct ActivityCompletion(MoodleActivityState State, DateTimeOffset At)
{
    public bool IsComplete => State is MoodleActivityState.Complete or MoodleActivityState.Passed;
}

/// <summary>A grade: what it is, when it was given, what was said about it.</summary>
internal sealed record GradeState(double Value, DateTimeOffset GradedAt, string Feedback);
