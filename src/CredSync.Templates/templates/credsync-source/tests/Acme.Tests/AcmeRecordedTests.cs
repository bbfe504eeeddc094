using CredSync;
using CredSync.Conformance;
using CredSync.Conformance.Http;
using CredSync.Conformance.Sources;
using CredSync.Registration;

namespace Acme.Tests;

/// <summary>The kit once more, against what the service really said: recorded with <c>check acme --record tests/Acme.Tests/recorded/acme.json</c>.</summary>
public sealed class AcmeRecordedTests
{
    private static readonly Transcript Recorded = Transcript.Load(Path.Combine(AppContext.BaseDirectory, "recorded", "acme.json"));

    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(new SourceUnderTest
    {
        Name = "acme",
        Create = platform => new AcmeSource(new SourceIdentity("acme"), Options, new OneClient(platform)),
        Platform = Recorded.Play,
        Holds = [.. Enumerable.Range(1, 12).Select(n => $"c-{n}")],
        OptionsType = typeof(AcmeOptions),
        Secrets = ["SECRET-1"],
    }));

    // As it was configured when it was recorded, but for the token.
    private static AcmeOptions Options => new()
    {
        Address = new Uri("https://acme.example.org/example"),
        Token = new Secret("env:ACME_TOKEN", () => "SECRET-1"),
        PageSize = 5,
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public Task What_was_recorded_is_read_right(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);
}
