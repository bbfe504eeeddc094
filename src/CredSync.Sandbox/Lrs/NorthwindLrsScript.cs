using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Lrs;

/// <summary>
/// What the makers of interactive content tell Northwind's learning record store from 2025 to 2026, step by step. Before each course there is a quiz with
/// statements of its own; some statements are sent twice, and the second is voided.
/// </summary>
public sealed class NorthwindLrsScript : PlayScript<NorthwindStep>
{
    /// <summary>What stands before a course's key in the ids of activities.</summary>
    public const string Courses = "https://learn.northwind.example/courses/";

    /// <summary>The key of "Security Awareness".</summary>
    public const string Security = "SECURITY-100";

    /// <summary>The key of "Handling Personal Data".</summary>
    public const string Privacy = "PRIVACY-100";

    private const string Quiz = "http://adlnet.gov/expapi/activities/assessment";
    private static readonly NorthwindOffer[] s_offers =
    [
        new(Security, "Security Awareness", 0.8, 0.85, Scored: true, Repeats: 0.1),
        new(Privacy, "Handling Personal Data", 0.6, 0.85, Scored: true, Repeats: 0.1),
    ];

    private static readonly Dictionary<string, NorthwindLearner> s_learners = NorthwindLearner.All.ToDictionary(x => x.Number);
    private readonly Dictionary<(string Learner, string Course), string> _repeated = [];

    private NorthwindLrsScript(int seed) => Timeline = NorthwindSteps.Write(unchecked((seed * 31) + 3), s_offers);

    /// <summary>The store; empty at the start.</summary>
    public LrsWorld World { get; } = new();

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindLrsScript Create(int seed = 1) => new(seed);

    /// <summary>The completions that a reader must know after a number of steps.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedFinish> ExpectedAfter(int steps) => NorthwindSteps.ExpectedAfter(Timeline, steps);

    private protected override DateTimeOffset TimeOf(NorthwindStep step) => step.At;

    private protected override void Play(NorthwindStep step)
    {
        string actor = "mailto:" + s_learners[step.Learner].Email;
        string course = Courses + step.Course;
        string title = s_offers.First(x => x.Course == step.Course).Title;
        double? score = step.Score / 100;
        switch (step.Kind)
        {
            case NorthwindStepKind.Begin:
                World.Complete(actor, course + "/quiz", step.At, step.At, 0.9, type: Quiz, title: "Quiz");
                break;
            case NorthwindStepKind.Finish:
                World.Complete(actor, course, step.At, step.At, score, "passed", title: title);
                break;
            case NorthwindStepKind.Repeat:
                _repeated[(step.Learner, step.Course)] = World.Complete(actor, course, step.At, step.At, score, "passed", title: title);
                break;
            case NorthwindStepKind.TakeBack:
                World.Void(_repeated[(step.Learner, step.Course)], step.At);
                break;
        }
    }
}
