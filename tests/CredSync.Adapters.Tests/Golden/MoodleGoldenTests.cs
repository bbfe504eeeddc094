using System.Text.Json;
using CredSync.Sources.Http;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Golden;

public sealed class MoodleGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("moodle"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_moodle_says_becomes_the_expected_completion(string name)
    {
        using JsonDocument raw = JsonDocument.Parse(GoldenFiles.Raw("moodle", name));
        JsonElement root = raw.RootElement;
        MoodleCourse course = new(root.GetProperty("course").Deserialize<MoodleCourseRow>(Tolerant.Json)!, root.GetProperty("courseKey").GetString()!);
        MoodleStatus status = root.GetProperty("status").Deserialize<MoodleStatusAnswer>(Tolerant.Json)!.Status!;
        status.Completed.ShouldBeTrue();
        GoldenFiles.ShouldMatch("moodle", name, MoodleMapping.Map(
            "moodle-hr",
            course,
            root.GetProperty("learner").Deserialize<MoodleLearner>(Tolerant.Json)!,
            MoodleMapping.CompletedAt(status)!.Value,
            root.GetProperty("attempt").GetInt32(),
            root.GetProperty("grades").Deserialize<MoodleGrades>(Tolerant.Json),
            trustEmail: false));
    }
}
