namespace CredSync.Sandbox.Edx;

/// <summary>When what happened reaches the enterprise reports.</summary>
public enum EdxRefresh
{
    /// <summary>At once.</summary>
    AfterEveryAct,

    /// <summary>Only with <see cref="EdxWorld.RefreshReports"/>, as the real ones, which are made nightly.</summary>
    ByHand,
}

/// <summary>A site of Open edX and what an enterprise is told of it: courses, learners, grades, certificates, and the hooks that are sent.</summary>
public sealed partial class EdxWorld
{
    private readonly Dictionary<string, EdxCourse> _courses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EdxUser> _users = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, EdxEnrolment> _enrolments = [];
    private readonly Dictionary<(string UserName, string Run), EdxEnrolment> _byKey = [];
    private readonly HashSet<string> _unlinked = new(StringComparer.Ordinal);

    /// <summary>The id of the OAuth application.</summary>
    public string ClientId { get; init; } = "northwind-play-client";

    /// <summary>The secret of the OAuth application.</summary>
    public string ClientSecret { get; init; } = "northwind-play-secret";

    /// <summary>Whether the application's user is staff. False: everything but the token answers 403.</summary>
    public bool IsStaff { get; set; } = true;

    /// <summary>How long tokens live. Default one hour.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The enterprise's id.</summary>
    public string EnterpriseId { get; init; } = "6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11";

    /// <summary>The address that appears inside answers, without a slash at the end.</summary>
    public string PublicAddress { get; set; } = "https://lms.example.org";

    /// <summary>When acts reach the enterprise reports. Default: at once.</summary>
    public EdxRefresh Refresh { get; set; } = EdxRefresh.AfterEveryAct;

    /// <summary>The courses, in the order in which they were added.</summary>
    public IReadOnlyList<EdxCourse> Courses
    {
        get
        {
            lock (Gate)
            {
                return [.. _courses.Values];
            }
        }
    }

    /// <summary>The learners, in the order in which they were added.</summary>
    public IReadOnlyList<EdxUser> Users
    {
        get
        {
            lock (Gate)
            {
                return [.. _users.Values];
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal IEnumerable<EdxEnrolment> Enrolments => _enrolments.Values;

    /// <summary>Adds a course run.</summary>
    /// <param name="course">The run; its key must be new and have the form <c>course-v1:org+course+run</c>.</param>
    public void Add(EdxCourse course)
    {
        ArgumentNullException.ThrowIfNull(course);
        if (!EdxCourse.IsRun(course.Run))
        {
            throw new ArgumentException("A course run's key has the form course-v1:org+course+run.", nameof(course));
        }

        lock (Gate)
        {
            _courses.Add(course.Run, course);
        }
    }

    /// <summary>Adds a learner.</summary>
    /// <param name="user">The learner; the user name must be new.</param>
    public void Add(EdxUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        lock (Gate)
        {
            _users.Add(user.UserName, user);
        }
    }

    internal EdxCourse? FindCourse(string run) => _courses.GetValueOrDefault(run);

    internal EdxUser? FindUser(string userName) => _users.GetValueOrDefault(userName);

    internal EdxEnrolment? Find(string userName, string run) => _byKey.GetValueOrDefault((userName, run));

    internal bool IsLinked(EdxUser user) => !_unlinked.Contains(user.UserName);
}
