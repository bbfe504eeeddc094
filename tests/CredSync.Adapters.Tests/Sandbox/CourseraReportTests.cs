using System.Globalization;
using System.Net;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Coursera;
using CredSync.Sandbox.Faults;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>What the reports tell and when. Compared with the specification and with what integrators saw; there are no recordings.</summary>
public sealed class CourseraReportTests : CourseraPlayTests
{
    [Theory]
    [InlineData(CourseraWireType.Text, JsonValueKind.String)]
    [InlineData(CourseraWireType.Number, JsonValueKind.Number)]
    public async Task Pages_hold_every_row_once_and_the_last_one_has_no_next(CourseraWireType wire, JsonValueKind kind)
    {
        World.PagingOnWire = wire;
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
        World.Complete(Program, "NW-1", Course, Day, 0.9);
        (await RowsAsync($"?{name}={Day.ToUnixTimeMilliseconds() + milliseconds}")).Length.ShouldBe(found ? 1 : 0);
    }

    [Fact]
    public async Task A_bound_that_is_no_number_is_refused() =>
        (await ErrorAsync("enrollmentReports?lastActivityAfter=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest)).ShouldNotBeEmpty();

    [Fact]
    public async Task A_specialization_completes_with_its_last_course_and_only_shows_when_asked_for()
    {
        World.Complete(Program, "NW-1", Course, Day, 0.9);
        World.Complete(Program, "NW-1", SecondCourse, Day.AddDays(3), 0.8);
        (await RowsAsync("")).Length.ShouldBe(2);
        JsonElement whole = (await RowsAsync("?includeS12n=true")).Single(row => row.GetProperty("contentType").GetString() == "Specialization");
        whole.GetProperty("completedAt").GetInt64().ShouldBe(Day.AddDays(3).ToUnixTimeMilliseconds());
        whole.GetProperty("overallProgress").ValueKind.ShouldBe(JsonValueKind.Null);
        whole.GetProperty("numCoursesInSpecialization").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Deleted_members_and_ended_contracts_vanish_unless_asked_for()
    {
        World.Complete(Program, "NW-1", Course, Day, 0.9);
        World.Complete(OtherProgram, "NW-2", Course, Day, 0.9);
        World.RemoveMember("nw-1", Day.AddDays(1));
        World.EndContract("other-contract");
        (await RowsAsync("")).ShouldBeEmpty();
        JsonElement deleted = (await RowsAsync("?includeDeletedMembers=true")).ShouldHaveSingleItem();
        deleted.GetProperty("membershipState").GetString().ShouldBe("DELETED_MEMBER");
        deleted.GetProperty("deletedAt").GetInt64().ShouldBe(Day.AddDays(1).ToUnixTimeMilliseconds());
        (await RowsAsync("?includeExpiredContracts=true")).Length.ShouldBe(1);
        (await RowsAsync("?includeDeletedMembers=true&includeExpiredContracts=true")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_course_in_two_programs_gives_two_rows_with_one_id()
    {
        World.Complete(Program, "NW-1", Course, Day, 0.9);
        World.Complete(OtherProgram, "NW-1", Course, Day, 0.9);
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
        World.GradeOnWire = wire;
        World.Progress(Program, "NW-1", Course, 100, Day);
        JsonElement before = (await RowsAsync("")).Single();
        before.GetProperty("isCompleted").GetBoolean().ShouldBeFalse();
        before.GetProperty("overallProgress").GetInt32().ShouldBe(100);
        before.GetProperty("grade").ValueKind.ShouldBe(JsonValueKind.Null);
        World.Complete(Program, "NW-1", Course, Day.AddDays(1), 0.9134, percent: 87);
        JsonElement after = (await RowsAsync("")).Single();
        after.GetProperty("isCompleted").GetBoolean().ShouldBeTrue();
        after.GetProperty("overallProgress").GetInt32().ShouldBe(87);
        after.GetProperty("grade").GetRawText().ShouldBe(raw);
    }

    [Fact]
    public async Task Reports_lag_until_the_table_is_refreshed_and_the_gradebook_does_not()
    {
        World.Refresh = CourseraRefresh.ByHand;
        World.Complete(Program, "NW-1", Course, Day, 0.5);
        (await RowsAsync("")).ShouldBeEmpty();
        JsonElement gradebook = (await GetAsync("courseGradebookReports?q=search&emailOrExternalId=nw-1")).Body.GetProperty("elements")[0];
        gradebook.GetProperty("overallCourseGrade").GetDouble().ShouldBe(50);
        World.RefreshReports(Day.AddHours(20));
        JsonElement row = (await RowsAsync("")).ShouldHaveSingleItem();
        row.GetProperty("updatedAt").GetInt64().ShouldBe(Day.AddHours(20).ToUnixTimeMilliseconds());
        World.Withdraw(Program, "NW-1", Course, Day.AddDays(2));
        (await RowsAsync("")).Single().GetProperty("isCompleted").GetBoolean().ShouldBeTrue();
        World.RefreshReports(Day.AddDays(3));
        JsonElement withdrawn = (await RowsAsync("")).Single();
        withdrawn.GetProperty("isCompleted").GetBoolean().ShouldBeFalse();
        withdrawn.GetProperty("contentCertificateUrl").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Faults_repeat_a_page_and_hide_completions()
    {
        CompleteAll();
        JsonElement first = (await GetAsync("enrollmentReports?limit=7")).Body;
        Coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Count = 1 });
        JsonElement.DeepEquals((await GetAsync("enrollmentReports?start=7&limit=7")).Body, first).ShouldBeTrue();
        Coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Count = 1 });
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
        await using SandboxServer server = await SandboxServer.StartAsync([platform], new SandboxOptions { Time = Time }, Ct);
        _ = await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials", platform.Address);
        foreach (int position in new[] { 0, 10, script.Timeline.Count / 2, script.Timeline.Count })
        {
            while (script.Position < position)
            {
                script.PlayNext();
            }

            Uri address = new(platform.Address, "ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports?limit=1000&includeS12n=true&includeDeletedMembers=true");
            using JsonDocument page = JsonDocument.Parse(await Client.GetStringAsync(address, Ct));
            page.RootElement.GetProperty("elements").EnumerateArray().Where(row => row.GetProperty("isCompleted").GetBoolean()).Select(Row).Order()
                .ShouldBe(script.ExpectedAfter(position).Select(Expected).Order());
        }

        script.ExpectedAfter(script.Timeline.Count).Count(x => x.Learner == "NW-1001").ShouldBe(4);

        static string Row(JsonElement row) => $"{row.GetProperty("externalId")} {row.GetProperty("contentId")} {row.GetProperty("completedAt")} {row.GetProperty("grade")}";

        static string Expected(ExpectedCourseraCompletion x) =>
            string.Create(CultureInfo.InvariantCulture, $"{x.Learner} {x.ContentId} {x.CompletedAt.ToUnixTimeMilliseconds()} {x.Grade}");
    }
}
