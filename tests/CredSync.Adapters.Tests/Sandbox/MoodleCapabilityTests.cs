using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>Takes one capability at a time from the service account, and compares with what a real Moodle then answered.</summary>
public sealed class MoodleCapabilityTests
{
    private static readonly Dictionary<string, string> s_calls = new(StringComparer.Ordinal)
    {
        ["site_info"] = "core_webservice_get_site_info",
        ["get_courses"] = "core_course_get_courses",
        ["courses_by_field(idnumber)"] = "core_course_get_courses_by_field&field=idnumber&value=CRS-FIRSTAID-201",
        ["courses_by_field(hidden)"] = "core_course_get_courses_by_field&field=idnumber&value=CRS-HIDDEN-001",
        ["enrolled(plain)"] = "core_enrol_get_enrolled_users&courseid=2",
        ["enrolled(onlyactive)"] = "core_enrol_get_enrolled_users&courseid=2&options[0][name]=onlyactive&options[0][value]=1",
        ["enrolled(withcapability)"] = "core_enrol_get_enrolled_users&courseid=2&options[0][name]=withcapability&options[0][value]=moodle/course:isincompletionreports",
        ["enrolled(groupid)"] = "core_enrol_get_enrolled_users&courseid=3&options[0][name]=groupid&options[0][value]=1",
        ["enrolled(hidden course)"] = "core_enrol_get_enrolled_users&courseid=9",
        ["course_completion"] = "core_completion_get_course_completion_status&courseid=2&userid=8",
        ["course_completion(hidden course)"] = "core_completion_get_course_completion_status&courseid=9&userid=8",
        ["activities(pages)"] = "core_completion_get_activities_completion_status&courseid=3&userid=8",
        ["activities(assign)"] = "core_completion_get_activities_completion_status&courseid=4&userid=8",
        ["grades(one)"] = "gradereport_user_get_grade_items&courseid=4&userid=8",
        ["grades(all)"] = "gradereport_user_get_grade_items&courseid=4",
        ["users_by_field"] = "core_user_get_users_by_field&field=idnumber&values[0]=EMP-01001&values[1]=EMP-01002",
        ["badges"] = "core_badges_get_user_badges&userid=8",
    };

    public static TheoryData<string> Capabilities => ["(none)", .. Matrix().GetProperty("without").EnumerateObject().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Capabilities))]
    public async Task Without_one_capability_every_call_answers_as_measured(string capability)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        MoodleWorld world = RecordedMoodle.Build();
        world.Deny(RecordedMoodle.Full, capability);
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(world)], new SandboxOptions { Time = new FakeTimeProvider(RecordedMoodle.Now) }, ct);
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        Dictionary<string, string> expected = Measured(capability);

        Dictionary<string, string> actual = [];
        foreach ((string name, string call) in s_calls)
        {
            string address = "webservice/rest/server.php?wstoken=valid token, full role&moodlewsrestformat=json&wsfunction=" + call;
            using JsonDocument answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(address, UriKind.Relative), ct));
            actual[name] = Describe(name, answer.RootElement);
        }

        actual.ShouldBe(expected);
    }

    /// <summary>What was measured with everything, and what was different without one capability.</summary>
    private static Dictionary<string, string> Measured(string capability)
    {
        JsonElement matrix = Matrix();
        Dictionary<string, string> measured = matrix.GetProperty("base").EnumerateObject().ToDictionary(x => x.Name, x => x.Value.GetString()!);
        if (matrix.GetProperty("without").TryGetProperty(capability, out JsonElement changes))
        {
            foreach (JsonProperty change in changes.EnumerateObject())
            {
                measured[change.Name] = change.Value.GetString()!;
            }
        }

        // The number after "ok" is the length of the original answer, in which the host's name was another.
        return measured.ToDictionary(x => x.Key, x => x.Value.StartsWith("ok ", StringComparison.Ordinal) ? "ok" : x.Value);
    }

    private static JsonElement Matrix()
    {
        using FileStream file = File.OpenRead(Path.Combine(Recording.Folder, "measurements", "capability-matrix.json"));
        return JsonDocument.Parse(file).RootElement;
    }

    /// <summary>An answer in the words of the measurement.</summary>
    private static string Describe(string name, JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("exception", out _))
        {
            return "ERR " + answer.GetProperty("errorcode").GetString();
        }

        return name switch
        {
            "get_courses" or "users_by_field" => Rows(answer),
            _ when name.StartsWith("enrolled", StringComparison.Ordinal) => Rows(answer),
            _ when name.StartsWith("courses_by_field", StringComparison.Ordinal) => $"{Count(answer, "courses")} courses, {Fields(answer.GetProperty("courses")).Length} fields",
            _ when name.StartsWith("activities", StringComparison.Ordinal) => $"{Count(answer, "statuses")} statuses",
            _ when name.StartsWith("grades", StringComparison.Ordinal) =>
                $"{Count(answer, "usergrades")} users x {answer.GetProperty("usergrades")[0].GetProperty("gradeitems").GetArrayLength()} items",
            "badges" => $"{Count(answer, "badges")} badges, {Fields(answer.GetProperty("badges")).Length} fields",
            _ => "ok",
        };
    }

    private static int Count(JsonElement answer, string list) => answer.GetProperty(list).GetArrayLength();

    private static string Rows(JsonElement rows) => $"{rows.GetArrayLength()} rows, fields={string.Join(',', Fields(rows))}";

    private static string[] Fields(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateObject().Select(member => member.Name)).Distinct().Order(StringComparer.Ordinal)];
}
