using System.Text.Json;
using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.Moodle;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class MoodleConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(Moodle));

    private static SourceUnderTest Moodle => new()
    {
        Name = "moodle-hr",
        Create = platform => new SourceBench(platform).Create("moodle", new MoodleOptions
        {
            Address = new Uri("https://moodle.example.org"),
            Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
            PageSize = 2,
            ConcurrentCalls = 1,
        }, "moodle-hr"),
        Platform = () => Site(),
        Holds = ["10|2|1", "11|2|1", "12|2|1", "10|3|1"],
        OptionsType = typeof(MoodleOptions),
        Secrets = [ScriptedMoodle.Token],
        OldCursors = [JsonSerializer.Serialize(new { v = 1, sweep = 4, course = 2, from = 2, seen = 2, counts = "2:4,3:2" })],
        PlatformWithAnUnreadableRecord = () => Site(aside: true),
        PlatformThatRepeatsAPage = () => Site(repeats: true),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Moodle_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static ScriptedMoodle Site(bool aside = false, bool repeats = false)
    {
        ScriptedMoodle moodle = new();
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { Learners = [Learner.Complete(10), Learner.Complete(11), new Learner(13), Learner.Complete(12)] });
        moodle.Courses.Add(new ScriptedCourse(3, "C3") { Learners = [Learner.Complete(10), new Learner(11)] });
        if (aside)
        {
            moodle.Courses[0].Learners.Add(new Learner(14) { Completed = true, Criteria = [null] });
        }

        moodle.Instead = call => repeats && call.Function == ScriptedMoodle.Enrolled ? ScriptedMoodle.Json("""[{"id":10},{"id":11}]""") : null;
        return moodle;
    }
}
