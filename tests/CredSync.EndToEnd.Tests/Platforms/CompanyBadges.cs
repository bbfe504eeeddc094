using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox.Api;
using CredSync.Sandbox.Coursera;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Lrs;
using CredSync.Sandbox.Northwind;
using CredSync.Sandbox.Records;

namespace CredSync.EndToEnd.Tests.Platforms;

/// <summary>
/// Which badges the shipped rules give for Northwind's story on all platforms, worked out by hand-written queries over the plots: nothing of the code under test is used.
/// </summary>
internal static class CompanyBadges
{
    /// <summary>The badges once the story is over.</summary>
    /// <param name="company">The company.</param>
    /// <param name="now">The present: what had expired before is not issued.</param>
    public static IReadOnlyList<ExpectedBadge> Of(NorthwindCompany company, DateTimeOffset now)
    {
        const int All = int.MaxValue;
        List<ExpectedBadge> expected = [.. ExpectedBadges.Of(company.MoodleScript.ExpectedAfter(All), now)];
        Dictionary<string, DateTimeOffset> safety = company.MoodleScript.ExpectedAfter(All).Where(c => c.Course == "SAFETY-101").ToDictionary(c => c.Learner, c => c.CompletedAt);
        Dictionary<string, DateTimeOffset> leaders = expected.Where(b => b.Definition == "people-leader").ToDictionary(b => b.Learner, b => b.EarnedAt);
        Dictionary<string, DateTimeOffset> sql = Coursera(NorthwindCourseraScript.Sql);
        Dictionary<string, DateTimeOffset> projects = Coursera(NorthwindCourseraScript.Projects);
        Dictionary<string, DateTimeOffset> data = company.EdxScript.ExpectedAfter(All).Where(c => c is { Run: NorthwindEdxScript.DataRun, Grade: >= 0.65, Revoked: false }).ToDictionary(c => c.Learner, c => c.PassedAt);
        Dictionary<string, DateTimeOffset> security = Finished(company.LrsScript.ExpectedAfter(All), NorthwindLrsScript.Security);
        Dictionary<string, DateTimeOffset> privacy = Finished(company.LrsScript.ExpectedAfter(All), NorthwindLrsScript.Privacy);
        Dictionary<string, DateTimeOffset> forklift = Finished([.. company.ApiScript.ExpectedAfter(All).Where(c => c.Score >= 65)], NorthwindApiScript.Forklift);
        Dictionary<string, DateTimeOffset> onboarding = Finished(company.RecordsScript!.ExpectedAfter(All), NorthwindRecordsScript.Onboarding);
        Dictionary<string, DateTimeOffset> warden = Finished(company.RecordsScript.ExpectedAfter(All), NorthwindRecordsScript.FireWarden);
        Award("data-practitioner", sql, data, safety);
        Award("fire-warden", warden, safety);
        Award("project-lead", projects, leaders);
        Award("trusted-colleague", onboarding, security.Where(s => privacy.TryGetValue(s.Key, out DateTimeOffset p) && Later(s.Value, p) <= Earlier(s.Value, p).AddMonths(12)).ToDictionary(), privacy);
        Award("warehouse-operator", forklift, safety);

        // Credentials tell times to the second.
        return [.. expected.Select(b => b with { EarnedAt = b.EarnedAt.AddTicks(-(b.EarnedAt.Ticks % TimeSpan.TicksPerSecond)) })];

        void Award(string definition, Dictionary<string, DateTimeOffset> first, params Dictionary<string, DateTimeOffset>[] others) => expected.AddRange(first
            .Where(f => others.All(o => o.ContainsKey(f.Key)))
            .Select(f => new ExpectedBadge(definition, f.Key, others.Select(o => o[f.Key]).Append(f.Value).Max())));

        Dictionary<string, DateTimeOffset> Coursera(string content) =>
            company.CourseraScript.ExpectedAfter(All).Where(c => c.ContentId == content).ToDictionary(c => c.Learner, c => c.CompletedAt);

        static Dictionary<string, DateTimeOffset> Finished(IReadOnlyList<ExpectedFinish> finishes, string course) => finishes.Where(c => c.Course == course).ToDictionary(c => c.Learner, c => c.CompletedAt);

        static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

        static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    }
}
