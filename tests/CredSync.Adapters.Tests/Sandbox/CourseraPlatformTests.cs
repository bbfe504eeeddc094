using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Coursera;
using CredSync.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>The play Coursera does what the specification and integrators say; there are no recordings to compare with.</summary>
public sealed class CourseraPlatformTests : IAsyncLifetime
{
    private const string Program = "pA0000000000000000000A";
    private const string OtherProgram = "pB0000000000000000000B";
    private const string Course = "cA0000000000000000000A";
    private const string SecondCourse = "cB0000000000000000000B";
    private const string Specialization = "sA0000000000000000000A";
    private static readonly DateTimeOffset s_day = new(2026, 3, 2, 9, 0, 0, 123, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CourseraWorld _world = new();
    private readonly CourseraPlatform _coursera;
    private readonly HttpClient _client = new();
    private SandboxServer? _server;

    public CourseraPlatformTests()
    {
        _coursera = new CourseraPlatform(_world);
        _world.Add(new CourseraContent { Id = Course, Name = "Cleaning", Slug = "cleaning" });
        _world.Add(new CourseraContent { Id = SecondCourse, Name = "SQL", Slug = "sql" });
        _world.Add(new CourseraContent { Id = Specialization, Name = "Data", Slug = "data", CourseIds = [Course, SecondCourse] });
        _world.Add(new CourseraProgram { Id = Program, Name = "Academy", Slug = "academy", ContentIds = [Course, SecondCourse, Specialization] });
        _world.Add(new CourseraProgram { Id = OtherProgram, Name = "Other", Slug = "other", ContentIds = [Course], ContractId = "other-contract" });
        for (int i = 1; i <= 30; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            _world.Add(new CourseraMember { ExternalId = "NW-" + number, FullName = "Learner " + number, Email = $"l{number}@example.com" });
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxServer.StartAsync([_coursera], new SandboxOptions { Time = _time }, Ct);
        _client.BaseAddress = _coursera.Address;
        await AuthenticateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task A_token_needs_the_apps_key_and_secret_and_the_right_grant()
    {
        (await MintAsync("nobody:nothing", "client_credentials")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await MintAsync("northwind-play-app:northwind-play-secret", "password")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (HttpStatusCode status, JsonElement token) = await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials");
        status.ShouldBe(HttpStatusCode.OK);
        token.GetProperty("expires_in").GetInt32().ShouldBe(1799);
        token.GetProperty("issued_at").GetInt64().ShouldBe(_time.GetUtcNow().ToUnixTimeSeconds());
        token.GetProperty("token_type").GetString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_token_ends_with_its_time_or_by_a_fault_and_says_so()
    {
        (await GetAsync("enrollmentReports")).Status.ShouldBe(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(1799));
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        await AuthenticateAsync();
        _coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1, Operation = "enrollmentReports" });
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "eyJnonsense");
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("invalid_access_token");
    }

    [Theory]
    [InlineData("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw", HttpStatusCode.OK)]
    [InlineData("ent/api/businesses.v1/northwind/enrollmentReports", HttpStatusCode.BadRequest)]
    [InlineData("ent/api/businesses.v1/somebody-else/enrollmentReports", HttpStatusCode.NotFound)]
    [InlineData("ent/api/businesses.v1/Zz3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.Forbidden)]
    [InlineData("api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.Forbidden)]
    [InlineData("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/learnerReports", HttpStatusCode.NotFound)]
    [InlineData("ent/api/rest/v1/enterprise/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.BadRequest)]
    public async Task The_wrong_address_is_refused_in_the_way_that_tells_least(string path, HttpStatusCode status)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, Ct);
        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task An_app_that_is_not_enabled_gets_a_token_and_nothing_else()
    {
        _world.AppEnabled = false;
        await AuthenticateAsync();
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Forbidden)).ShouldContain("Not Authorized");
    }

    [Theory]
    [InlineData(CourseraWireType.Text, JsonValueKind.String)]
    [InlineData(CourseraWireType.Number, JsonValueKind.Number)]
    public async Task Pages_hold_every_row_once_and_the_last_one_has_no_next(CourseraWireType wire, JsonValueKind kind)
    {
        _world.PagingOnWire = wire;
        CompleteAll();
        List<string> ids = [];
        List<long> times = [];
        string? start = "0";
        while (start is not null)
        {
            JsonElement page = (await GetAsync($"enrollmentReports?start={start}&limit=7")).Body;
            ids.AddRange(page.GetProperty("elements").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
            times.AddRange(page.GetProperty("elements").EnumerateArray().Select(row => row.GetProperty("completedAt").GetInt64()));
            page.GetProperty("paging").GetProperty("total").GetInt32().ShouldBe(30);
            bool more = page.GetProperty("paging").TryGetProperty("next", out JsonElement next);
            if (more)
            {
                next.ValueKind.ShouldBe(kind);
            }

            start = more ? next.ToString() : null;
        }

        ids.Count.ShouldBe(30);
        ids.ShouldBeUnique();
        times.SequenceEqual(times.Order()).ShouldBeFalse("no order is promised, and none is given");
        (await ErrorAsync("enrollmentReports?start=abc", HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("completedAtAfter", 0, true)]
    [InlineData("completedAtAfter", 1, false)]
    [InlineData("completedAtBefore", 0, true)]
    [InlineData("completedAtBefore", -1, false)]
    [InlineData("enrollAtAfter", 0, true)]
    [InlineData("enrollAtBefore", -1, false)]
    [InlineData("lastActivityAfter", 0, false)]
    [InlineData("lastActivityAfter", -1, true)]
    [InlineData("lastActivityBefore", 0, false)]
    [InlineData("lastActivityBefore", 1, true)]
    public async Task Completion_and_enrolment_bounds_are_inclusive_and_activity_bounds_exclusive(string name, int milliseconds, bool found)
    {
        _world.Complete(Program, "NW-1", Course, s_day, 0.9);
        (await RowsAsync($"?{name}={s_day.ToUnixTimeMilliseconds() + milliseconds}")).Length.ShouldBe(found ? 1 : 0);
    }

    [Fact]
    public async Task A_bound_that_is_no_number_is_refused() =>
        (await ErrorAsync("enrollmentReports?lastActivityAfter=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest)).ShouldNotBeEmpty();

    [Fact]
    public async Task A_specialization_completes_with_its_last_course_and_only_shows_when_asked_for()
    {
        _world.Complete(Program, "NW-1", Course, s_day, 0.9);
        _world.Complete(Program, "NW-1", SecondCourse, s_day.AddDays(3), 0.8);
        (await RowsAsync("")).Length.ShouldBe(2);
        JsonElement whole = (await RowsAsync("?includeS12n=true")).Single(row => row.GetProperty("contentType").GetString() == "Specialization");
        whole.GetProperty("completedAt").GetInt64().ShouldBe(s_day.AddDays(3).ToUnixTimeMilliseconds());
        whole.GetProperty("overallProgress").ValueKind.ShouldBe(JsonValueKind.Null);
        whole.GetProperty("numCoursesInSpecialization").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Deleted_members_and_ended_contracts_vanish_unless_asked_for()
    {
        _world.Complete(Program, "NW-1", Course, s_day, 0.9);
        _world.Complete(OtherProgram, "NW-2", Course, s_day, 0.9);
        _world.RemoveMember("nw-1", s_day.AddDays(1));
        _world.EndContract("other-contract");
        (await RowsAsync("")).ShouldBeEmpty();
        JsonElement deleted = (await RowsAsync("?includeDeletedMembers=true")).ShouldHaveSingleItem();
        deleted.GetProperty("membershipState").GetString().ShouldBe("DELETED_MEMBER");
        deleted.GetProperty("deletedAt").GetInt64().ShouldBe(s_day.AddDays(1).ToUnixTimeMilliseconds());
        (await RowsAsync("?includeExpiredContracts=true")).Length.ShouldBe(1);
        (await RowsAsync("?includeDeletedMembers=true&includeExpiredContracts=true")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_course_in_two_programs_gives_two_rows_with_one_id()
    {
        _world.Complete(Program, "NW-1", Course, s_day, 0.9);
        _world.Complete(OtherProgram, "NW-1", Course, s_day, 0.9);
        JsonElement[] rows = await RowsAsync("");
        rows.Select(row => row.GetProperty("id").GetString()).Distinct().ShouldHaveSingleItem();
        rows.Select(row => row.GetProperty("programId").GetString()).ShouldBe([Program, OtherProgram], ignoreOrder: true);
        (await RowsAsync("?q=byProgramId&programId=" + OtherProgram)).Length.ShouldBe(1);
        (await RowsAsync($"?q=byUserProgramId&programId={OtherProgram}&externalId=nw-1")).Length.ShouldBe(1);
        (await ErrorAsync("enrollmentReports?q=byProgramId", HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(CourseraWireType.Text, "\"0.9134\"")]
    [InlineData(CourseraWireType.Number, "0.9134")]
    public async Task A_grade_is_there_only_when_complete_and_in_either_wire_type(CourseraWireType wire, string raw)
    {
        _world.GradeOnWire = wire;
        _world.Progress(Program, "NW-1", Course, 100, s_day);
        JsonElement before = (await RowsAsync("")).Single();
        before.GetProperty("isCompleted").GetBoolean().ShouldBeFalse();
        before.GetProperty("overallProgress").GetInt32().ShouldBe(100);
        before.GetProperty("grade").ValueKind.ShouldBe(JsonValueKind.Null);
        _world.Complete(Program, "NW-1", Course, s_day.AddDays(1), 0.9134, percent: 87);
        JsonElement after = (await RowsAsync("")).Single();
        after.GetProperty("isCompleted").GetBoolean().ShouldBeTrue();
        after.GetProperty("overallProgress").GetInt32().ShouldBe(87);
        after.GetProperty("grade").GetRawText().ShouldBe(raw);
    }

    [Fact]
    public async Task Reports_lag_until_the_table_is_refreshed_and_the_gradebook_does_not()
    {
        _world.Refresh = CourseraRefresh.ByHand;
        _world.Complete(Program, "NW-1", Course, s_day, 0.5);
        (await RowsAsync("")).ShouldBeEmpty();
        JsonElement gradebook = (await GetAsync("courseGradebookReports?q=search&emailOrExternalId=nw-1")).Body.GetProperty("elements")[0];
        gradebook.GetProperty("overallCourseGrade").GetDouble().ShouldBe(50);
        _world.RefreshReports(s_day.AddHours(20));
        JsonElement row = (await RowsAsync("")).ShouldHaveSingleItem();
        row.GetProperty("updatedAt").GetInt64().ShouldBe(s_day.AddHours(20).ToUnixTimeMilliseconds());
        _world.Withdraw(Program, "NW-1", Course, s_day.AddDays(2));
        (await RowsAsync("")).Single().GetProperty("isCompleted").GetBoolean().ShouldBeTrue();
        _world.RefreshReports(s_day.AddDays(3));
        JsonElement withdrawn = (await RowsAsync("")).Single();
        withdrawn.GetProperty("isCompleted").GetBoolean().ShouldBeFalse();
        withdrawn.GetProperty("contentCertificateUrl").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Faults_repeat_a_page_and_hide_completions()
    {
        CompleteAll();
        JsonElement first = (await GetAsync("enrollmentReports?limit=7")).Body;
        _coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Count = 1 });
        JsonElement.DeepEquals((await GetAsync("enrollmentReports?start=7&limit=7")).Body, first).ShouldBeTrue();
        _coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Count = 1 });
        (await RowsAsync("?limit=1000")).ShouldAllBe(row => !row.GetProperty("isCompleted").GetBoolean());
        (await RowsAsync("?limit=1000")).ShouldAllBe(row => row.GetProperty("isCompleted").GetBoolean());
    }

    [Fact]
    public async Task Programs_and_users_are_listed()
    {
        (await ErrorAsync("programs", HttpStatusCode.BadRequest)).ShouldContain("excludeContent");
        (await GetAsync("programs?excludeContent=false")).Body.GetProperty("elements")[0].GetProperty("contentIds").GetArrayLength().ShouldBe(3);
        (await GetAsync("users?limit=1000")).Body.GetProperty("elements").GetArrayLength().ShouldBe(30);
    }

    [Fact]
    public async Task Northwinds_rows_are_what_the_plot_expects_at_any_moment_of_the_story()
    {
        NorthwindCourseraScript script = NorthwindCourseraScript.Create(4);
        script.Timeline.ShouldBe(NorthwindCourseraScript.Create(4).Timeline);
        CourseraPlatform platform = new(script);
        await using SandboxServer server = await SandboxServer.StartAsync([platform], new SandboxOptions { Time = _time }, Ct);
        _ = await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials", platform.Address);
        foreach (int position in new[] { 0, 10, script.Timeline.Count / 2, script.Timeline.Count })
        {
            while (script.Position < position)
            {
                script.PlayNext();
            }

            Uri address = new(platform.Address, "ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports?limit=1000&includeS12n=true&includeDeletedMembers=true");
            using JsonDocument page = JsonDocument.Parse(await _client.GetStringAsync(address, Ct));
            page.RootElement.GetProperty("elements").EnumerateArray().Where(row => row.GetProperty("isCompleted").GetBoolean()).Select(Row).Order()
                .ShouldBe(script.ExpectedAfter(position).Select(Expected).Order());
        }

        script.ExpectedAfter(script.Timeline.Count).Count(x => x.Learner == "NW-1001").ShouldBe(4);

        static string Row(JsonElement row) => $"{row.GetProperty("externalId")} {row.GetProperty("contentId")} {row.GetProperty("completedAt")} {row.GetProperty("grade")}";

        static string Expected(ExpectedCourseraCompletion x) =>
            string.Create(CultureInfo.InvariantCulture, $"{x.Learner} {x.ContentId} {x.CompletedAt.ToUnixTimeMilliseconds()} {x.Grade}");
    }

    private void CompleteAll()
    {
        for (int i = 1; i <= 30; i++)
        {
            _world.Complete(Program, "NW-" + i.ToString(CultureInfo.InvariantCulture), Course, s_day.AddHours(i), 0.9);
        }
    }

    private async Task AuthenticateAsync() => (await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials")).Status.ShouldBe(HttpStatusCode.OK);

    private async Task<(HttpStatusCode Status, JsonElement Body)> MintAsync(string credentials, string grant, Uri? platform = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(platform ?? _coursera.Address, "oauth2/client_credentials/token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        request.Content = new FormUrlEncodedContent([new("grant_type", grant)]);
        using HttpResponseMessage response = await _client.SendAsync(request, Ct);
        JsonElement body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement;
        if (response.IsSuccessStatusCode)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        }

        return (response.StatusCode, body);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/" + path, Ct);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement);
    }

    private async Task<string> ErrorAsync(string path, HttpStatusCode status)
    {
        (HttpStatusCode actual, JsonElement body) = await GetAsync(path);
        actual.ShouldBe(status);
        return body.GetRawText();
    }

    private async Task<JsonElement[]> RowsAsync(string query) => [.. (await GetAsync("enrollmentReports" + query)).Body.GetProperty("elements").EnumerateArray()];
}
