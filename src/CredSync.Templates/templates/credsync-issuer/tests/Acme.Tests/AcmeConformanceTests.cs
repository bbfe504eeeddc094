using CredSync;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;
using CredSync.Issuers;
using CredSync.Registration;

namespace Acme.Tests;

/// <summary>The kit: what every issuer must hold, one test a case.</summary>
public sealed class AcmeConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(IssuerConformance.For(new IssuerUnderTest
    {
        Create = platform => new AcmeIssuer(new IssuerIdentity("acme"), Options, new OneClient(platform)),
        Platform = () => new PlayAcme().Seen,
        Request = Request,
        OptionsType = typeof(AcmeOptions),
        Secrets = [PlayAcme.Token],
    }));

    private static AcmeOptions Options => new()
    {
        Address = new Uri("https://acme.example.org/api"),
        Token = new Secret("env:ACME_TOKEN", () => PlayAcme.Token),
    };

    // Everything that may leak is in it: the kit looks for it in addresses and faults.
    private static IssuanceRequest Request => new()
    {
        IssuanceId = NameBasedUuid.Create(Guid.Empty, "issuance"),
        Credential = new() { Id = "safety-basics", Name = "Safety Basics", Description = "Knows the risks.", Criteria = "Complete SAFETY-101.", Template = "safety" },
        Recipient = new() { SubjectId = NameBasedUuid.Create(Guid.Empty, "person"), Name = "Ada Moreno", Email = "ada.moreno@example.org" },
        Award = new() { EarnedAt = new(2026, 1, 9, 8, 30, 0, TimeSpan.Zero), ExpiresAt = new(2028, 1, 9, 8, 30, 0, TimeSpan.Zero), ScoreScaled = 0.8m },
        IssuedAt = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Acme_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);
}
