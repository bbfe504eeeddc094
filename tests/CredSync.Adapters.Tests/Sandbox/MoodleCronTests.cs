using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>When a completion shows, in runs of cron, as it was measured: at once, at the next run, at the second.</summary>
public sealed class MoodleCronTests
{
    private static readonly DateTimeOffset s_act = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_firstRun = s_act.AddMinutes(1);
    private static readonly DateTimeOffset s_secondRun = s_act.AddMinutes(2);

    public static TheoryData<string, int> Acts => new() { { "activity", 0 }, { "direct", 0 }, { "self", 1 }, { "approval", 1 }, { "grade", 2 } };

    [Theory]
    [MemberData(nameof(Acts))]
    public void A_completion_shows_after_as_many_runs_of_cron_as_measured(string act, int runs)
    {
        MoodleWorld world = World(act, out int course);
        Shown(world, course).ShouldBe(runs == 0);
        world.RunCron(s_firstRun);
        Shown(world, course).ShouldBe(runs <= 1);
        world.RunCron(s_secondRun);
        Shown(world, course).ShouldBeTrue();
    }

    [Fact]
    public void A_grade_counts_from_the_run_that_saw_it_and_everything_else_from_the_act()
    {
        foreach ((string act, DateTimeOffset at) in new[] { ("activity", s_act), ("direct", s_act), ("self", s_act), ("approval", s_act), ("grade", s_firstRun) })
        {
            MoodleWorld world = World(act, out int course);
            world.RunCron(s_firstRun);
            world.RunCron(s_secondRun);
            world.CompletionsOf(course).ShouldBe([(101, at)], act);
        }
    }

    [Fact]
    public void A_prerequisite_that_is_completed_later_completes_the_course_with_its_own_date()
    {
        NorthwindScript script = NorthwindScript.Create();
        MoodleWorld world = script.World;
        world.Enrol(new MoodleEnrolment { CourseId = 2, UserId = 101 });
        world.Enrol(new MoodleEnrolment { CourseId = 5, UserId = 101 });
        world.Approve(5, 101, s_act);
        Shown(world, 5).ShouldBeFalse();
        world.SelfComplete(2, 101, s_act.AddDays(3));
        world.CompletionsOf(5).ShouldBe([(101, s_act.AddDays(3))]);
    }

    private static bool Shown(MoodleWorld world, int course) => world.CompletionsOf(course).Count == 1;

    /// <summary>Northwind's site with one act done and cron not run.</summary>
    private static MoodleWorld World(string act, out int course)
    {
        MoodleWorld world = NorthwindScript.Create().World;
        world.Cron = MoodleCron.ByHand;
        course = act switch { "activity" => 3, "direct" or "self" => 2, "grade" => 4, _ => 20 };
        if (act == "approval")
        {
            world.Add(new MoodleCourse { Id = course, ShortName = "APPROVED", FullName = "Approved by a teacher", Criteria = [new MoodleCriterion.Role()] });
        }

        world.Enrol(new MoodleEnrolment { CourseId = course, UserId = 101 });
        switch (act)
        {
            case "activity":
                world.Grade(31, 101, 70, s_act);
                break;
            case "direct":
                world.MarkComplete(course, 101, s_act);
                break;
            case "self":
                world.SelfComplete(course, 101, s_act);
                break;
            case "approval":
                world.Approve(course, 101, s_act);
                break;
            default:
                world.Grade(41, 101, 70, s_act);
                break;
        }

        return world;
    }
}
