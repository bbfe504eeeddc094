namespace CredSync.Sandbox.Example;

/// <summary>
/// What a play example service holds: completions in the order in which they changed, and badges that were awarded there. The templates of <c>dotnet new</c>
/// speak its dialect, so that a new adapter has something to read and to award at from its first minute.
/// </summary>
public sealed class ExampleWorld
{
    private readonly List<ExampleCompletion> _completions = [];
    private readonly List<ExampleBadge> _badges = [];
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);

    /// <summary>The token.</summary>
    public string Token { get; init; } = "northwind-play-example";

    /// <summary>What the token may do. Default <c>read</c> and <c>award</c>.</summary>
    public IReadOnlyList<string> Rights { get; set; } = ["read", "award"];

    /// <summary>The most completions that one answer holds. Default 100.</summary>
    public int LargestPage { get; set; } = 100;

    /// <summary>The badges, in the order in which they were awarded; revoked ones included.</summary>
    public IReadOnlyList<ExampleBadge> Badges
    {
        get
        {
            lock (Gate)
            {
                return [.. _badges];
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal IReadOnlyList<ExampleCompletion> Completions => _completions;

    /// <summary>Somebody completes a course.</summary>
    /// <param name="learner">Their number, for example <c>NW-1001</c>.</param>
    /// <param name="course">Code of the course.</param>
    /// <param name="at">When.</param>
    /// <param name="score">The result, 0 to 1; null for none.</param>
    /// <param name="title">The course's title; null for its code.</param>
    public void Complete(string learner, string course, DateTimeOffset at, double? score = null, string? title = null)
    {
        lock (Gate)
        {
            _completions.Add(new ExampleCompletion(_completions.Count + 1, $"c-{_completions.Count + 1}", learner, course, title ?? course, at, score, IsWithdrawn: false));
        }
    }

    /// <summary>A completion is taken back.</summary>
    /// <param name="learner">Whose.</param>
    /// <param name="course">Of which course.</param>
    public void Withdraw(string learner, string course)
    {
        lock (Gate)
        {
            ExampleCompletion last = _completions.Last(c => c.Learner == learner && c.Course == course);
            _completions.Add(last with { Number = _completions.Count + 1, IsWithdrawn = true });
        }
    }

    /// <summary>Whether a badge was revoked.</summary>
    /// <param name="id">Its id.</param>
    public bool IsRevoked(string id)
    {
        lock (Gate)
        {
            return _revoked.Contains(id);
        }
    }

    internal ExampleBadge Award(ExampleBadge badge)
    {
        ExampleBadge awarded = badge with { Id = PlayIds.Create("example", _badges.Count) };
        _badges.Add(awarded);
        return awarded;
    }

    internal void Revoke(string id) => _revoked.Add(id);
}

/// <summary>A badge that a play example service awarded.</summary>
/// <param name="Id">Its id; empty before it has one.</param>
/// <param name="Key">The caller's own key.</param>
/// <param name="Email">Address of who got it.</param>
/// <param name="Title">What it is for.</param>
/// <param name="EarnedAt">When it was earned, as it was sent.</param>
public sealed record ExampleBadge(string Id, string Key, string Email, string Title, string EarnedAt);

/// <summary>A line of the service's log of completions.</summary>
internal sealed record ExampleCompletion(int Number, string Id, string Learner, string Course, string Title, DateTimeOffset At, double? Score, bool IsWithdrawn);
