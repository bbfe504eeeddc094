using System.Globalization;
using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Edx;

/// <summary>What happens in a step of <see cref="NorthwindEdxScript"/>.</summary>
public enum NorthwindEdxAct
{
    /// <summary>A learner joins a course run.</summary>
    Enrol,

    /// <summary>A grade is computed; at 0.6 or more the learner passes.</summary>
    Grade,

    /// <summary>A certificate is taken back.</summary>
    Revoke,
}

/// <summary>A step of <see cref="NorthwindEdxScript"/>.</summary>
public sealed record NorthwindEdxEvent
{
    /// <summary>Its place in the timeline, from 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>When it happens.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happens.</summary>
    public required NorthwindEdxAct Act { get; init; }

    /// <summary>The learner's number, for example <c>NW-1004</c>; the user name is <c>nw1004</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The course run's key.</summary>
    public required string Run { get; init; }

    /// <summary>The grade from 0 to 1; null for none.</summary>
    public double? Grade { get; init; }

    /// <summary>The step in one line, without names.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd} {Learner} {Act} {Run}");
}

/// <summary>A completion that a reader of the play Open edX must find, known from the script alone.</summary>
/// <param name="Learner">The learner's number.</param>
/// <param name="Run">The course run's key.</param>
/// <param name="PassedAt">When the learner passed; the date of the certificate.</param>
/// <param name="Grade">The grade on the certificate, from 0 to 1.</param>
/// <param name="Revoked">Whether the certificate was taken back.</param>
public sealed record ExpectedEdxCompletion(string Learner, string Run, DateTimeOffset PassedAt, double Grade, bool Revoked);

/// <summary>What Northwind's people learn at Open edX from 2025 to 2026, step by step. The same seed gives the same steps.</summary>
public sealed class NorthwindEdxScript : PlayScript<NorthwindEdxEvent>
{
    /// <summary>The run of "Practical Data Cleaning" of 2026.</summary>
    public const string DataRun = "course-v1:NorthX+DATA101+2026_T1";

    /// <summary>The run of "Working Safely with Machines" of 2025.</summary>
    public const string MachinesRun = "course-v1:NorthX+SAFE200+2025_T3";

    private static readonly DateTimeOffset s_end = new(2026, 9, 30, 0, 0, 0, TimeSpan.Zero);

    private NorthwindEdxScript(int seed)
    {
        World.Add(new EdxCourse { Run = DataRun, Title = "Practical Data Cleaning" });
        World.Add(new EdxCourse { Run = MachinesRun, Title = "Working Safely with Machines" });
        foreach (NorthwindLearner learner in NorthwindLearner.All)
        {
            World.Add(new EdxUser { Id = 5101 + learner.Index, UserName = learner.UserName, Name = learner.FullName, Email = learner.Email, SsoUid = learner.Number });
        }

        Timeline = [.. Write(new Random(seed)).OrderBy(step => step.At).ThenBy(step => step.Learner, StringComparer.Ordinal).Select((step, i) => step with { Number = i + 1 })];
    }

    /// <summary>The site; at the start nobody is enrolled.</summary>
    public EdxWorld World { get; } = new();

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindEdxScript Create(int seed = 1) => new(seed);

    /// <summary>The completions that a reader must know after a number of steps. They come from the plot, not from the world.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedEdxCompletion> ExpectedAfter(int steps)
    {
        Dictionary<(string, string), ExpectedEdxCompletion> expected = [];
        foreach (NorthwindEdxEvent step in Timeline.Take(steps))
        {
            (string, string) key = (step.Learner, step.Run);
            if (step is { Act: NorthwindEdxAct.Grade, Grade: >= 0.6 and var grade } && !expected.ContainsKey(key))
            {
                expected.Add(key, new ExpectedEdxCompletion(step.Learner, step.Run, step.At, grade, Revoked: false));
            }
            else if (step.Act == NorthwindEdxAct.Revoke)
            {
                expected[key] = expected[key] with { Revoked = true };
            }
        }

        return [.. expected.Values];
    }

    private protected override DateTimeOffset TimeOf(NorthwindEdxEvent step) => step.At;

    private protected override void Play(NorthwindEdxEvent step)
    {
        string user = "nw" + step.Learner[3..];
        switch (step.Act)
        {
            case NorthwindEdxAct.Enrol:
                World.Enrol(user, step.Run, step.At);
                break;
            case NorthwindEdxAct.Grade:
                World.Grade(user, step.Run, step.Grade!.Value, step.At);
                break;
            case NorthwindEdxAct.Revoke:
                World.Revoke(user, step.Run, step.At);
                break;
        }
    }

    private static List<NorthwindEdxEvent> Write(Random random)
    {
        List<NorthwindEdxEvent> steps = [];
        foreach (NorthwindLearner learner in NorthwindLearner.All)
        {
            bool always = learner.Index == 0;
            if (always || random.NextDouble() < 0.6)
            {
                Run(MachinesRun, new DateTimeOffset(2025, 9, 1, 8, 0, 0, TimeSpan.Zero));
            }

            if (always || random.NextDouble() < 0.6)
            {
                Run(DataRun, new DateTimeOffset(2026, 1, 12, 8, 0, 0, TimeSpan.Zero));
            }

            // One certificate is taken back: that of the third learner in the course on machines, when there is one.
            if (learner.Index == 2 && steps.Find(step => step.Learner == learner.Number && step.Run == MachinesRun && step.Grade >= 0.6) is { } passed)
            {
                Put(NorthwindEdxAct.Revoke, MachinesRun, passed.At.AddDays(40));
            }

            void Run(string run, DateTimeOffset begin)
            {
                DateTimeOffset at = Put(NorthwindEdxAct.Enrol, run, After(begin, 0, 20));
                double grade = Math.Round(random.NextDouble() * 0.5, 2);
                at = Put(NorthwindEdxAct.Grade, run, After(at, 5, 30), grade);
                if (always || random.NextDouble() < 0.8)
                {
                    grade = Math.Round(0.62 + (random.NextDouble() * 0.37), 2);
                    Put(NorthwindEdxAct.Grade, run, After(at, 10, 60), grade);
                }
            }

            DateTimeOffset Put(NorthwindEdxAct act, string run, DateTimeOffset at, double? grade = null)
            {
                if (at < s_end)
                {
                    steps.Add(new NorthwindEdxEvent { Number = 0, At = at, Act = act, Learner = learner.Number, Run = run, Grade = grade });
                }

                return at;
            }

            DateTimeOffset After(DateTimeOffset at, int fewest, int most) => at.AddDays(random.Next(fewest, most + 1)).AddTicks(random.NextInt64(1, 30_000_000) * 10_000);
        }

        return steps;
    }
}
