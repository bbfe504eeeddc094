using CredSync.Adapters.Tests.Issuers.Credly;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class CredlyConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(IssuerConformance.For(CredlyPlay.UnderTest()));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Credly_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);
}
