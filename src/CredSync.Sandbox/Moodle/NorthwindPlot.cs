namespace CredSync.Sandbox.Moodle;

/// <summary>Writes Northwind's timeline, and beside it, from the same plan, which step completes what.</summary>
internal sealed class NorthwindPlot(int seed, IReadOnlyList<string> learners)
{
    private static readonly DateTimeOffset s_begin = new(2025, 1, 13, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_end = new(2026, 9, 30, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly List<NorthwindEvent> _events = [];
    private readonly List<(string Learner, string Course, DateTimeOffset At)> _completions = [];

    public (IReadOnlyList<NorthwindEvent> Timeline, IReadOnlyList<NorthwindOutcome> Outcomes) Write()
    {
        for (int i = 0; i < learners.Count; i++)
        {
            // The first learner succeeds everywhere and the second never passes the data test, so that every story has both.
            Learner(learners[i], alwaysSucceeds: i == 0, failsData: i == 1);
        }

        List<NorthwindEvent> timeline = [.. _events.OrderBy(step => step.At).ThenBy(step => step.Learner, StringComparer.Ordinal).Select((step, i) => step with { Number = i + 1 })];
        return (timeline, [.. _completions
            .Where(completion => completion.At < s_end)
            .Select(completion => new NorthwindOutcome(NumberAt(timeline, completion), completion.Learner, completion.Course, completion.At))
            .OrderBy(outcome => outcome.Number)]);
    }

    /// <summary>The step of the learner's at the very second in which the course is completed; no learner does two things in one second.</summary>
    private static int NumberAt(List<NorthwindEvent> timeline, (string Learner, string Course, DateTimeOffset At) completion) =>
        timeline.Single(step => step.Learner == completion.Learner && step.At == completion.At).Number;

    private void Learner(string learner, bool alwaysSucceeds, bool failsData)
    {
        HashSet<DateTimeOffset> taken = [];
        DateTimeOffset? safe = Safety();
        Statistics();
        Data();
        Lead();
        FirstAid();
        Excel();

        DateTimeOffset? Safety()
        {
            DateTimeOffset enrolled = Enrol("SAFETY-101", 0, 60);
            return Chance(0.88) ? Complete("SAFETY-101", Do("SAFETY-101", NorthwindAct.SelfComplete, After(enrolled, 2, 40))) : null;
        }

        void Statistics()
        {
            if (!Chance(0.6))
            {
                return;
            }

            DateTimeOffset enrolled = Enrol("STAT-101", 10, 240);
            if (Chance(0.85))
            {
                double grade = Score(alwaysSucceeds ? 85 : 38, 97);
                DateTimeOffset graded = Complete("STAT-101", Do("STAT-101", NorthwindAct.Grade, After(enrolled, 14, 90), NorthwindPeople.StatisticsTest, grade));
                if (_random.NextDouble() < 0.15)
                {
                    Do("STAT-101", NorthwindAct.Grade, After(graded, 2, 12), NorthwindPeople.StatisticsTest, Math.Round(grade + 2.5, 1));
                }
            }
        }

        void Data()
        {
            if (!failsData && !Chance(0.75))
            {
                return;
            }

            DateTimeOffset at = Enrol("DATA-110", 20, 300);
            for (int attempt = 0; attempt < 3; attempt++)
            {
                at = After(at, 10, 60);
                double grade = failsData ? Score(20, 59.9) : Score(alwaysSucceeds ? 85 : 45, 100);
                DateTimeOffset graded = Do("DATA-110", NorthwindAct.Grade, at, NorthwindPeople.DataTest, grade);
                if (grade >= 60)
                {
                    Complete("DATA-110", graded);
                    return;
                }
            }
        }

        void Lead()
        {
            if (!Chance(0.4))
            {
                return;
            }

            DateTimeOffset enrolled = Enrol("LEAD-300", 60, 330);
            if (Chance(0.8))
            {
                DateTimeOffset approved = Do("LEAD-300", NorthwindAct.Approve, After(enrolled, 30, 120));
                if (safe is { } done)
                {
                    Complete("LEAD-300", done > approved ? done : approved);
                }
            }
        }

        void FirstAid()
        {
            if (!Chance(0.7))
            {
                return;
            }

            DateTimeOffset enrolled = Enrol("FIRSTAID-201", 15, 360);
            DateTimeOffset watched = Do("FIRSTAID-201", NorthwindAct.CompleteActivity, After(enrolled, 1, 20), NorthwindPeople.FirstAidVideo);
            if (Chance(0.75))
            {
                Complete("FIRSTAID-201", Do("FIRSTAID-201", NorthwindAct.CompleteActivity, After(watched, 5, 45), NorthwindPeople.FirstAidPractice));
            }
        }

        void Excel()
        {
            if (!Chance(0.5))
            {
                return;
            }

            DateTimeOffset enrolled = Enrol("EXCEL-050", 5, 420);
            if (Chance(0.9))
            {
                DateTimeOffset at = After(enrolled, 3, 50);
                Complete("EXCEL-050", alwaysSucceeds || _random.NextDouble() < 0.5
                    ? Do("EXCEL-050", NorthwindAct.SelfComplete, at)
                    : Do("EXCEL-050", NorthwindAct.Grade, at, NorthwindPeople.ExcelWork, Score(50, 100)));
            }
        }

        bool Chance(double likely) => _random.NextDouble() < likely || alwaysSucceeds;

        DateTimeOffset Enrol(string course, int first, int last) =>
            Do(course, NorthwindAct.Enrol, WorkingTime(s_begin.AddDays(_random.Next(first, last))));

        DateTimeOffset Do(string course, NorthwindAct act, DateTimeOffset at, int? activity = null, double? grade = null)
        {
            while (!taken.Add(at))
            {
                at = at.AddSeconds(1);
            }

            if (at < s_end)
            {
                _events.Add(new NorthwindEvent { Number = 0, At = at, Act = act, Learner = learner, Course = course, ActivityId = activity, Grade = grade });
            }

            return at;
        }

        DateTimeOffset Complete(string course, DateTimeOffset at)
        {
            _completions.Add((learner, course, at));
            return at;
        }
    }

    private double Score(double lowest, double highest) => Math.Round(lowest + (_random.NextDouble() * (highest - lowest)), 1);

    private DateTimeOffset After(DateTimeOffset at, int fewest, int most) => WorkingTime(at.AddDays(_random.Next(fewest, most + 1)));

    /// <summary>A second between 8 and 18 o'clock on the day, or on Monday when that is a weekend.</summary>
    private DateTimeOffset WorkingTime(DateTimeOffset at)
    {
        DateTimeOffset day = new(at.Year, at.Month, at.Day, 8, 0, 0, TimeSpan.Zero);
        int weekend = day.DayOfWeek switch { DayOfWeek.Saturday => 2, DayOfWeek.Sunday => 1, _ => 0 };
        return day.AddDays(weekend).AddSeconds(_random.Next(0, 36_000));
    }
}
