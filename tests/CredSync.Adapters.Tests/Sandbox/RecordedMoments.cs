using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>What had happened on the recorded site before some of the calls: a switch, a capability taken away, a later grade.</summary>
internal static class RecordedMoments
{
    private static readonly Dictionary<string, Action<MoodleWorld>> s_acts = new(StringComparer.Ordinal)
    {
        ["auth.expired.debug"] = world => world.Site.Debug = true,
        ["auth.function-not-in-service.debug"] = world => world.Site.Debug = true,
        ["service.badges-off"] = world => world.Site.BadgesEnabled = false,
        ["service.cli-maintenance"] = world => world.Site.CommandLineMaintenance = true,
        ["service.maintenance"] = world => world.Site.Maintenance = true,
        ["service.rest-off"] = world => world.Site.RestEnabled = false,
        ["service.site-completion-off"] = world => world.Site.CompletionEnabled = false,
        ["service.web-services-off"] = world => world.Site.WebServicesEnabled = false,
        ["courses.error.one-hidden-course-breaks-the-list"] = Without("moodle/course:viewhiddencourses"),
        ["enrolled.error.no-enrolreview"] = Without("moodle/course:enrolreview"),
        ["enrolled.error.no-role-review"] = Without("moodle/role:review"),
        ["enrolled.without-viewdetails.from0"] = Without("moodle/user:viewdetails"),
        ["enrolled.without-viewdetails.from10"] = Without("moodle/user:viewdetails"),
        ["enrolled.without-viewdetails.from60"] = Without("moodle/user:viewdetails"),
        ["completion.error.no-report-completion-view"] = Without("report/completion:view"),
        ["activities.error.no-report-progress-view"] = Without("report/progress:view"),
        ["activities.graded-pass.without-mod-assign-view"] = Without("mod/assign:view"),
        ["grades.error.no-grade-viewall"] = Without("moodle/grade:viewall"),
        ["grades.error.no-grade-viewall.all"] = Without("moodle/grade:viewall"),
        ["grades.one-user.pass-60.without-mod-assign-view"] = Without("mod/assign:view"),
        ["completion.hidden.after-unlock"] = Unlocked,
        ["completion.grade.lowered-after-completion"] = Lowered,
        ["grades.lowered-after-completion"] = Lowered,
        ["badges.three"] = world => world.Award(new()
        {
            BadgeId = 3, UserId = 8, UniqueHash = "8ac0f7fe7874a1410facc6b0677d762d9dc5389a", IssuedAt = RecordedMoodle.At(1795438660),
        }),
        ["completion.graded-pass.before-cron"] = world => world.Grade(4, 8, 60, RecordedMoodle.At(1789299044)),
        ["completion.role-and-prerequisite.before-cron"] = world =>
        {
            world.MarkComplete(2, 8, RecordedMoodle.At(1791594140));
            world.Approve(6, 8, RecordedMoodle.At(1792442140));
        },
        ["alt.report.all"] = AtTheEnd,
        ["alt.report.page0"] = AtTheEnd,
        ["alt.report.page-beyond"] = AtTheEnd,
        ["alt.users-courses"] = AtTheEnd,
        ["alt.users-courses.direct"] = AtTheEnd,
    };

    /// <summary>The site as it was when a call was recorded.</summary>
    public static MoodleWorld WorldOf(string recording)
    {
        bool early = recording.EndsWith(".before-cron", StringComparison.Ordinal);
        MoodleWorld world = early ? RecordedMoodle.Build(MoodleCron.ByHand, withHistory: false) : RecordedMoodle.Build();
        if (s_acts.TryGetValue(recording, out Action<MoodleWorld>? act))
        {
            act(world);
        }

        return world;
    }

    /// <summary>Every moment names a recording; a test holds them to it.</summary>
    public static IEnumerable<string> Named => s_acts.Keys;

    private static Action<MoodleWorld> Without(string capability) => world => world.Deny(RecordedMoodle.Full, capability);

    private static void Unlocked(MoodleWorld world) => world.ResetCompletions(9);

    private static void Lowered(MoodleWorld world) => world.Grade(4, 10, 10, RecordedMoodle.At(1795438659));

    /// <summary>After the trials on how fast completions become visible.</summary>
    private static void AtTheEnd(MoodleWorld world)
    {
        DateTimeOffset trial = RecordedMoodle.At(1795438500);
        Unlocked(world);
        Lowered(world);
        world.CompleteActivity(2, 48, trial);
        world.CompleteActivity(3, 48, trial);
        world.Grade(4, 48, 88, trial);
        world.SelfComplete(2, 53, trial);
        world.SelfComplete(2, 54, trial);
    }
}
