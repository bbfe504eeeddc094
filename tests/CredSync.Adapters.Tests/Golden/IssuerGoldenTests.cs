using System.Text.Json;
using CredSync.Issuers;
using CredSync.Issuers.Accredible;
using CredSync.Issuers.Badgr;
using CredSync.Issuers.Credly;

namespace CredSync.Adapters.Tests.Golden;

public sealed class IssuerGoldenTests
{
    private static readonly Dictionary<string, Func<IssuanceRequest, object>> Mappings = new()
    {
        ["accredible"] = request => AccredibleMapping.Issue("x", request, new AccredibleOptions()),
        ["badgr"] = request => BadgrMapping.Issue("x", request, new BadgrOptions()),
        ["credly"] = request => CredlyMapping.Issue("x", request, new CredlyOptions { Locale = "de" }),
    };

    public static TheoryData<string, string> Cases => [.. Mappings.Keys.SelectMany(adapter => GoldenFiles.Cases("issuers").Select(name => (adapter, name)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_becomes_the_expected_body(string adapter, string name)
    {
        IssuanceRequest request = JsonSerializer.Deserialize<IssuanceRequest>(GoldenFiles.Raw("issuers", name), JsonSerializerOptions.Web)!;
        GoldenFiles.ShouldMatch(Path.Combine("issuers", adapter), name, Mappings[adapter](request));
    }
}
