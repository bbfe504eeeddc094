using System.Net;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(RecordedMoodle.Now);
    private readonly MoodlePlatform _moodle = new(RecordedMoodle.Build());
    private readonly HttpClient _client = new();
    private SandboxServer? _server;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxServer.StartAsync([_moodle], new SandboxOptions { Time = _time }, Ct);
        _client.BaseAddress = _moodle.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task A_platform_without_faults_answers()
    {
        using JsonDocument answer = await JsonAsync("core_webservice_get_site_info");
        answer.RootElement.GetProperty("userid").GetInt32().ShouldBe(RecordedMoodle.Full);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(7, null, "7")]
    [InlineData(null, "2026-11-23T14:00:00Z", "Mon, 23 Nov 2026 14:00:00 GMT")]
    public async Task Too_many_requests_says_when_to_come_back_in_either_form_or_not_at_all(int? seconds, string? date, string? header)
    {
        _moodle.Faults.Add(new PlayFault
        {
            Kind = PlayFaultKind.TooManyRequests,
            RetryAfter = seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            RetryAt = date is null ? null : DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture),
        });
        using HttpResponseMessage response = await CallAsync("core_webservice_get_site_info");
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.Single() : null).ShouldBe(header);
    }

    [Theory]
    [InlineData(PlayFaultKind.Unavailable, 503, "text/html", true)]
    [InlineData(PlayFaultKind.EmptyForbidden, 403, "text/html", false)]
    [InlineData(PlayFaultKind.LoginPage, 200, "text/html", true)]
    [InlineData(PlayFaultKind.ErrorAfterEffect, 500, "text/html", true)]
    public async Task A_page_for_people_comes_instead_of_an_answer(PlayFaultKind kind, int status, string type, bool hasBody)
    {
        _moodle.Faults.Add(new PlayFault { Kind = kind });
        using HttpResponseMessage response = await CallAsync("core_webservice_get_site_info");
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await response.Content.ReadAsStringAsync(Ct)).StartsWith("<!DOCTYPE html>", StringComparison.Ordinal).ShouldBe(hasBody);
    }

    [Fact]
    public async Task A_fault_hits_only_its_operation_after_those_that_it_lets_pass_and_only_as_often_as_it_may()
    {
        ActiveFault fault = _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable, Operation = "core_course_get_courses", Skip = 1, Count = 2 });
        List<HttpStatusCode> statuses = [];
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage other = await CallAsync("core_webservice_get_site_info");
            other.StatusCode.ShouldBe(HttpStatusCode.OK);
            using HttpResponseMessage response = await CallAsync("core_course_get_courses");
            statuses.Add(response.StatusCode);
        }

        statuses.ShouldBe([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK]);
        fault.Hits.ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_with_a_probability_hits_the_same_requests_for_the_same_seed()
    {
        bool[] first = await HitsAsync(seed: 5);
        first.ShouldContain(true);
        first.ShouldContain(false);
        (await HitsAsync(seed: 5)).ShouldBe(first);
        (await HitsAsync(seed: 6)).ShouldNotBe(first);

        async Task<bool[]> HitsAsync(int seed)
        {
            ActiveFault fault = _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.EmptyForbidden, Probability = 0.5, Seed = seed });
            List<bool> hits = [];
            for (int i = 0; i < 20; i++)
            {
                using HttpResponseMessage response = await CallAsync("core_webservice_get_site_info");
                hits.Add(response.StatusCode == HttpStatusCode.Forbidden);
            }

            fault.Release();
            return [.. hits];
        }
    }

    [Fact]
    public async Task A_slow_answer_comes_when_its_delay_is_over()
    {
        ActiveFault fault = _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.Slow, Delay = TimeSpan.FromMinutes(5) });
        Task<JsonDocument> call = JsonAsync("core_webservice_get_site_info");
        await fault.WaitForHitsAsync(1, Ct);
        while (!call.IsCompleted)
        {
            // The timer of the delay is set just after the hit is counted.
            _time.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Ct));
        }

        using JsonDocument answer = await call;
        answer.RootElement.TryGetProperty("userid", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_held_answer_comes_when_the_fault_is_released_and_not_before()
    {
        ActiveFault fault = _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.Slow });
        Task<JsonDocument> call = JsonAsync("core_webservice_get_site_info");
        await fault.WaitForHitsAsync(1, Ct);
        _time.Advance(TimeSpan.FromDays(1));
        call.IsCompleted.ShouldBeFalse();
        fault.Release();
        using JsonDocument answer = await call;
        answer.RootElement.TryGetProperty("userid", out _).ShouldBeTrue();
        _moodle.Faults.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_answer_is_the_beginning_of_the_right_one()
    {
        string whole = await TextAsync("core_course_get_courses");
        _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.Truncated, Count = 1 });
        string cut = await TextAsync("core_course_get_courses");
        whole.ShouldStartWith(cut);
        cut.Length.ShouldBe(whole.Length / 2);
        Should.Throw<JsonException>(() => JsonDocument.Parse(cut));
    }

    [Theory]
    [InlineData(PlayFaultKind.CutConnection)]
    [InlineData(PlayFaultKind.CutMidAnswer)]
    public async Task A_cut_connection_is_no_answer(PlayFaultKind kind)
    {
        _moodle.Faults.Add(new PlayFault { Kind = kind, Count = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => TextAsync("core_course_get_courses"));
        (await TextAsync("core_course_get_courses")).ShouldStartWith("[");
    }

    [Fact]
    public async Task An_expired_token_is_refused_first_and_unknown_afterwards()
    {
        _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1 });
        (await ErrorAsync("core_webservice_get_site_info")).ShouldBe("accessexception");
        (await ErrorAsync("core_webservice_get_site_info")).ShouldBe("invalidtoken");
    }

    [Fact]
    public async Task A_vanished_completion_is_as_if_it_had_never_been()
    {
        (await CompletedAsync()).ShouldBeTrue();
        ActiveFault fault = _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion });
        (await CompletedAsync()).ShouldBeFalse();
        fault.Release();
        (await CompletedAsync()).ShouldBeTrue();

        async Task<bool> CompletedAsync()
        {
            using JsonDocument answer = await JsonAsync("core_completion_get_course_completion_status&courseid=2&userid=8");
            return answer.RootElement.GetProperty("completionstatus").GetProperty("completed").GetBoolean();
        }
    }

    [Fact]
    public async Task A_duplicate_page_is_the_page_before_once_more()
    {
        string first = await TextAsync(Page(0));
        _moodle.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Count = 1 });
        (await TextAsync(Page(10))).ShouldBe(first);
        (await TextAsync(Page(10))).ShouldNotBe(first);

        static string Page(int from) =>
            $"core_enrol_get_enrolled_users&courseid=2&options[0][name]=limitfrom&options[0][value]={from}&options[1][name]=limitnumber&options[1][value]=10";
    }

    private static Uri Address(string call) =>
        new("webservice/rest/server.php?wstoken=valid token, full role&moodlewsrestformat=json&wsfunction=" + call, UriKind.Relative);

    private Task<HttpResponseMessage> CallAsync(string call) => _client.GetAsync(Address(call), Ct);

    private Task<string> TextAsync(string call) => _client.GetStringAsync(Address(call), Ct);

    private async Task<JsonDocument> JsonAsync(string call) => JsonDocument.Parse(await TextAsync(call));

    private async Task<string?> ErrorAsync(string call)
    {
        using JsonDocument answer = await JsonAsync(call);
        return answer.RootElement.GetProperty("errorcode").GetString();
    }
}
