using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.Hooks;
using CredSync.Adapters.Tests.Sources.Xapi;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.Xapi;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class XapiConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "lrs",
        Create = platform => new SourceBench(platform).Create("xapi", Options(), "lrs"),
        Platform = () => Platform(),
        Holds = [.. "abcde".Select(person => $"https://lms.example.org|{person}|https://lms.example.org/course/1")],
        OptionsType = typeof(XapiOptions),
        Secrets = [ScriptedLrs.Key, ScriptedLrs.Secret],
        OldCursors = ["""{"v":1,"n":3,"since":{},"verb":"http://adlnet.gov/expapi/verbs/completed","more":"/xapi/statements?cursor=2\u0026verb=http%3A%2F%2Fadlnet.gov%2Fexpapi%2Fverbs%2Fcompleted","newest":0,"through":0}"""],
        Deliveries = [HookBench.Delivery($"[{ScriptedLrs.Statement(2, "b").ToJsonString()}]", "statements")],
        PlatformWithAnUnreadableRecord = () => Platform(odd: true),
        PlatformThatRepeatsAPage = () => Platform(stuck: true),
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Xapi_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static XapiOptions Options() => new()
    {
        Address = new Uri("https://lrs.example.org/xapi"),
        Key = new Secret("env:LRS_KEY", () => ScriptedLrs.Key),
        Secret = new Secret("env:LRS_SECRET", () => ScriptedLrs.Secret),
    };

    private static ScriptedLrs Platform(bool odd = false, bool stuck = false)
    {
        ScriptedLrs platform = new() { StuckPaging = stuck };
        for (int i = 0; i < 5; i++)
        {
            platform.Statements.Add(ScriptedLrs.Statement(i + 1, $"{(char)('a' + i)}"));
        }

        if (odd)
        {
            platform.Statements[2].Remove("object");
        }

        return platform;
    }
}
