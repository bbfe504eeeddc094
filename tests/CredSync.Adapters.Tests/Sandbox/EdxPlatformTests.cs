using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>The play Open edX does what the projects' documentation says; there are no recordings to compare with.</summary>
public sealed class EdxPlatformTests : IAsyncLifetime
{
    private const string Run = "course-v1:NorthX+DATA101+2026_T1";
    private const string NoPage = "course-v1:NorthX+NOPAGE+2026_T1";
    private static readonly DateTimeOffset s_day = new DateTimeOffset(2026, 1, 1, 8, 12, 3, TimeSpan.Zero).AddMicroseconds(456789);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero));
    private readonly EdxWorld _world = new();
    private readonly EdxPlatform _edx;
    private readonly HttpClient _client = new();
    private SandboxServer? _server;

    public EdxPlatformTests()
    {
        _edx = new EdxPlatform(_world);
        _world.Add(new EdxCourse { Run = Run, Title = "Practical Data Cleaning" });
        _world.Add(new EdxCourse { Run = NoPage, Title = "No page", HasCertificatePage = false });
        for (int i = 1; i <= 60; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            _world.Add(new EdxUser { Id = 5000 + i, UserName = "u" + number, Name = "Learner " + number, Email = $"u{number}@example.org", SsoUid = "NW-" + number });
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxServer.StartAsync([_edx], new SandboxOptions { Time = _time }, Ct);
        _client.BaseAddress = _edx.Address;
        await AuthenticateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData("oauth2/access_token", JsonValueKind.Number)]
    [InlineData("oauth2/v1/access_token", JsonValueKind.String)]
    public async Task A_token_is_a_JWT_whose_life_is_told_as_a_number_or_as_text(string path, JsonValueKind kind)
    {
        JsonElement token = (await MintAsync(path, "JWT", _world.ClientSecret)).Body;
        token.GetProperty("token_type").GetString().ShouldBe("JWT");
        token.GetProperty("access_token").GetString()!.Split('.').Length.ShouldBe(3);
        token.GetProperty("expires_in").ValueKind.ShouldBe(kind);
        (await MintAsync(path, "JWT", "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_JWT_is_only_good_under_its_own_word_for_its_time_and_for_staff()
    {
        string jwt = _client.DefaultRequestHeaders.Authorization!.Parameter!;
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.OK);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", jwt);
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("JWT", jwt);
        _world.IsStaff = false;
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Forbidden);
        _world.IsStaff = true;
        _time.Advance(_world.TokenLifetime);
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_first_pass_brings_a_certificate_that_a_revocation_takes_from_the_list_and_not_from_the_detail()
    {
        _world.Enrol("u1", Run, s_day.AddDays(-30));
        _world.Grade("u1", Run, 0.4, s_day.AddDays(-1));
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        _world.Grade("u1", Run, 0.93, s_day);
        JsonElement listed = (await GetAsync("api/certificates/v0/certificates/u1")).Body[0];
        listed.GetProperty("created_date").GetString().ShouldBe("2026-01-01T08:12:03.456789Z");
        listed.GetProperty("grade").GetString().ShouldBe("0.93");
        listed.GetProperty("course_organization").GetString().ShouldBe("NorthX");

        _world.Revoke("u1", Run, s_day.AddDays(1));
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        JsonElement detail = (await GetAsync($"api/certificates/v0/certificates/u1/courses/{Uri.EscapeDataString(Run)}/")).Body;
        detail.GetProperty("status").GetString().ShouldBe("unavailable");
        detail.GetProperty("is_passing").GetBoolean().ShouldBeFalse();
        detail.GetProperty("grade").GetString().ShouldBe("");
        detail.GetProperty("download_url").ValueKind.ShouldBe(JsonValueKind.Null);

        _world.Certify("u1", Run, s_day.AddDays(2));
        JsonElement again = (await GetAsync("api/certificates/v0/certificates/u1")).Body[0];
        again.GetProperty("uuid").GetString().ShouldBe(listed.GetProperty("uuid").GetString());
        again.GetProperty("created_date").GetString().ShouldBe(listed.GetProperty("created_date").GetString());
        again.GetProperty("modified_date").GetString().ShouldNotBe(listed.GetProperty("modified_date").GetString());
    }

    [Theory]
    [InlineData("u1", "not-a-key", "course_id_not_valid")]
    [InlineData("u1", Run, "no_certificate_for_user")]
    [InlineData("nobody", Run, "no_certificate_for_user")]
    [InlineData("u2", NoPage, "no_certificate_configuration_for_course")]
    public async Task A_certificate_that_cannot_be_shown_says_which_kind_of_not_found_it_is(string user, string run, string code)
    {
        _world.Enrol("u2", NoPage, s_day);
        _world.Grade("u2", NoPage, 0.9, s_day);
        (HttpStatusCode status, JsonElement body) = await GetAsync($"api/certificates/v0/certificates/{user}/courses/{Uri.EscapeDataString(run)}/");
        status.ShouldBe(HttpStatusCode.NotFound);
        body.GetProperty("error_code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_hidden_profile_looks_like_no_certificate_at_all()
    {
        Pass("u1", s_day);
        _world.Change("u1", user => user with { ProfileHidden = true });
        (HttpStatusCode status, JsonElement body) = await GetAsync("api/certificates/v0/certificates/u1");
        status.ShouldBe(HttpStatusCode.OK);
        body.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Grades_come_in_pages_of_fifty_without_times_or_addresses_and_without_those_who_left()
    {
        for (int i = 1; i <= 60; i++)
        {
            Pass("u" + i.ToString(CultureInfo.InvariantCulture), s_day);
        }

        _world.Enrol("u7", Run, s_day, mode: "masters");
        _world.Unenrol("u8", Run, s_day);
        List<JsonElement> rows = [];
        string? next = $"api/grades/v1/courses/{Uri.EscapeDataString(Run)}/";
        List<int> sizes = [];
        while (next is not null)
        {
            JsonElement page = (await GetAsync(next)).Body;
            sizes.Add(page.GetProperty("results").GetArrayLength());
            rows.AddRange(page.GetProperty("results").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        sizes.ShouldBe([50, 9]);
        rows.Select(row => row.GetProperty("username").GetString()).ShouldBeUnique();
        rows.ShouldNotContain(row => row.GetProperty("username").GetString() == "u8");
        rows.Where(row => row.GetProperty("email").GetString() != "").Select(row => row.GetProperty("username").GetString()).ShouldBe(["u7"]);
        rows[0].EnumerateObject().Select(member => member.Name).ShouldBe(["username", "email", "course_id", "passed", "percent", "letter_grade"]);
    }

    [Theory]
    [InlineData("not-a-key/", HttpStatusCode.BadRequest, "invalid_course_key")]
    [InlineData("course-v1:NorthX+NONE+2026_T1/", HttpStatusCode.NotFound, "course_does_not_exist")]
    [InlineData(Run + "/?username=nobody", HttpStatusCode.NotFound, "user_does_not_exist")]
    [InlineData(Run + "/?username=u1", HttpStatusCode.NotFound, "user_not_enrolled")]
    public async Task A_grade_that_cannot_be_told_says_why(string path, HttpStatusCode status, string code)
    {
        (HttpStatusCode actual, JsonElement body) = await GetAsync("api/grades/v1/courses/" + path);
        actual.ShouldBe(status);
        body.GetProperty("error_code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_plus_in_a_query_must_be_escaped()
    {
        Pass("u1", s_day);
        (await GetAsync("api/enrollment/v1/enrollments?course_id=" + Uri.EscapeDataString(Run))).Body.GetProperty("results").GetArrayLength().ShouldBe(1);
        (await GetAsync("api/enrollment/v1/enrollments?course_id=" + Run)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Accounts_are_found_by_name_address_and_id_and_retired_ones_are_not()
    {
        (await GetAsync("api/user/v1/accounts?username=u1,u2")).Body.GetArrayLength().ShouldBe(2);
        (await GetAsync("api/user/v1/accounts?email=u3@example.org")).Body[0].GetProperty("username").GetString().ShouldBe("u3");
        (await GetAsync("api/user/v1/accounts?lms_user_id=5004")).Body[0].GetProperty("username").GetString().ShouldBe("u4");
        using HttpResponseMessage search = await _client.PostAsJsonAsync("api/user/v1/accounts/search_emails", new { emails = new[] { "U5@example.org", "x@example.org" } }, Ct);
        (await search.Content.ReadFromJsonAsync<JsonElement>(Ct))[0].GetProperty("id").GetInt32().ShouldBe(5005);
        _world.Change("u3", user => user with { Retired = true });
        (await GetAsync("api/user/v1/accounts?email=u3@example.org")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("enterprise/v3/enterprise-customer/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/learner-summary", "course_start")]
    [InlineData("enterprise/api/v1/enterprise/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/enrollments/", "course_start_date")]
    public async Task Enterprise_reports_tell_the_day_only_after_the_night_and_no_address_without_consent(string path, string startName)
    {
        _world.Refresh = EdxRefresh.ByHand;
        Pass("u1", s_day);
        Pass("u2", s_day.AddDays(-20));
        _world.Change("u2", user => user with { Consents = false });
        Pass("u3", s_day);
        _world.Unlink("u3");
        (await GetAsync(path)).Body.GetProperty("count").GetInt32().ShouldBe(0);
        _world.RefreshReports(s_day.AddDays(1));
        JsonElement page = (await GetAsync(path + "?page_size=1")).Body;
        page.GetProperty("count").GetInt32().ShouldBe(2);
        page.GetProperty("num_pages").GetInt32().ShouldBe(2);
        JsonElement second = (await GetAsync(page.GetProperty("next").GetString()!)).Body;
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement first = page.GetProperty("results")[0];
        first.GetProperty("user_email").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("is_consent_granted").GetBoolean().ShouldBeFalse();
        first.TryGetProperty(startName, out _).ShouldBeTrue();
        JsonElement row = second.GetProperty("results")[0];
        row.GetProperty("passed_date").GetString().ShouldBe("2026-01-01");
        row.GetProperty("courserun_key").GetString().ShouldBe(Run);
        row.GetProperty("course_key").GetString().ShouldBe("NorthX+DATA101");
        row.GetProperty("enterprise_sso_uid").GetString().ShouldBe("NW-1");
        (await GetAsync(path + "?passed_date=last_week")).Body.GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Edx_for_Business_answers_in_XML_unless_asked_for_JSON()
    {
        _client.DefaultRequestHeaders.Accept.Clear();
        using HttpResponseMessage response = await _client.GetAsync("enterprise/v3/enterprise-customer/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/learner-summary", Ct);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
        using HttpResponseMessage other = await _client.GetAsync("enterprise/v3/enterprise-customer/00000000-0000-0000-0000-000000000000/learner-summary", Ct);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Hooks_repeat_themselves_carry_times_with_a_space_and_are_sent_once()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync(Ct);
        _world.Enrol("u1", Run, s_day.AddDays(-30));
        _world.Grade("u1", Run, 0.4, s_day.AddDays(-1));
        _world.Grade("u1", Run, 0.93, s_day);
        _world.Revoke("u1", Run, s_day.AddDays(1));
        (await _edx.SendHooksAsync(receiver.Address, _client, Ct)).ShouldBe(6);
        (await _edx.SendHooksAsync(receiver.Address, _client, Ct)).ShouldBe(0);

        receiver.Bodies.Select(Type).ShouldBe(
        [
            "course.passing.status.updated", "course.passing.status.updated", "certificate.created", "certificate.changed", "certificate.changed", "certificate.revoked",
        ]);
        JsonElement certificate = receiver.Bodies[2];
        certificate.EnumerateObject().First().Name.ShouldBe("openedx_events.learning.data.CertificateData");
        certificate.GetProperty("event_metadata").GetProperty("time").GetString().ShouldBe("2026-01-01 08:12:03.456789+00:00");
        receiver.Bodies[5].GetProperty("openedx_events.learning.data.CertificateData").GetProperty("current_status").GetString().ShouldBe("unavailable");
        receiver.Bodies.Select(body => body.GetProperty("event_metadata").GetProperty("id").GetGuid()).ShouldBeUnique();

        static string Type(JsonElement body) => body.GetProperty("event_metadata").GetProperty("event_type").GetString()!.Replace("org.openedx.learning.", "", StringComparison.Ordinal).Replace(".v1", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_cannot_be_sent_is_lost()
    {
        Uri nobody;
        await using (HookReceiver receiver = await HookReceiver.StartAsync(Ct))
        {
            nobody = receiver.Address;
        }

        Pass("u1", s_day);
        (await _edx.SendHooksAsync(nobody, _client, Ct)).ShouldBe(0);
        await using HookReceiver later = await HookReceiver.StartAsync(Ct);
        (await _edx.SendHooksAsync(later.Address, _client, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Faults_end_tokens_repeat_pages_and_hide_passes()
    {
        Pass("u1", s_day);
        Pass("u2", s_day);
        string grades = $"api/grades/v1/courses/{Uri.EscapeDataString(Run)}/?page_size=1";
        JsonElement first = (await GetAsync(grades)).Body;
        _edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Operation = "grades", Count = 1 });
        JsonElement.DeepEquals((await GetAsync(first.GetProperty("next").GetString()!)).Body, first).ShouldBeTrue();
        _edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Count = 1 });
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        _edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1 });
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await AuthenticateAsync();
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Northwinds_certificates_are_what_the_plot_expects_after_every_step()
    {
        NorthwindEdxScript script = NorthwindEdxScript.Create(5);
        script.Timeline.ShouldBe(NorthwindEdxScript.Create(5).Timeline);
        do
        {
            script.World.Certificates().Select(x => ("NW-" + x.UserName[2..], x.Run, x.CreatedAt, x.Grade)).ShouldBe(
                script.ExpectedAfter(script.Position).Where(x => !x.Revoked).Select(x => (x.Learner, x.Run, x.PassedAt, (double?)x.Grade)), ignoreOrder: true);
        }
        while (script.PlayNext() is not null);
    }

    private void Pass(string user, DateTimeOffset at)
    {
        _world.Enrol(user, Run, at.AddDays(-30));
        _world.Grade(user, Run, 0.93, at);
    }

    private async Task AuthenticateAsync()
    {
        JsonElement token = (await MintAsync("oauth2/access_token", "jwt", _world.ClientSecret)).Body;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("JWT", token.GetProperty("access_token").GetString());
        _client.DefaultRequestHeaders.Accept.Clear();
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> MintAsync(string path, string type, string secret)
    {
        using FormUrlEncodedContent form = new([new("grant_type", "client_credentials"), new("client_id", _world.ClientId), new("client_secret", secret), new("token_type", type)]);
        using HttpResponseMessage response = await _client.PostAsync(path, form, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }
}
