using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.Coursera;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.Coursera;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class CourseraConformanceTests
{
    private const long T1 = 1_767_189_123_456;

    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "coursera-eu",
        Create = platform => new SourceBench(platform, new InstantTime()).Create("coursera", CourseraSourceTests.Options(), "coursera-eu"),
        Platform = () => Platform(),
        Holds = ["a~Course~c1", "b~Course~c1", "c~Course~c2", "d~Course~c2", "e~Course~c2"],
        OptionsType = typeof(CourseraOptions),
        Secrets = [ScriptedCoursera.Key, ScriptedCoursera.Secret, "token-1"],
        OldCursors = ["""{"v":1,"run":3,"start":2,"full":true,"newest":1767189123456,"seen":0,"full_at":1767189123456}"""],
        PlatformWithAnUnreadableRecord = () => Platform(odd: true),
        PlatformThatRepeatsAPage = () => Platform(stuck: true),
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Coursera_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static ScriptedCoursera Platform(bool odd = false, bool stuck = false)
    {
        ScriptedCoursera platform = new() { StuckPaging = stuck };
        foreach ((string person, string content) in ((string, string)[])[("a", "c1"), ("b", "c1"), ("c", "c2"), ("d", "c2"), ("e", "c2")])
        {
            platform.Rows.Add(ScriptedCoursera.Row(person, content, T1));
        }

        if (odd)
        {
            platform.Rows[2]["completedAt"] = "yesterday";
        }

        return platform;
    }
}
