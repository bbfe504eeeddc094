using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle;

/// <summary>When the play Moodle counts what was met.</summary>
public enum MoodleCron
{
    /// <summary>As if cron ran after every act: completions show at once.</summary>
    AfterEveryAct,

    /// <summary>
    /// As a real site between two runs: activities count within their request, self completions and approvals at the next
    /// <see cref="MoodleWorld.RunCron"/>, course grades and prerequisites at the second one.
    /// </summary>
    ByHand,
}

/// <summary>
/// Everything that a Moodle site holds, apart from how it is asked. Acts change it while it is being served; each act and each call sees it whole.
/// </summary>
public sealed partial class MoodleWorld
{
    private readonly Dictionary<int, UserState> _users = [];
    private readonly Dictionary<string, int> _userByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _usersByEmail = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _usersByIdNumber = new(StringComparer.Ordinal);
    private readonly List<CourseState> _courses = [];
    private readonly Dictionary<int, CourseState> _courseById = [];
    private readonly Dictionary<int, List<CourseState>> _dependents = [];
    private readonly Dictionary<int, ActivityState> _activities = [];
    private readonly Dictionary<string, MoodleToken> _tokens = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, MoodleBadge> _badges = [];
    private readonly CompletionEngine _engine;

    /// <summary>Creates a world with a guest (1) and an administrator (2), no courses, no tokens.</summary>
    public MoodleWorld()
    {
        _engine = new CompletionEngine(this);
        Add(new MoodleUser { Id = 1, UserName = "guest", FirstName = "Guest user", LastName = " ", Email = "root@localhost" });
        Add(new MoodleUser { Id = 2, UserName = "admin", FirstName = "Admin", LastName = "User", Email = "admin@example.com" });
    }

    /// <summary>The site's name, release and switches.</summary>
    public MoodleSite Site { get; } = new();

    /// <summary>When met criteria count. Default: at once.</summary>
    public MoodleCron Cron { get; set; } = MoodleCron.AfterEveryAct;

    /// <summary>The accounts, in the order in which they were added.</summary>
    public IReadOnlyList<MoodleUser> Users
    {
        get
        {
            lock (Gate)
            {
                return [.. _users.Values.Select(state => state.User)];
            }
        }
    }

    /// <summary>The courses, in the order in which they were added, which is the order of <c>core_course_get_courses</c>.</summary>
    public IReadOnlyList<MoodleCourse> Courses
    {
        get
        {
            lock (Gate)
            {
                return [.. _courses.Select(state => state.Course)];
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal IReadOnlyList<CourseState> CourseStates => _courses;

    internal IEnumerable<UserState> UserStates => _users.Values;

    internal IReadOnlyDictionary<int, MoodleBadge> Badges => _badges;

    internal List<MoodleReport> Reports { get; } = [];

    /// <summary>Adds an account.</summary>
    /// <param name="user">The account; its id and user name must be new.</param>
    public void Add(MoodleUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        lock (Gate)
        {
            _users.Add(user.Id, new UserState(user));
            Index(user);
        }
    }

    /// <summary>Adds a course.</summary>
    /// <param name="course">The course; its id and the ids of its activities must be new.</param>
    public void Add(MoodleCourse course)
    {
        ArgumentNullException.ThrowIfNull(course);
        lock (Gate)
        {
            CourseState state = new(course);
            _courseById.Add(course.Id, state);
            _courses.Add(state);
            foreach (ActivityState activity in state.Activities)
            {
                _activities.Add(activity.Activity.Id, activity);
            }

            foreach (MoodleCriterion.Prerequisite prerequisite in course.Criteria.OfType<MoodleCriterion.Prerequisite>())
            {
                if (!_dependents.TryGetValue(prerequisite.CourseId, out List<CourseState>? dependents))
                {
                    _dependents.Add(prerequisite.CourseId, dependents = []);
                }

                dependents.Add(state);
            }
        }
    }

    /// <summary>Adds a token of a service account.</summary>
    /// <param name="token">The token; its text must be new.</param>
    public void Add(MoodleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        lock (Gate)
        {
            _tokens.Add(token.Value, token);
        }
    }

    /// <summary>Adds a badge.</summary>
    /// <param name="badge">The badge; its id must be new.</param>
    public void Add(MoodleBadge badge)
    {
        ArgumentNullException.ThrowIfNull(badge);
        lock (Gate)
        {
            _badges.Add(badge.Id, badge);
        }
    }

    /// <summary>Adds a custom report.</summary>
    /// <param name="report">The report; its id must be new.</param>
    public void Add(MoodleReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (Gate)
        {
            Reports.Add(report);
        }
    }

    /// <summary>Puts an account into a course, or changes how it is in it.</summary>
    /// <param name="enrolment">The place; course and account must exist. An earlier place of the same account in the same course is replaced.</param>
    public void Enrol(MoodleEnrolment enrolment)
    {
        ArgumentNullException.ThrowIfNull(enrolment);
        lock (Gate)
        {
            CourseState course = _courseById[enrolment.CourseId];
            UserState user = _users[enrolment.UserId];
            if (!course.Enrolments.ContainsKey(enrolment.UserId))
            {
                user.Courses.Add(course);
            }

            course.Enrol(enrolment);
            user.IsCourseContact |= enrolment.Role == MoodleRole.EditingTeacher;
        }
    }

    /// <summary>Takes an account out of a course; what it completed stays, unseen.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The account.</param>
    public void Unenrol(int courseId, int userId)
    {
        lock (Gate)
        {
            CourseState course = _courseById[courseId];
            if (course.Remove(userId))
            {
                _users[userId].Courses.Remove(course);
            }
        }
    }

    internal UserState? FindUser(long id) => id is > 0 and <= int.MaxValue ? _users.GetValueOrDefault((int)id) : null;

    internal UserState? FindUserByName(string name) => _userByName.TryGetValue(name, out int id) ? _users[id] : null;

    internal IEnumerable<UserState> FindUsersByEmail(string email) => Named(_usersByEmail, email);

    internal IEnumerable<UserState> FindUsersByIdNumber(string idNumber) => Named(_usersByIdNumber, idNumber);

    internal CourseState? FindCourse(long id) => id is > 0 and <= int.MaxValue ? _courseById.GetValueOrDefault((int)id) : null;

    /// <summary>The courses of which a course is a prerequisite.</summary>
    internal IEnumerable<CourseState> DependentsOf(int courseId) => _dependents.GetValueOrDefault(courseId) ?? [];

    internal MoodleToken? FindToken(string value) => _tokens.GetValueOrDefault(value);

    private IEnumerable<UserState> Named(Dictionary<string, List<int>> index, string key) =>
        index.TryGetValue(key, out List<int>? ids) ? ids.Order().Select(id => _users[id]) : [];

    private void Index(MoodleUser user)
    {
        _userByName.Add(user.UserName, user.Id);
        Put(_usersByEmail, user.Email, user.Id);
        Put(_usersByIdNumber, user.IdNumber, user.Id);

        static void Put(Dictionary<string, List<int>> index, string key, int id)
        {
            if (!index.TryGetValue(key, out List<int>? ids))
            {
                index.Add(key, ids = []);
            }

            ids.Add(id);
        }
    }

    private void Unindex(MoodleUser user)
    {
        _userByName.Remove(user.UserName);
        _usersByEmail[user.Email].Remove(user.Id);
        _usersByIdNumber[user.IdNumber].Remove(user.Id);
    }
}
