using CredSync;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Registration;

namespace Acme.Tests;

/// <summary>The kit: what every source must hold, one test a case.</summary>
public sealed class AcmeConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "acme",
        Create = platform => new AcmeSource(new SourceIdentity("acme"), Options, new OneClient(platform)),
        Platform = () => new PlayAcme(),
        Holds = ["c1", "c2", "c3", "c4", "c5"],
        OptionsType = typeof(AcmeOptions),
        Secrets = [PlayAcme.Token],
        OldCursors = ["v1:2"],
        PlatformWithAnUnreadableRecord = () => new PlayAcme { HasOddRecord = true },
        PlatformThatRepeatsAPage = () => new PlayAcme { RepeatsItself = true },
    }));

    private static AcmeOptions Options => new()
    {
        Address = new Uri("https://acme.example.org/api"),
        Token = new Secret("env:ACME_TOKEN", () => PlayAcme.Token),
        PageSize = 2,
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Acme_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);
}
