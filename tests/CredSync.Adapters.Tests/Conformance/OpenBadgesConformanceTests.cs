using System.Text.Json;
using CredSync.Adapters.Tests.Issuers;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>The built-in issuer needs nobody else; what it minted is what its documents say.</summary>
public sealed class OpenBadgesConformanceTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"credsync-conformance-{Environment.ProcessId}");

    public static TheoryData<ConformanceCase> Cases => new(IssuerConformance.For(new IssuerUnderTest
    {
        Create = platform => new Counting(new IssuerBench().Create("open-badges", new OpenBadgesOptions { Name = "Northwind Academy", Url = new("https://badges.example.org") }, dataFolder: Folder), (Ledger)platform),
        Platform = () =>
        {
            Ledger ledger = new();
            return new IssuerPlatform { Handler = ledger, Minted = () => ledger.Ids.Count, IsRevoked = _ => false, EarnedAt = EarnedAt };
        },
        Request = RemoteRequests.For("not-needed"),
        OptionsType = typeof(OpenBadgesOptions),
        SpeaksHttp = false,
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Open_badges_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static DateTimeOffset? EarnedAt(IssuedCredential issued)
    {
        using JsonDocument credential = JsonDocument.Parse(issued.Documents.Single(d => d.Extension == "json").Content);
        return credential.RootElement.GetProperty("awardedDate").GetDateTimeOffset();
    }

    /// <summary>Carries no requests; remembers the ids of what was minted.</summary>
    private sealed class Ledger : HttpMessageHandler
    {
        public HashSet<string> Ids { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new InvalidOperationException("The built-in issuer needs nobody.");
    }

    private sealed class Counting(ICredentialIssuer issuer, Ledger ledger) : ICredentialIssuer, ICredentialRevoker
    {
        public IssuerCapabilities Capabilities => issuer.Capabilities;

        public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
        {
            IssuedCredential issued = await issuer.IssueAsync(request, ct);
            ledger.Ids.Add(issued.CredentialId);
            return issued;
        }

        public Task RevokeAsync(RevocationRequest request, CancellationToken ct) => ((ICredentialRevoker)issuer).RevokeAsync(request, ct);
    }
}
