using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class AdminEndpointTests : IAsyncLifetime
{
    private readonly NorthwindScript _script = NorthwindScript.Create();
    private readonly HttpClient _client = new();
    private SandboxServer? _server;
    private MoodlePlatform? _moodle;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _moodle = new MoodlePlatform(_script);
        _server = await SandboxServer.StartAsync([_moodle, new MoodlePlatform(new MoodleWorld(), "other")], ct: Ct);
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Faults_are_set_listed_and_cleared()
    {
        using HttpResponseMessage set = await PostAsync("faults", new { platform = "moodle", kind = "TooManyRequests", count = 3, operation = "core_course_get_courses", retryAfterSeconds = 2 });
        set.StatusCode.ShouldBe(HttpStatusCode.Created);
        PlayFault fault = _moodle!.Faults.Active.Single().Fault;
        fault.ShouldBe(new PlayFault { Kind = PlayFaultKind.TooManyRequests, Count = 3, Operation = "core_course_get_courses", RetryAfter = TimeSpan.FromSeconds(2) });
        (await _client.GetFromJsonAsync<JsonElement>("_sandbox/faults?platform=moodle", Ct)).GetArrayLength().ShouldBe(1);
        (await _client.GetFromJsonAsync<JsonElement>("_sandbox/faults?platform=other", Ct)).GetArrayLength().ShouldBe(0);

        using HttpResponseMessage cleared = await _client.DeleteAsync("_sandbox/faults?platform=moodle", Ct);
        cleared.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _moodle.Faults.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_script_is_advanced_step_by_step_to_its_end()
    {
        using HttpResponseMessage first = await PostAsync("advance", new { steps = 2 });
        JsonElement answer = await first.Content.ReadFromJsonAsync<JsonElement>(Ct);
        answer.GetProperty("played").GetArrayLength().ShouldBe(2);
        answer.GetProperty("position").GetInt32().ShouldBe(2);
        _script.Position.ShouldBe(2);

        using HttpResponseMessage rest = await PostAsync("advance", new { steps = 1_000_000 });
        rest.StatusCode.ShouldBe(HttpStatusCode.OK);
        _script.Position.ShouldBe(_script.Timeline.Count);
        using HttpResponseMessage none = await PostAsync("advance", new { platform = "other" });
        none.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Every_course_can_be_completed_for_a_learner_whatever_completes_it()
    {
        DateTimeOffset at = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
        foreach (MoodleCourse course in _script.World.Courses)
        {
            using HttpResponseMessage done = await PostAsync("complete", new { learner = "NW-1007", course = course.IdNumber, at });
            done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            _script.World.CompletionsOf(course.Id).ShouldBe([(107, at)]);
        }
    }

    [Theory]
    [InlineData("faults", """{ "kind": "Nonsense" }""", HttpStatusCode.BadRequest)]
    [InlineData("faults", """{ "kind": "Slow", "colour": 1 }""", HttpStatusCode.BadRequest)]
    [InlineData("faults", """{ "platform": "nowhere", "kind": "Slow" }""", HttpStatusCode.NotFound)]
    [InlineData("complete", """{ "learner": "NW-1001" }""", HttpStatusCode.BadRequest)]
    [InlineData("complete", """{ "learner": "NW-9999", "course": "DATA-110" }""", HttpStatusCode.NotFound)]
    [InlineData("nothing", "{}", HttpStatusCode.NotFound)]
    public async Task What_makes_no_sense_is_refused(string endpoint, string body, HttpStatusCode status)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync("_sandbox/" + endpoint, content, Ct);
        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Without_admin_endpoints_nothing_can_be_turned()
    {
        await using SandboxServer closed = await SandboxServer.StartAsync([new MoodlePlatform(new MoodleWorld())], new SandboxOptions { AdminEndpoints = false }, Ct);
        using HttpResponseMessage response = await _client.GetAsync(new Uri(closed.Address, "_sandbox/platforms"), Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> PostAsync(string endpoint, object body) => _client.PostAsJsonAsync("_sandbox/" + endpoint, body, Ct);
}
