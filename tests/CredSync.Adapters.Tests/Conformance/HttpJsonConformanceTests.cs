using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.HttpJson;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.HttpJson;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class HttpJsonConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "api",
        Create = platform => new SourceBench(platform).Create("http-json", HttpJsonSourceTests.Options(), "api"),
        Platform = () => Platform(),
        Holds = ["external_id:a~C1", "external_id:b~C1", "external_id:c~C1", "external_id:d~C1", "external_id:e~C1"],
        OptionsType = typeof(HttpJsonOptions),
        Secrets = [PlayJsonApi.Secret],
        OldCursors = ["""{"v":1,"n":3,"page":"/v1/completions?cursor=2","newest":0,"seen":0}"""],
        PlatformWithAnUnreadableRecord = () => Platform(odd: true),
        PlatformThatRepeatsAPage = () => Platform(stuck: true),
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Http_json_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static PlayJsonApi Platform(bool odd = false, bool stuck = false)
    {
        PlayJsonApi platform = new() { Stuck = stuck };
        foreach (char person in "abcde")
        {
            platform.Records.Add(PlayJsonApi.Record($"{person}"));
        }

        if (odd)
        {
            platform.Records[2]["finished"] = null;
        }

        return platform;
    }
}
