using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Crash;

/// <summary>A badge that must exist.</summary>
internal sealed record ExpectedBadge(string Definition, string Learner, DateTimeOffset EarnedAt);

/// <summary>
/// Which badges the shipped rules give for the play Moodle's script, worked out by hand-written queries over the script: nothing of the code under test is used.
/// </summary>
internal static class ExpectedBadges
{
    /// <summary>The badges.</summary>
    /// <param name="completions">What the script completed.</param>
    /// <param name="now">The present: what had expired before is not issued.</param>
    public static IReadOnlyList<ExpectedBadge> Of(IReadOnlyList<ExpectedCompletion> completions, DateTimeOffset now)
    {
        var expected = new List<ExpectedBadge>();
        foreach (IGrouping<string, ExpectedCompletion> learner in completions.GroupBy(c => c.Learner))
        {
            ExpectedCompletion? safety = learner.SingleOrDefault(c => c.Course == "SAFETY-101");
            ExpectedCompletion? firstAid = learner.SingleOrDefault(c => c.Course == "FIRSTAID-201");
            ExpectedCompletion? statistics = learner.SingleOrDefault(c => c.Course == "STAT-101");
            ExpectedCompletion? data = learner.SingleOrDefault(c => c.Course == "DATA-110");
            ExpectedCompletion? leading = learner.SingleOrDefault(c => c.Course == "LEAD-300");
            if (safety is not null)
            {
                expected.Add(new ExpectedBadge("safety-basics", learner.Key, safety.CompletedAt));
            }

            if (firstAid is not null && firstAid.CompletedAt.AddMonths(24) > now)
            {
                expected.Add(new ExpectedBadge("first-aider", learner.Key, firstAid.CompletedAt));
            }

            if (statistics is { Grade: >= 80 } && data is not null)
            {
                DateTimeOffset first = statistics.CompletedAt < data.CompletedAt ? statistics.CompletedAt : data.CompletedAt;
                DateTimeOffset last = statistics.CompletedAt < data.CompletedAt ? data.CompletedAt : statistics.CompletedAt;
                if (last <= first.AddMonths(18))
                {
                    expected.Add(new ExpectedBadge("data-foundations", learner.Key, last));
                }
            }

            if (leading is not null && safety is not null)
            {
                expected.Add(new ExpectedBadge("people-leader", learner.Key, leading.CompletedAt > safety.CompletedAt ? leading.CompletedAt : safety.CompletedAt));
            }
        }

        return expected;
    }
}
