using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

public sealed class OpenBadgesVerifierTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-verify-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(OpenBadgesProof.Both, OpenBadgesImage.None, "json jwt")]
    [InlineData(OpenBadgesProof.Embedded, OpenBadgesImage.Svg, "json svg")]
    [InlineData(OpenBadgesProof.Jwt, OpenBadgesImage.Png, "jwt png")]
    [InlineData(OpenBadgesProof.Both, OpenBadgesImage.Png, "json jwt png")]
    public async Task Every_document_of_an_issuer_configured_here_verifies_offline(OpenBadgesProof proof, OpenBadgesImage image, string extensions)
    {
        await using ServiceProvider services = Services();
        ICredentialIssuer issuer = Create(services, "https://badges.northwind.example", proof, image);
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        string.Join(' ', issued.Documents.Select(static d => d.Extension)).ShouldBe(extensions);
        foreach (CredentialDocument document in issued.Documents)
        {
            IReadOnlyList<CheckResult> results = await services.GetRequiredService<ICredentialVerifier>().VerifyAsync(document.Content, TestContext.Current.CancellationToken);
            results.ShouldAllBe(static r => r.Outcome == CheckOutcome.Passed);
            results.ShouldAllBe(static r => r.Remedy == null);
        }
    }

    [Fact]
    public async Task A_document_of_an_issuer_unknown_here_is_told_apart()
    {
        await using ServiceProvider stranger = Services();
        IssuedCredential issued = await Create(stranger, "https://badges.stranger.example").IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        await using ServiceProvider services = Services();
        foreach (CredentialDocument document in issued.Documents)
        {
            IReadOnlyList<CheckResult> results = await services.GetRequiredService<ICredentialVerifier>().VerifyAsync(document.Content, TestContext.Current.CancellationToken);
            results.ShouldContain(static r => r.Outcome != CheckOutcome.Passed && r.Remedy != null && (r.Name == "key" || r.Name == "proof"));
        }
    }

    [Fact]
    public async Task Rubbish_is_a_result_and_not_an_exception()
    {
        await using ServiceProvider services = Services();
        IReadOnlyList<CheckResult> results = await services.GetRequiredService<ICredentialVerifier>().VerifyAsync(new byte[] { 1, 2, 3 }, TestContext.Current.CancellationToken);
        results[0].Name.ShouldBe("container");
        results[0].Outcome.ShouldBe(CheckOutcome.Failed);
    }

    [Fact]
    public void The_adapter_is_registered_under_its_name_and_only_once()
    {
        var builder = new Builder();
        builder.AddBuiltInIssuers();
        builder.Services.Select(static s => s.ImplementationInstance).OfType<IssuerAdapter>().ShouldContain(static a => a.Name == "open-badges");
        Should.Throw<InvalidOperationException>(() => builder.AddOpenBadgesIssuer());
    }

    private ICredentialIssuer Create(ServiceProvider services, string url, OpenBadgesProof proof = OpenBadgesProof.Both, OpenBadgesImage image = OpenBadgesImage.None)
    {
        string key = Path.Combine(folder.FullName, new Uri(url).Host + ".key");
        KeyFiles.Provide(key);
        IssuerAdapter adapter = services.GetServices<IssuerAdapter>().Single(static a => a.Name == "open-badges");
        return adapter.Create(services, new("northwind"), new OpenBadgesOptions
        {
            Name = "Northwind Academy",
            Url = new Uri(url),
            Proof = proof,
            Image = image,
            Key = key,
        });
    }

    private static ServiceProvider Services()
    {
        var builder = new Builder();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Requests.Full.IssuedAt.AddDays(1)));
        builder.AddOpenBadgesIssuer();
        return builder.Services.BuildServiceProvider();
    }

    private sealed class Builder : ICredSyncBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
