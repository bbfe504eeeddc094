using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Coursera;

/// <summary>What Northwind's people learn at Coursera from 2025 to 2026, step by step. The same seed gives the same steps.</summary>
public sealed class NorthwindCourseraScript : PlayScript<NorthwindCourseraEvent>
{
    /// <summary>The program's id.</summary>
    public const string ProgramId = "pR7s2xF0Ee6m0Q5uVw9zBg";

    /// <summary>The content id of the course "Practical Data Cleaning", part of the specialization.</summary>
    public const string DataCleaning = "hT5cKq1EEe6w8g4Lr0bXyA";

    /// <summary>The content id of the course "SQL for Everyday Questions", part of the specialization.</summary>
    public const string Sql = "s9QwLr3HEe6b2c1Nf7kPzQ";

    /// <summary>The content id of the course "Project Management Basics".</summary>
    public const string Projects = "pM4vBn8KEe6c5d0Tg3hJyA";

    /// <summary>The content id of the specialization "Data Foundations", which is data cleaning and SQL.</summary>
    public const string DataFoundations = "dF6uHj2LEe6e9f7Qw1xCvB";

    private static readonly DateTimeOffset s_begin = new(2025, 2, 3, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_end = new(2026, 9, 30, 0, 0, 0, TimeSpan.Zero);

    private NorthwindCourseraScript(int seed)
    {
        World = CreateWorld();
        Timeline = [.. Write(new Random(seed)).OrderBy(step => step.At).ThenBy(step => step.Learner, StringComparer.Ordinal).Select((step, i) => step with { Number = i + 1 })];
    }

    /// <summary>The organisation; at the start nobody is enrolled.</summary>
    public CourseraWorld World { get; }

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindCourseraScript Create(int seed = 1) => new(seed);

    /// <summary>The completions that a reader must know after a number of steps, those of people who left included. They come from the plot, not from the world.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedCourseraCompletion> ExpectedAfter(int steps)
    {
        Dictionary<(string Learner, string ContentId), ExpectedCourseraCompletion> expected = [];
        foreach (NorthwindCourseraEvent step in Timeline.Take(steps))
        {
            (string, string) key = (step.Learner, step.ContentId);
            if (step.Act == NorthwindCourseraAct.Complete)
            {
                expected[key] = new ExpectedCourseraCompletion(step.Learner, step.ContentId, step.At, step.Grade);
            }
            else if (step.Act == NorthwindCourseraAct.Regrade)
            {
                expected[key] = expected[key] with { Grade = step.Grade };
            }
        }

        foreach (ExpectedCourseraCompletion first in expected.Values.Where(x => x.ContentId == DataCleaning).ToList())
        {
            if (expected.TryGetValue((first.Learner, Sql), out ExpectedCourseraCompletion? second))
            {
                DateTimeOffset later = first.CompletedAt > second.CompletedAt ? first.CompletedAt : second.CompletedAt;
                expected[(first.Learner, DataFoundations)] = new ExpectedCourseraCompletion(first.Learner, DataFoundations, later, Grade: null);
            }
        }

        return [.. expected.Values];
    }

    private static CourseraWorld CreateWorld()
    {
        CourseraWorld world = new();
        world.Add(new CourseraContent { Id = DataCleaning, Name = "Practical Data Cleaning", Slug = "practical-data-cleaning" });
        world.Add(new CourseraContent { Id = Sql, Name = "SQL for Everyday Questions", Slug = "sql-for-everyday-questions" });
        world.Add(new CourseraContent { Id = Projects, Name = "Project Management Basics", Slug = "project-management-basics", Partners = ["Example Business School"] });
        world.Add(new CourseraContent { Id = DataFoundations, Name = "Data Foundations", Slug = "data-foundations", CourseIds = [DataCleaning, Sql] });
        world.Add(new CourseraProgram { Id = ProgramId, Name = "Northwind Data Academy", Slug = "northwind-data-academy", ContentIds = [DataCleaning, Sql, Projects, DataFoundations] });
        foreach (NorthwindLearner learner in NorthwindLearner.All)
        {
            world.Add(new CourseraMember { ExternalId = learner.Number, FullName = learner.FullName, Email = learner.Email, BusinessUnit = learner.Department });
        }

        return world;
    }

    private static List<NorthwindCourseraEvent> Write(Random random)
    {
        List<NorthwindCourseraEvent> steps = [];
        foreach (NorthwindLearner learner in NorthwindLearner.All)
        {
            bool always = learner.Index == 0;
            foreach (string content in new[] { DataCleaning, Sql, Projects })
            {
                if (Chance(0.55))
                {
                    Course(content);
                }
            }

            // The last learner leaves; the badges stay right.
            if (learner.Index == NorthwindLearner.All.Count - 1)
            {
                Put(NorthwindCourseraAct.Leave, "", s_end.AddDays(-30));
            }

            void Course(string content)
            {
                DateTimeOffset enrolled = After(s_begin, 0, 400);
                Put(NorthwindCourseraAct.Enrol, content, enrolled);
                DateTimeOffset busy = After(enrolled, 2, 15);
                Put(NorthwindCourseraAct.Progress, content, busy);
                if (!Chance(0.75))
                {
                    return;
                }

                DateTimeOffset done = After(busy, 10, 80);
                double grade = Math.Round(0.7 + (random.NextDouble() * 0.29), 4);
                Put(NorthwindCourseraAct.Complete, content, done, grade);
                if (random.NextDouble() < 0.1)
                {
                    Put(NorthwindCourseraAct.Regrade, content, After(done, 2, 9), Math.Round(grade + 0.005, 4));
                }
            }

            bool Chance(double likely) => random.NextDouble() < likely || always;

            void Put(NorthwindCourseraAct act, string content, DateTimeOffset at, double? grade = null)
            {
                if (at < s_end)
                {
                    steps.Add(new NorthwindCourseraEvent { Number = 0, At = at, Act = act, Learner = learner.Number, ContentId = content, Grade = grade });
                }
            }

            DateTimeOffset After(DateTimeOffset at, int fewest, int most) => at.AddDays(random.Next(fewest, most + 1)).AddMilliseconds(random.Next(1, 3_600_000));
        }

        return steps;
    }

    private protected override DateTimeOffset TimeOf(NorthwindCourseraEvent step) => step.At;

    private protected override void Play(NorthwindCourseraEvent step)
    {
        switch (step.Act)
        {
            case NorthwindCourseraAct.Enrol:
                World.Enrol(ProgramId, step.Learner, step.ContentId, step.At);
                break;
            case NorthwindCourseraAct.Progress:
                World.Progress(ProgramId, step.Learner, step.ContentId, 40, step.At);
                break;
            case NorthwindCourseraAct.Complete:
                World.Complete(ProgramId, step.Learner, step.ContentId, step.At, step.Grade, percent: 87);
                break;
            case NorthwindCourseraAct.Regrade:
                World.Regrade(ProgramId, step.Learner, step.ContentId, step.Grade!.Value, step.At);
                break;
            case NorthwindCourseraAct.Leave:
                World.RemoveMember(step.Learner, step.At);
                break;
        }
    }
}
