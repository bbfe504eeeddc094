using CredSync.Adapters.Tests.Issuers;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>Every remote issuer adapter against its play issuer.</summary>
public sealed class RemoteIssuerConformanceTests
{
    public static TheoryData<ConformanceCase> Accredible => Cases("accredible");

    public static TheoryData<ConformanceCase> Badgr => Cases("badgr");

    public static TheoryData<ConformanceCase> Credly => Cases("credly");

    public static TheoryData<ConformanceCase> ObApi => Cases("ob-api");

    public static TheoryData<ConformanceCase> VcApi => Cases("vc-api");

    [Theory, MemberData(nameof(Accredible))]
    public Task Accredible_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(Badgr))]
    public Task Badgr_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(Credly))]
    public Task Credly_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(ObApi))]
    public Task An_open_badges_host_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(VcApi))]
    public Task A_vc_api_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public void No_adapter_is_left_out()
    {
        IssuerBench bench = new();
        bench.Adapters.Select(a => a.Name).Where(n => n != "open-badges").ShouldBe(RemotePlay.Adapters, ignoreOrder: true);
    }

    private static TheoryData<ConformanceCase> Cases(string adapter) => new(IssuerConformance.For(RemotePlay.UnderTest(adapter)));
}
