using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>Asks the play Moodle, over real HTTP, everything that a real Moodle was asked, and compares the answers.</summary>
public sealed class MoodleRecordingTests
{
    /// <summary>Values that may differ, each with its reason. Names, kinds and order of members are compared all the same.</summary>
    private static readonly (string Recording, string Path, string Reason)[] s_exempt =
    [
        ("*", @"\.userprivateaccesskey$", "a secret, blanked in the recording; the play Moodle shows one that tests can look for in logs"),
        ("auth.expired.debug", @"\.debuginfo$", "names the caller's address, which is another one here"),
        ("enrolled.sort-lastname", @"\[\d\]\.(id|fullname)$", "the order among equal family names is the database's whim; the names are compared by a test of their own"),
    ];

    /// <summary>Recordings whose rows come in an order that the report does not fix; they are compared as a set.</summary>
    private static readonly (string Recording, string Reason)[] s_anyOrder =
    [
        ("alt.report.all", "the report has no sort order; the database lists it by learner here and by course in page 0"),
    ];

    /// <summary>Recordings of which only the shape can be compared.</summary>
    private static readonly (string Recording, string Reason)[] s_shapeOnly =
    [
        ("alt.report.page0", "20 of 260 rows in an order that the report does not fix; that each of them is a row of the report is a test of its own"),
    ];

    public static TheoryData<string> Recordings => [.. Recording.Names()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recorded_call_is_answered_as_the_real_Moodle_answered_it(string name)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        Recording recording = Recording.Read(name);
        await using SandboxServer server = await SandboxServer.StartAsync(
            [new MoodlePlatform(RecordedMoments.WorldOf(name))], new SandboxOptions { Time = new FakeTimeProvider(RecordedMoodle.Now) }, ct);
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        if (name.EndsWith(".second", StringComparison.Ordinal))
        {
            using HttpResponseMessage first = await SendAsync(client, recording, ct);
        }

        using HttpResponseMessage response = await SendAsync(client, recording, ct);

        ((int)response.StatusCode).ShouldBe(recording.Status);
        response.Content.Headers.ContentType!.ToString().ShouldBe(recording.ContentType);
        string body = await response.Content.ReadAsStringAsync(ct);
        if (recording.ContentType == "application/json")
        {
            using JsonDocument answer = JsonDocument.Parse(body);
            CompareJson(name, recording.Body, answer.RootElement);
        }
        else
        {
            CompareText(name, recording.Body.GetString()!, body);
        }
    }

    [Fact]
    public void Every_table_of_these_tests_names_recordings_that_exist()
    {
        IReadOnlyList<string> names = Recording.Names();
        names.Count.ShouldBe(190);
        RecordedMoments.Named.Concat(s_anyOrder.Select(x => x.Recording)).Concat(s_shapeOnly.Select(x => x.Recording))
            .Concat(s_exempt.Select(x => x.Recording).Where(x => x != "*"))
            .ShouldBeSubsetOf(names);
    }

    [Fact]
    public async Task Learners_sorted_by_family_name_downwards_begin_with_the_recorded_names()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        Recording recording = Recording.Read("enrolled.sort-lastname");
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(RecordedMoodle.Build())], ct: ct);
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        using HttpResponseMessage response = await SendAsync(client, recording, ct);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));

        FamilyNames(answer.RootElement).ShouldBe(FamilyNames(recording.Body));

        static string[] FamilyNames(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.GetProperty("fullname").GetString()!.Split(' ', 2)[1])];
    }

    [Fact]
    public async Task Each_row_of_the_recorded_first_page_is_a_row_of_the_report()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using SandboxServer server = await SandboxServer.StartAsync(
            [new MoodlePlatform(RecordedMoments.WorldOf("alt.report.page0"))], new SandboxOptions { Time = new FakeTimeProvider(RecordedMoodle.Now) }, ct);
        using HttpClient client = new() { BaseAddress = server.Platforms[0].Address };
        using HttpResponseMessage response = await SendAsync(client, Recording.Read("alt.report.all"), ct);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));

        Rows(Recording.Read("alt.report.page0").Body).ShouldBeSubsetOf(Rows(answer.RootElement));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, Recording recording, CancellationToken ct)
    {
        string? token = recording.Token switch { "no wstoken parameter" => null, "empty" => "", { } other => other };
        List<KeyValuePair<string, string>> form = recording.Form(token);
        if (recording.Method == "POST")
        {
            return client.PostAsync("webservice/rest/server.php", new FormUrlEncodedContent(form), ct);
        }

        string query = string.Join('&', form.Select(pair => Uri.EscapeDataString(pair.Key) + "=" + Uri.EscapeDataString(pair.Value)));
        return client.GetAsync("webservice/rest/server.php?" + query, ct);
    }

    private static void CompareJson(string name, JsonElement expected, JsonElement actual)
    {
        if (s_anyOrder.Any(x => x.Recording == name))
        {
            Rows(actual).ShouldBe(Rows(expected), ignoreOrder: true);
        }

        bool loose = s_anyOrder.Any(x => x.Recording == name) || s_shapeOnly.Any(x => x.Recording == name);
        JsonComparison.Differences(expected, actual, path => MayDiffer(name, path) || (loose && path.StartsWith("$.data.rows", StringComparison.Ordinal)))
            .Where(difference => !loose || !difference.StartsWith("$.data.rows[", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string[] Rows(JsonElement report) => [.. report.GetProperty("data").GetProperty("rows").EnumerateArray().Select(row => string.Join('|', row.GetProperty("columns").EnumerateArray()))];

    private static bool MayDiffer(string name, string path) => Array.Exists(s_exempt, x => (x.Recording == "*" || x.Recording == name) && Regex.IsMatch(path, x.Path));

    private static void CompareText(string name, string expected, string actual)
    {
        if (name == "service.cli-maintenance")
        {
            // The recorded page is trimmed; that it is a page is what counts.
            actual.ShouldStartWith("<!DOCTYPE html>");
            return;
        }

        Blank(actual).ShouldBe(Blank(expected));

        static string Blank(string text) => Regex.Replace(text, "(?<=<KEY name=\"userprivateaccesskey\"><VALUE>)[^<]*", "");
    }
}
