using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.EdxBusiness;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources.EdxBusiness;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class EdxBusinessConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "edx-business",
        Create = platform => new SourceBench(platform).Create("edx-business", EdxBusinessSourceTests.Options(), "edx-business"),
        Platform = () => Platform(),
        Holds = ["1", "2", "3", "4", "5"],
        OptionsType = typeof(EdxBusinessOptions),
        Secrets = [ScriptedEdxBusiness.Secret, ScriptedEdxBusiness.Token],
        OldCursors = ["""{"v":1,"n":3,"next":"/enterprise/v3/enterprise-customer/e-1/learner-summary?page=2"}"""],
        PlatformWithAnUnreadableRecord = () => Platform(odd: true),
        PlatformThatRepeatsAPage = () => Platform(stuck: true),
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Edx_for_business_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    private static ScriptedEdxBusiness Platform(bool odd = false, bool stuck = false)
    {
        ScriptedEdxBusiness platform = new() { Stuck = stuck };
        for (int id = 1; id <= 5; id++)
        {
            platform.Rows.Add(ScriptedEdxBusiness.Row(id, $"2026-01-0{id}"));
        }

        if (odd)
        {
            platform.Rows[2]["passed_date"] = "soon";
        }

        return platform;
    }
}
