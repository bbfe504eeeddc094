using System.Text.Json;
using CredSync.Sources.Edx;
using CredSync.Sources.Http;

namespace CredSync.Adapters.Tests.Golden;

public sealed class EdxGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("edx"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_open_edx_says_becomes_the_expected_completion(string name)
    {
        using JsonDocument raw = JsonDocument.Parse(GoldenFiles.Raw("edx", name));
        JsonElement root = raw.RootElement;
        GoldenFiles.ShouldMatch("edx", name, EdxMapping.Map(
            "edx",
            root.GetProperty("run").GetString()!,
            root.GetProperty("grade").Deserialize<EdxGrade>(Tolerant.Json)!,
            root.GetProperty("certificate").Deserialize<EdxCertificate>(Tolerant.Json)!,
            root.GetProperty("account").Deserialize<EdxAccount>(Tolerant.Json),
            trustEmail: true));
    }
}
