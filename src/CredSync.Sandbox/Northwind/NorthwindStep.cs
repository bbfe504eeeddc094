using System.Globalization;

namespace CredSync.Sandbox.Northwind;

/// <summary>What happens in a <see cref="NorthwindStep"/>.</summary>
public enum NorthwindStepKind
{
    /// <summary>A learner begins a course.</summary>
    Begin,

    /// <summary>A learner finishes a course.</summary>
    Finish,

    /// <summary>The platform tells a second time that the course was finished; nothing new.</summary>
    Repeat,

    /// <summary>The platform takes the second telling back; the first one stands.</summary>
    TakeBack,
}

/// <summary>A step of a story at one of the smaller platforms: the learning record store, the JSON API, the records of the personnel office.</summary>
public sealed record NorthwindStep
{
    /// <summary>Its place in the timeline, from 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>When it happens; no two steps of a timeline happen in the same millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happens.</summary>
    public required NorthwindStepKind Kind { get; init; }

    /// <summary>The learner's number, for example <c>NW-1004</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The course's key, for example <c>SECURITY-100</c>.</summary>
    public required string Course { get; init; }

    /// <summary>The score from 0 to 100; null for none.</summary>
    public double? Score { get; init; }

    /// <summary>The step in one line, without names.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd} {Learner} {Kind} {Course}");
}

/// <summary>A completion that a reader must find, known from the story alone.</summary>
/// <param name="Learner">The learner's number.</param>
/// <param name="Course">The course's key.</param>
/// <param name="CompletedAt">When it was finished, as exactly as the platform tells it.</param>
/// <param name="Score">The score from 0 to 100; null for none.</param>
public sealed record ExpectedFinish(string Learner, string Course, DateTimeOffset CompletedAt, double? Score);

/// <summary>A course of a story, and how people take to it.</summary>
/// <param name="Course">Its key.</param>
/// <param name="Title">Its title.</param>
/// <param name="Joins">How likely somebody begins it, from 0 to 1; the first learner always does.</param>
/// <param name="Finishes">How likely somebody who began it finishes it; the first learner always does.</param>
/// <param name="Scored">Whether it has a score.</param>
/// <param name="Repeats">How likely its end is told twice.</param>
internal sealed record NorthwindOffer(string Course, string Title, double Joins, double Finishes, bool Scored, double Repeats);

/// <summary>Writes the timelines of the smaller platforms. The same seed writes the same.</summary>
internal static class NorthwindSteps
{
    private static readonly DateTimeOffset s_begin = new(2025, 3, 3, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_end = new(2026, 9, 30, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<NorthwindStep> Write(int seed, IReadOnlyList<NorthwindOffer> offers)
    {
        Random random = new(seed);
        List<NorthwindStep> steps = [];
        foreach (NorthwindLearner learner in NorthwindLearner.All)
        {
            foreach (NorthwindOffer offer in offers)
            {
                Take(learner, offer);
            }
        }

        List<NorthwindStep> timeline = [];
        foreach (NorthwindStep step in steps.Where(step => step.At < s_end).OrderBy(step => step.At).ThenBy(step => step.Learner, StringComparer.Ordinal))
        {
            DateTimeOffset first = timeline.Count > 0 ? timeline[^1].At.AddMilliseconds(1) : step.At;
            timeline.Add(step with { Number = timeline.Count + 1, At = step.At > first ? step.At : first });
        }

        return timeline;

        void Take(NorthwindLearner learner, NorthwindOffer offer)
        {
            bool always = learner.Index == 0;
            DateTimeOffset at = After(s_begin, 0, 380);
            double joins = random.NextDouble(), finishes = random.NextDouble(), repeats = random.NextDouble();
            double? score = offer.Scored ? Math.Round((always ? 82 : 60) + (random.NextDouble() * 17), 1) : null;
            DateTimeOffset done = After(at, 1, 60), again = After(done, 1, 9), back = After(again, 1, 9);
            if (!always && joins >= offer.Joins)
            {
                return;
            }

            Put(NorthwindStepKind.Begin, at, null);
            if (!always && finishes >= offer.Finishes)
            {
                return;
            }

            Put(NorthwindStepKind.Finish, done, score);
            if (repeats < offer.Repeats)
            {
                Put(NorthwindStepKind.Repeat, again, score);
                Put(NorthwindStepKind.TakeBack, back, null);
            }

            void Put(NorthwindStepKind kind, DateTimeOffset when, double? result) =>
                steps.Add(new NorthwindStep { Number = 0, At = when, Kind = kind, Learner = learner.Number, Course = offer.Course, Score = result });
        }

        DateTimeOffset After(DateTimeOffset at, int fewest, int most) => at.AddDays(random.Next(fewest, most + 1)).AddMilliseconds(random.Next(1, 3_600_000));
    }

    /// <summary>What a reader must know after a number of steps.</summary>
    public static IReadOnlyList<ExpectedFinish> ExpectedAfter(IReadOnlyList<NorthwindStep> timeline, int steps) =>
        [.. timeline.Take(steps).Where(step => step.Kind == NorthwindStepKind.Finish).Select(step => new ExpectedFinish(step.Learner, step.Course, step.At, step.Score))];
}
