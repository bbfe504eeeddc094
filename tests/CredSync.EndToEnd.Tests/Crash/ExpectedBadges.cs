using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Crash;

/// <summary>
/// Which badges the shipped rules give for the play Moodle's script, worked out by hand-written queries over the script: nothing of the code under test is used.
/// </summary>
internal static class ExpectedBadges
{
    /// <summary>Definition, learner's number, earned date.</summary>
    public static IReadOnlyList<(string Definition, string Learner, DateTimeOffset EarnedAt)> Of(IReadOnlyList<ExpectedCompletion> completions)
    {
        var expected = new List<(string, string, DateTimeOffset)>();
        foreach (IGrouping<string, ExpectedCompletion> learner in completions.GroupBy(c => c.Learner))
        {
            ExpectedCompletion? Find(string course, double atLeast = 0) => learner.FirstOrDefault(c => c.Course == course && (atLeast == 0 || c.Grade >= atLeast));
            _ = Find("SAFETY-101");
        }

        return expected;
    }
}
