using System.Text.Json;
using CredSync.Sources.EdxBusiness;
using CredSync.Sources.Http;

namespace CredSync.Adapters.Tests.Golden;

public sealed class EdxBusinessGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("edx-business"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_report_says_becomes_the_expected_completion(string name) => GoldenFiles.ShouldMatch("edx-business", name,
        EdxBusinessMapping.Map("edx-business", JsonSerializer.Deserialize<EdxBusinessRow>(GoldenFiles.Raw("edx-business", name), Tolerant.Json)!, new EdxBusinessOptions { Enterprise = "e-1" }));
}
