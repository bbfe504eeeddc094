using System.Globalization;

namespace CredSync.Sandbox.Moodle;

/// <content>Big worlds, and what is complete in any world.</content>
public sealed partial class MoodleWorld
{
    /// <summary>The token of the service account in a world made by <see cref="Large"/>.</summary>
    public const string LargeToken = "large-play-token";

    /// <summary>The tokens that are good, in the order of their text.</summary>
    public IReadOnlyList<MoodleToken> Tokens
    {
        get
        {
            lock (Gate)
            {
                return [.. _tokens.Values.OrderBy(token => token.Value, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Makes a world with many learners, each active in every course; the same arguments give the same world.</summary>
    /// <param name="courses">How many courses; every third is completed by grade, the others by the learner.</param>
    /// <param name="learners">How many learners; their numbers are <c>L-1</c>, <c>L-2</c> and so on.</param>
    /// <param name="seed">Chooses who completed what.</param>
    /// <param name="completed">The share of completed pairs of learner and course, from 0 to 1. Default one half.</param>
    public static MoodleWorld Large(int courses, int learners, int seed, double completed = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(courses);
        ArgumentOutOfRangeException.ThrowIfNegative(learners);
        Random random = new(seed);
        DateTimeOffset begin = new(2025, 1, 6, 8, 0, 0, TimeSpan.Zero);
        MoodleWorld world = new();
        world.Add(new MoodleUser { Id = 3, UserName = "svc", FirstName = "Service", LastName = "Account", Email = "svc@example.com", Capabilities = MoodleCapabilities.Full });
        world.Add(new MoodleToken { Value = LargeToken, UserId = 3, Service = MoodleService.Extended });
        world.Add(new MoodleReport { Id = 1, Name = "Completions feed" });
        for (int i = 1; i <= learners; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            world.Add(new MoodleUser { Id = 1000 + i, UserName = "l" + number, FirstName = "Learner", LastName = "Number " + number, Email = $"l{number}@example.com", IdNumber = "L-" + number });
        }

        for (int c = 1; c <= courses; c++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"COURSE-{c:0000}");
            int activity = 10 * c;
            bool graded = c % 3 == 0;
            world.Add(new MoodleCourse
            {
                Id = 1 + c,
                ShortName = name,
                IdNumber = name,
                FullName = "Course " + c.ToString(CultureInfo.InvariantCulture),
                Activities = graded ? [new() { Id = activity, Module = "quiz", Name = "Test", Tracking = MoodleTracking.Automatic, RequiresGrade = true, GradeMax = 100 }] : [],
                Criteria = graded ? [new MoodleCriterion.Grade { Required = 60 }] : [new MoodleCriterion.Self()],
            });
            for (int i = 1; i <= learners; i++)
            {
                world.Enrol(new MoodleEnrolment { CourseId = 1 + c, UserId = 1000 + i });
                bool complete = random.NextDouble() < completed;
                DateTimeOffset at = begin.AddSeconds(random.Next(0, 50_000_000));
                if (graded)
                {
                    world.Grade(activity, 1000 + i, complete ? random.Next(60, 101) : random.Next(0, 60), at);
                }
                else if (complete)
                {
                    world.SelfComplete(1 + c, 1000 + i, at);
                }
            }
        }

        return world;
    }

    /// <summary>Who completed a course, in the order of their ids, whatever the web services would say of them.</summary>
    /// <param name="courseId">The course.</param>
    public IReadOnlyList<(int UserId, DateTimeOffset CompletedAt)> CompletionsOf(int courseId)
    {
        lock (Gate)
        {
            return
            [
                .. _courseById[courseId].Completions
                    .Where(entry => entry.Value.CompletedAt is not null)
                    .OrderBy(entry => entry.Key)
                    .Select(entry => (entry.Key, entry.Value.CompletedAt!.Value)),
            ];
        }
    }
}
