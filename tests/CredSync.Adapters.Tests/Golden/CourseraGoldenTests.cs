using System.Text.Json;
using CredSync.Sources.Coursera;
using CredSync.Sources.Http;

namespace CredSync.Adapters.Tests.Golden;

public sealed class CourseraGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("coursera"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_coursera_reports_becomes_the_expected_completion(string name)
    {
        CourseraEnrollment row = JsonSerializer.Deserialize<CourseraEnrollment>(GoldenFiles.Raw("coursera", name), Tolerant.Json)!;
        CourseraMapping.ProblemOf(row).ShouldBeNull();
        GoldenFiles.ShouldMatch("coursera", name, CourseraMapping.Map("coursera-eu", row, new CourseraOptions()));
    }
}
