using System.Text.Json;
using System.Xml.Linq;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class MoodleDialectTests
{
    public static TheoryData<string> JsonRecordings =>
        [.. Recording.Names().Where(name => Recording.Read(name) is { Format: "json", ContentType: "application/json" } recording && recording.Token.StartsWith("valid", StringComparison.Ordinal))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(JsonRecordings))]
    public async Task XML_says_the_same_as_JSON(string name)
    {
        Recording recording = Recording.Read(name);
        await using SandboxServer server = await SandboxServer.StartAsync(
            [new MoodlePlatform(RecordedMoments.WorldOf(name))], new SandboxOptions { Time = new FakeTimeProvider(RecordedMoodle.Now) }, Ct);
        using JsonDocument json = JsonDocument.Parse(await PostAsync(server, recording.Form(recording.Token)));
        XDocument xml = XDocument.Parse(await PostAsync(server, recording.Form(recording.Token).Where(pair => pair.Key != "moodlewsrestformat")));

        if (xml.Root!.Name == "EXCEPTION")
        {
            xml.Root.Attribute("class")!.Value.ShouldBe(json.RootElement.GetProperty("exception").GetString());
            xml.Root.Element("MESSAGE")!.Value.ReplaceLineEndings("\n").ShouldBe(json.RootElement.GetProperty("message").GetString());
            xml.Root.Element("ERRORCODE")?.Value.ShouldBe(json.RootElement.GetProperty("errorcode").GetString());
        }
        else
        {
            Flatten(xml.Root.Elements().Single()).ShouldBe(Flatten(json.RootElement));
        }
    }

    [Theory]
    [InlineData("core_course_get_courses", "")]
    [InlineData("core_course_get_courses_by_field", "courses")]
    public async Task Who_may_change_a_course_sees_its_number(string function, string list)
    {
        MoodleWorld world = NorthwindScript.Create().World;
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(world)], ct: Ct);
        (await NumbersAsync()).ShouldBeEmpty();
        world.Grant(3, "moodle/course:update");
        (await NumbersAsync()).ShouldBe(world.Courses.Select(course => course.IdNumber));

        async Task<string[]> NumbersAsync()
        {
            using JsonDocument answer = JsonDocument.Parse(await PostAsync(
                server, [new("wstoken", NorthwindScript.Token), new("wsfunction", function), new("moodlewsrestformat", "json")]));
            JsonElement courses = list.Length > 0 ? answer.RootElement.GetProperty(list) : answer.RootElement;
            return [.. courses.EnumerateArray().Where(course => course.TryGetProperty("idnumber", out _)).Select(course => course.GetProperty("idnumber").GetString()!)];
        }
    }

    [Fact]
    public async Task Answers_may_not_be_kept_and_say_so()
    {
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(NorthwindScript.Create())], ct: Ct);
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        using HttpResponseMessage response = await client.GetAsync("webservice/rest/server.php?wsfunction=x", Ct);
        response.Headers.CacheControl!.Private.ShouldBeTrue();
        response.Headers.CacheControl.MaxAge.ShouldBe(TimeSpan.Zero);
        response.Headers.ETag.ShouldBeNull();
    }

    private static async Task<string> PostAsync(SandboxServer server, IEnumerable<KeyValuePair<string, string>> form)
    {
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        using FormUrlEncodedContent content = new(form);
        using HttpResponseMessage response = await client.PostAsync("webservice/rest/server.php", content, Ct);
        return await response.Content.ReadAsStringAsync(Ct);
    }

    /// <summary>Paths and values; nulls are left out, as XML names every member that Moodle knows.</summary>
    private static string[] Flatten(JsonElement root)
    {
        List<string> lines = [];
        Walk("", root);
        return [.. lines];

        void Walk(string path, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    value.EnumerateObject().ToList().ForEach(member => Walk($"{path}.{member.Name}", member.Value));
                    break;
                case JsonValueKind.Array:
                    value.EnumerateArray().Index().ToList().ForEach(item => Walk($"{path}[{item.Index}]", item.Item));
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    lines.Add($"{path}={(value.GetBoolean() ? 1 : 0)}");
                    break;
                case not JsonValueKind.Null:
                    lines.Add($"{path}={value}");
                    break;
            }
        }
    }

    private static string[] Flatten(XElement root)
    {
        List<string> lines = [];
        Walk("", root);
        return [.. lines];

        void Walk(string path, XElement element)
        {
            switch (element.Name.LocalName)
            {
                case "SINGLE":
                    element.Elements("KEY").ToList().ForEach(key => Walk($"{path}.{key.Attribute("name")!.Value}", key.Elements().Single()));
                    break;
                case "MULTIPLE":
                    element.Elements().Index().ToList().ForEach(item => Walk($"{path}[{item.Index}]", item.Item));
                    break;
                default:
                    if (element.Attribute("null") is null)
                    {
                        lines.Add($"{path}={element.Value}");
                    }

                    break;
            }
        }
    }
}
