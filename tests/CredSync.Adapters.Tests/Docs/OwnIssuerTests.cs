using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Adapters.Tests.Issuers;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;
using CredSync.Registration;

namespace CredSync.Adapters.Tests.Docs;

/// <summary>The issuer that docs/issuers.md shows is this one, and it passes the kit.</summary>
public sealed class OwnIssuerTests
{
    // begin: kit
    public static TheoryData<ConformanceCase> Cases => new(IssuerConformance.For(new IssuerUnderTest
    {
        Create = handler => new DiplomaIssuer(
            new IssuerIdentity("diplomas"), new DiplomaOptions { Address = new("https://diplomas.example.org"), Token = new Secret("env:DIPLOMA_TOKEN", () => DiplomaService.Token) }, new OneClient(handler)),
        Platform = () => new DiplomaService().Seen,
        Request = RemoteRequests.For("none"),
        OptionsType = typeof(DiplomaOptions),
        Secrets = [DiplomaService.Token],
    }));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Diplomas_conform(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);
    // end: kit

    [Theory]
    [InlineData("OwnIssuer.cs", "issuer")]
    [InlineData("OwnIssuerTests.cs", "kit")]
    public void The_page_shows_the_code_that_is_tested(string file, string region)
    {
        string page = File.ReadAllText(Path.Combine(Folder(), "..", "..", "..", "docs", "issuers.md"));
        string code = File.ReadAllText(Path.Combine(Folder(), file));
        string[] lines = code[(code.IndexOf($"// begin: {region}\n", StringComparison.Ordinal) + $"// begin: {region}\n".Length)..code.IndexOf($"// end: {region}", StringComparison.Ordinal)].TrimEnd().Split('\n');
        int indent = lines[0].Length - lines[0].TrimStart().Length;
        page.ShouldContain(string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : l.TrimStart())));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private sealed class OneClient(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }

    private sealed class DiplomaService : HttpMessageHandler
    {
        public const string Token = "diploma-token-9912";

        private readonly List<(string Id, string Key, DateTimeOffset Earned)> diplomas = [];

        public IssuerPlatform Seen => new() { Handler = this, Minted = () => diplomas.Count, IsRevoked = _ => false, EarnedAt = issued => diplomas.Single(d => d.Id == issued.CredentialId).Earned };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                return Json(new JsonArray([.. diplomas.Where(d => request.RequestUri!.Query.Contains(d.Key, StringComparison.Ordinal)).Select(d => new JsonObject { ["id"] = d.Id })]));
            }

            JsonNode body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            diplomas.Add(($"d{diplomas.Count + 1}", (string)body["key"]!, (DateTimeOffset)body["earned"]!));
            return Json(new JsonObject { ["id"] = diplomas[^1].Id });
        }

        private static HttpResponseMessage Json(JsonNode body) => new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
    }
}
