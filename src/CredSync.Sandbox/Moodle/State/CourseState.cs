namespace CredSync.Sandbox.Moodle.State;

/// <summary>A course with its enrolments, completions and grades.</summary>
internal sealed class CourseState
{
    private MoodleEnrolment[]? _byUserId;
    private MoodleEnrolment[]? _byName;
    private MoodleEnrolment[]? _teachers;

    public CourseState(MoodleCourse course)
    {
        Course = course;
        Activities = [.. course.Activities.Select(activity => new ActivityState(activity, this))];
    }

    public MoodleCourse Course { get; set; }

    public IReadOnlyList<ActivityState> Activities { get; }

    public Dictionary<int, MoodleEnrolment> Enrolments { get; } = [];

    public Dictionary<int, CompletionState> Completions { get; } = [];

    /// <summary>The course total of each learner who has one.</summary>
    public Dictionary<int, GradeState> Totals { get; } = [];

    public int SortOrder => Course.SortOrder ?? int.MaxValue - Course.Id;

    public int ContextId => Course.ContextId ?? Course.Id + 14;

    public int GradeItemId => Course.GradeItemId ?? 1000 + Course.Id;

    public int GradeCategoryId => Course.GradeCategoryId ?? Course.Id;

    /// <summary>What the graded activities can give together.</summary>
    public double GradeMax => Activities.Sum(activity => activity.Activity.GradeMax ?? 0);

    public bool HasActive(int userId, DateTimeOffset now) => Enrolments.TryGetValue(userId, out MoodleEnrolment? enrolment) && enrolment.IsActive(now);

    /// <summary>Whether completion reports count the account: an active learner.</summary>
    public bool Tracks(int userId, DateTimeOffset now) =>
        Enrolments.TryGetValue(userId, out MoodleEnrolment? enrolment) && enrolment.Role == MoodleRole.Student && enrolment.IsActive(now);

    public void Enrol(MoodleEnrolment enrolment)
    {
        Enrolments[enrolment.UserId] = enrolment;
        _byUserId = _byName = _teachers = null;
    }

    public bool Remove(int userId)
    {
        _byUserId = _byName = _teachers = null;
        return Enrolments.Remove(userId);
    }

    public MoodleEnrolment[] ByUserId() => _byUserId ??= [.. Enrolments.Values.OrderBy(enrolment => enrolment.UserId)];

    /// <summary>By family name, given name and id, compared byte by byte as a database with the C collation does.</summary>
    public MoodleEnrolment[] ByName(Func<int, MoodleUser> user) => _byName ??=
        [.. Enrolments.Values
            .OrderBy(enrolment => user(enrolment.UserId).LastName, StringComparer.Ordinal)
            .ThenBy(enrolment => user(enrolment.UserId).FirstName, StringComparer.Ordinal)
            .ThenBy(enrolment => enrolment.UserId)];

    public IEnumerable<MoodleEnrolment> Teachers() => _teachers ??= [.. ByUserId().Where(enrolment => enrolment.Role == MoodleRole.EditingTeacher)];

    /// <summary>Whether the course is among those that an account sees as its own: active in it, and visible or shown to its role.</summary>
    public bool IsOpenTo(UserState user, DateTimeOffset now) =>
        Enrolments.TryGetValue(user.User.Id, out MoodleEnrolment? own)
        && own.IsActive(now)
        && (Course.Visible || user.Capabilities.Contains(MoodleCapabilities.ViewHiddenCourses) || MoodleCapabilities.Of(own.Role).Contains(MoodleCapabilities.ViewHiddenCourses));

    /// <summary>Somebody's name changed.</summary>
    public void ForgetOrder() => _byName = null;

    public CompletionState CompletionOf(int userId)
    {
        if (!Completions.TryGetValue(userId, out CompletionState? completion))
        {
            completion = new CompletionState(Course.Criteria.Count);
            Completions.Add(userId, completion);
        }

        return completion;
    }
}
