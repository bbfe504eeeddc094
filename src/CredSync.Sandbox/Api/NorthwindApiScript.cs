using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Api;

/// <summary>What Northwind's people learn at a vendor of driving lessons from 2025 to 2026, step by step. The same seed gives the same steps.</summary>
public sealed class NorthwindApiScript : PlayScript<NorthwindStep>
{
    /// <summary>The code of "Forklift Licence".</summary>
    public const string Forklift = "FORKLIFT-1";

    /// <summary>The code of "Defensive Driving".</summary>
    public const string Driving = "DRIVING-2";

    private static readonly NorthwindOffer[] s_offers =
    [
        new(Forklift, "Forklift Licence", 0.6, 0.8, Scored: true, Repeats: 0.15),
        new(Driving, "Defensive Driving", 0.5, 0.8, Scored: false, Repeats: 0),
    ];

    private static readonly Dictionary<string, NorthwindLearner> s_learners = NorthwindLearner.All.ToDictionary(x => x.Number);

    private NorthwindApiScript(int seed) => Timeline = NorthwindSteps.Write(unchecked((seed * 31) + 5), s_offers);

    /// <summary>The vendor; empty at the start.</summary>
    public ApiWorld World { get; } = new();

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindApiScript Create(int seed = 1) => new(seed);

    /// <summary>The completions that a reader must know after a number of steps.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedFinish> ExpectedAfter(int steps) => NorthwindSteps.ExpectedAfter(Timeline, steps);

    private protected override DateTimeOffset TimeOf(NorthwindStep step) => step.At;

    private protected override void Play(NorthwindStep step)
    {
        NorthwindLearner learner = s_learners[step.Learner];
        if (step.Kind != NorthwindStepKind.TakeBack)
        {
            string title = s_offers.First(x => x.Course == step.Course).Title;
            World.Put(learner.Number, learner.Email, learner.FullName, step.Course, title, step.At, step.Kind != NorthwindStepKind.Begin, step.Score);
        }
    }
}
