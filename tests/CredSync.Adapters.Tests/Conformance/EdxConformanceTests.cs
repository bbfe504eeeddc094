using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.Edx;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.Edx;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class EdxConformanceTests
{
    private const string One = "course-v1:NorthX+DATA101+2026_T1";
    private const string Two = "course-v1:NorthX+DATA102+2026_T1";

    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "edx",
        Create = platform => new SourceBench(platform).Create("edx", EdxSourceTests.Options(One, Two), "edx"),
        Platform = () => Platform(),
        Holds = [$"a|{One}", $"b|{One}", $"c|{One}", $"a|{Two}"],
        OptionsType = typeof(EdxOptions),
        Secrets = [ScriptedEdx.ClientId, ScriptedEdx.ClientSecret, "edx-token-1"],
        OldCursors = [$$"""{"v":1,"sweep":2,"course":"{{One}}","next":"/api/grades/v1/courses/{{Uri.EscapeDataString(One)}}/?cursor=2\u0026page_size=2"}"""],
        PlatformWithAnUnreadableRecord = () => Platform(odd: true),
        PlatformThatRepeatsAPage = () => Platform(stuck: true),
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Edx_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static ScriptedEdx Platform(bool odd = false, bool stuck = false)
    {
        ScriptedEdx platform = new() { StuckPaging = stuck };
        platform.Runs[One] = [new("a"), new("b"), new("c") { Certificate = odd ? null : "downloadable" }, new("d") { Passed = false, Certificate = null }];
        platform.Runs[Two] = [new("a")];
        return platform;
    }
}
