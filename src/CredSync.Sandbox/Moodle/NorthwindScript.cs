using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Moodle;

/// <summary>
/// The story of Northwind, an invented company: two dozen learners, six courses, and what happens from 2025 to 2026, step by step.
/// The same seed gives the same people, the same steps and the same grades.
/// </summary>
public sealed class NorthwindScript : PlayScript<NorthwindEvent>
{
    /// <summary>The token of the service account that may see all it needs.</summary>
    public const string Token = "northwind-play-token-full";

    /// <summary>The token of a service account that may hardly see anything.</summary>
    public const string BareToken = "northwind-play-token-bare";

    private readonly Dictionary<string, int> _learners;
    private readonly Dictionary<string, int> _courses;
    private readonly IReadOnlyList<NorthwindOutcome> _outcomes;

    private NorthwindScript(int seed, int learners)
    {
        World = NorthwindPeople.CreateWorld(NorthwindLearner.Many(learners));
        _learners = World.Users.Where(user => user.IdNumber.StartsWith("NW-", StringComparison.Ordinal)).ToDictionary(user => user.IdNumber, user => user.Id);
        _courses = World.Courses.ToDictionary(course => course.IdNumber, course => course.Id);
        (Timeline, _outcomes) = new NorthwindPlot(seed, [.. _learners.Keys.Order(StringComparer.Ordinal)]).Write();
    }

    /// <summary>The world in which the script plays; at the start nobody is enrolled.</summary>
    public MoodleWorld World { get; }

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    /// <param name="learners">How many learners there are, from 1. Default 24, the company that the other play platforms know as well.</param>
    public static NorthwindScript Create(int seed = 1, int learners = 24) => new(seed, learners);

    /// <summary>Plays all steps up to a time.</summary>
    /// <param name="until">The last time that is still played.</param>
    /// <returns>How many steps were played now.</returns>
    public int PlayUntil(DateTimeOffset until)
    {
        int played = 0;
        while (PlayNextIf(step => step.At <= until) is not null)
        {
            played++;
        }

        return played;
    }

    /// <summary>
    /// The completions that a reader must find after the steps played so far. They come from the plot, not from the world, so that
    /// they prove both the reader and the play Moodle.
    /// </summary>
    public IReadOnlyList<ExpectedCompletion> Expected() => ExpectedAfter(Position);

    /// <summary>The completions that a reader must find after a number of steps.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedCompletion> ExpectedAfter(int steps)
    {
        Dictionary<(string, string), double> grades = [];
        foreach (NorthwindEvent step in Timeline.Take(steps).Where(step => step.Grade is not null))
        {
            grades[(step.Learner, step.Course)] = step.Grade!.Value;
        }

        return
        [
            .. _outcomes
                .Where(outcome => outcome.Number <= steps)
                .Select(outcome => new ExpectedCompletion(
                    outcome.Learner, outcome.Course, outcome.CompletedAt, grades.TryGetValue((outcome.Learner, outcome.Course), out double grade) ? grade : null)),
        ];
    }

    private protected override DateTimeOffset TimeOf(NorthwindEvent step) => step.At;

    private protected override void Play(NorthwindEvent step)
    {
        int user = _learners[step.Learner];
        int course = _courses[step.Course];
        switch (step.Act)
        {
            case NorthwindAct.Enrol:
                World.Enrol(new MoodleEnrolment { CourseId = course, UserId = user });
                break;
            case NorthwindAct.SelfComplete:
                World.SelfComplete(course, user, step.At);
                break;
            case NorthwindAct.CompleteActivity:
                World.CompleteActivity(step.ActivityId!.Value, user, step.At);
                break;
            case NorthwindAct.Grade:
                World.Grade(step.ActivityId!.Value, user, step.Grade!.Value, step.At);
                break;
            case NorthwindAct.Approve:
                World.Approve(course, user, step.At);
                break;
        }
    }
}

/// <summary>Which step completes a course for a learner, and with what date.</summary>
internal sealed record NorthwindOutcome(int Number, string Learner, string Course, DateTimeOffset CompletedAt);
