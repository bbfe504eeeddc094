using System.Net;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Coursera;
using CredSync.Sources;
using CredSync.Sources.Coursera;
using CsCheck;

namespace CredSync.Adapters.Tests.Sources.Coursera;

public sealed class CourseraSourceTests : IAsyncDisposable
{
    private const long T1 = 1_767_189_123_456;
    private const long Day = 86_400_000;
    private readonly ScriptedCoursera coursera = new();
    private readonly InstantTime time = new();
    private readonly SourceBench bench;
    private readonly TestLedger ledger = new();
    private readonly CourseraOptions options = Options();

    public CourseraSourceTests() => bench = new SourceBench(coursera, time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICompletionSource Source => bench.Create("coursera", options, "coursera-eu");

    private string[] Keys => [.. ledger.Completions.Keys.Select(k => k.NaturalKey).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    internal static CourseraOptions Options() => new()
    {
        Organisation = "org-1",
        AppKey = new Secret("env:COURSERA_KEY", () => ScriptedCoursera.Key),
        AppSecret = new Secret("env:COURSERA_SECRET", () => ScriptedCoursera.Secret),
        PageSize = 2,
    };

    [Fact]
    public async Task Completed_rows_of_all_pages_are_yielded()
    {
        Add("A", "c1", T1);
        Add("b", "c1", null);
        Add("c", "c1", T1 + 1);
        Add("a", "c2", T1 + 2);
        Add("d", "c2", T1 + 3);
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1", "a~Course~c2", "c~Course~c1", "d~Course~c2"]);
    }

    [Fact]
    public async Task The_first_reading_is_a_full_one_and_the_next_begins_before_the_newest_completion_seen()
    {
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        coursera.Requests[^1].ShouldContain("includeDeletedMembers=true");
        coursera.Requests[^1].ShouldContain("includeS12n=true");
        await ledger.ReadAsync(Source, Ct);
        coursera.Requests[^1].ShouldContain($"completedAtAfter={T1 - (7 * Day)}");
        coursera.Requests[^1].ShouldContain("includeExpiredContracts=true");
    }

    [Fact]
    public async Task A_member_who_finishes_and_leaves_between_two_readings_is_not_missed()
    {
        NorthwindCourseraScript script = NorthwindCourseraScript.Create(1);
        await using SandboxServer server = await SandboxServer.StartAsync([new CourseraPlatform(script)], ct: Ct);
        await using SourceBench real = new();
        ICompletionSource source = real.Create("coursera", new CourseraOptions
        {
            Address = server.Platforms[0].Address,
            Organisation = script.World.OrganisationId,
            AppKey = new Secret("env:KEY", () => script.World.AppKey),
            AppSecret = new Secret("env:SECRET", () => script.World.AppSecret),
        });
        DateTimeOffset day = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        script.World.Complete(NorthwindCourseraScript.ProgramId, "NW-1001", NorthwindCourseraScript.Sql, day, 0.9);
        await ledger.ReadAsync(source, Ct);
        script.World.Complete(NorthwindCourseraScript.ProgramId, "NW-1002", NorthwindCourseraScript.Sql, day.AddDays(1), 0.8);
        script.World.RemoveMember("NW-1002", day.AddDays(2));
        await ledger.ReadAsync(source, Ct);
        Keys.ShouldBe([$"nw-1001~Course~{NorthwindCourseraScript.Sql}", $"nw-1002~Course~{NorthwindCourseraScript.Sql}"]);
    }

    [Fact]
    public async Task A_row_that_appears_a_day_late_is_found()
    {
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        Add("b", "c1", T1 - (2 * Day));
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1", "b~Course~c1"]);
    }

    [Fact]
    public async Task A_row_that_appears_weeks_late_is_found_by_the_next_full_scan()
    {
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        Add("b", "c1", T1 - (40 * Day));
        await ledger.ReadAsync(Source, Ct);
        Keys.Length.ShouldBe(1);
        time.Now += TimeSpan.FromDays(7);
        await ledger.ReadAsync(Source, Ct);
        Keys.Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_content_in_two_programs_is_one_fact_with_the_earlier_date_even_across_pages()
    {
        Add("a", "c1", T1 + 50, "p1");
        Add("x", "c9", T1);
        Add("a", "c1", T1, "p2");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("coursera-eu", "a~Course~c1")].CompletedAt!.Value.ToUnixTimeMilliseconds().ShouldBe(T1);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("coursera-eu", "a~Course~c1")].CompletedAt!.Value.ToUnixTimeMilliseconds().ShouldBe(T1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_programs_on_one_page_the_row_that_was_complete_first_tells_the_fact_in_whatever_order_they_come(bool firstFirst)
    {
        Add("a", "c1", firstFirst ? T1 : T1 + 50, "p1");
        Add("a", "c1", firstFirst ? T1 + 50 : T1, "p2");
        coursera.Rows[firstFirst ? 0 : 1]["grade"] = 0.9;
        coursera.Rows[firstFirst ? 1 : 0]["grade"] = 0.7;
        await ledger.ReadAsync(Source, Ct);
        Completion fact = ledger.Yielded.ShouldHaveSingleItem();
        (fact.CompletedAt!.Value.ToUnixTimeMilliseconds(), fact.Score!.Scaled).ShouldBe((T1, 0.9m));
    }

    [Fact]
    public async Task Programs_count_apart_where_configured()
    {
        options.PerProgram = true;
        Add("a", "c1", T1, "p1");
        Add("a", "c1", T1, "p2");
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1~p1", "a~Course~c1~p2"]);
    }

    [Fact]
    public async Task A_regrade_revises_the_completion()
    {
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        coursera.Rows[0]["grade"] = 0.95;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().Score!.Scaled.ShouldBe(0.95m);
    }

    [Fact]
    public async Task Vanishing_and_flipping_withdraw_nothing()
    {
        Add("a", "c1", T1);
        Add("b", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        coursera.Rows.RemoveAt(1);
        coursera.Rows[0]["isCompleted"] = false;
        time.Now += TimeSpan.FromDays(8);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
        ledger.Completions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rows_that_cannot_be_mapped_are_set_aside_without_personal_data()
    {
        Add("a", "c1", T1);
        Add("b", "c1", T1);
        Add("c", "", T1);
        Add("d", "c1", T1);
        coursera.Rows[1]["externalId"] = null;
        coursera.Rows[1]["email"] = " ";
        coursera.Rows[3]["completedAt"] = "yesterday";
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1"]);
        ledger.Unreadable.Select(r => (r.Reference, r.Cause)).ShouldBe([("report row 2, content c1", "row-without-person"), ("report row 3", "row-without-content"), ("report row 4", "row-malformed")]);
        string.Concat(ledger.Unreadable).ShouldNotContain("@example.org");
    }

    [Fact]
    public async Task A_completion_without_a_date_is_a_fact_that_waits_for_its_date()
    {
        Add("a", "c1", T1);
        Add("b", "c1", T1);
        coursera.Rows[1]["completedAt"] = null;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("coursera-eu", "b~Course~c1")].CompletedAt.ShouldBeNull();
        coursera.Rows[1]["completedAt"] = T1 + 5;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("coursera-eu", "b~Course~c1")].CompletedAt!.Value.ToUnixTimeMilliseconds().ShouldBe(T1 + 5);
        coursera.Rows[1]["completedAt"] = null;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("coursera-eu", "b~Course~c1")].CompletedAt!.Value.ToUnixTimeMilliseconds().ShouldBe(T1 + 5);
    }

    [Fact]
    public async Task An_empty_report_is_no_fault_and_withdraws_nothing()
    {
        await ledger.ReadAsync(Source, Ct);
        (ledger.Completions.Count, ledger.Unreadable.Count).ShouldBe((0, 0));
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        coursera.Rows.Clear();
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1"]);
    }

    [Fact]
    public async Task Complete_with_progress_below_100_and_without_a_grade_is_complete()
    {
        Add("a", "c1", T1);
        coursera.Rows[0]["overallProgress"] = 87;
        coursera.Rows[0]["grade"] = null;
        Add("b", "c1", null);
        coursera.Rows[1]["overallProgress"] = 100;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Score.ShouldBeNull();
    }

    [Fact]
    public async Task Two_addresses_for_one_external_id_are_one_person_and_one_fact()
    {
        Add("NW-7", "c1", T1);
        Add("nw-7", "c1", T1);
        coursera.Rows[1]["email"] = "new.address@example.org";
        await ledger.ReadAsync(Source, Ct);
        Completion one = ledger.Completions.Values.ShouldHaveSingleItem();
        one.Identifiers.Single(i => i.Kind == IdentifierKinds.ExternalId).Value.ToUpperInvariant().ShouldBe("NW-7");
    }

    [Fact]
    public async Task A_row_that_is_missing_once_and_then_back_is_the_same_fact()
    {
        Add("a", "c1", T1);
        await ledger.ReadAsync(Source, Ct);
        (string?, DateTimeOffset?) Fact() => (ledger.Completions.Values.Single().Course.Key, ledger.Completions.Values.Single().CompletedAt);
        (string?, DateTimeOffset?) before = Fact();
        System.Text.Json.Nodes.JsonObject row = coursera.Rows[0];
        coursera.Rows.Clear();
        time.Now += TimeSpan.FromDays(8);
        await ledger.ReadAsync(Source, Ct);
        coursera.Rows.Add(row);
        time.Now += TimeSpan.FromDays(8);
        await ledger.ReadAsync(Source, Ct);
        Fact().ShouldBe(before);
        ledger.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task Paging_by_number_is_read_like_paging_by_text()
    {
        ScriptedCoursera numbers = new() { NextAsNumber = true };
        for (int i = 0; i < 7; i++)
        {
            numbers.Rows.Add(ScriptedCoursera.Row($"n{i}", "c1", T1));
        }

        await using SourceBench other = new(numbers, time);
        await ledger.ReadAsync(other.Create("coursera", options), Ct);
        Keys.Length.ShouldBe(7);
    }

    [Fact]
    public async Task A_token_is_minted_once_for_many_calls_and_renewed_before_it_ends()
    {
        for (int i = 0; i < 9; i++)
        {
            Add($"n{i}", "c1", T1);
        }

        ICompletionSource source = Source;
        await ledger.ReadAsync(source, Ct);
        coursera.Minted.ShouldBe(1);
        time.Now += TimeSpan.FromSeconds(1500);
        await ledger.ReadAsync(source, Ct);
        coursera.Minted.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_is_refused_before_its_time_is_minted_again_once()
    {
        Add("a", "c1", T1);
        ICompletionSource source = Source;
        await ledger.ReadAsync(source, Ct);
        coursera.Revoked = 1;
        await ledger.ReadAsync(source, Ct);
        coursera.Minted.ShouldBe(2);
        coursera.Revoked = 99;
        (await ledger.ReadFaultAsync(source, Ct)).Kind.ShouldBe(FaultKind.Unauthorized);
        coursera.Minted.ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_app_secret_is_unauthorized()
    {
        options.AppSecret = new Secret("env:COURSERA_SECRET", () => "wrong");
        SourceException fault = await ledger.ReadFaultAsync(Source, Ct);
        fault.Kind.ShouldBe(FaultKind.Unauthorized);
        fault.Message.ShouldContain("client id and secret");
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "not enabled")]
    [InlineData(HttpStatusCode.NotFound, "22 characters")]
    [InlineData(HttpStatusCode.BadRequest, "22 characters")]
    public async Task A_refused_organisation_is_misconfigured_and_says_why(HttpStatusCode status, string says)
    {
        coursera.Instead = asked => asked.StartsWith("/ent", StringComparison.Ordinal) ? new HttpResponseMessage(status) : null;
        SourceException fault = await ledger.ReadFaultAsync(Source, Ct);
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Message.ShouldContain(says);
    }

    [Fact]
    public async Task The_check_tells_whether_organisation_and_reports_may_be_read()
    {
        (await ((ICheckable)Source).CheckAsync(Ct)).Select(r => (r.Name, r.Outcome)).ShouldBe([("organisation", CheckOutcome.Passed), ("reports", CheckOutcome.Passed)]);
        coursera.Instead = asked => asked.Contains("enrollmentReports", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        (await ((ICheckable)Source).CheckAsync(Ct)).Select(r => (r.Name, r.Outcome)).ShouldBe([("organisation", CheckOutcome.Passed), ("reports", CheckOutcome.Failed)]);
    }

    [Theory]
    [InlineData(T1 * 1000)]
    [InlineData(4_102_444_800_000)]
    [InlineData(long.MaxValue)]
    public async Task A_date_ahead_of_the_clock_or_in_another_unit_does_not_move_the_window(long odd)
    {
        Add("a", "c1", T1);
        Add("b", "c1", odd);
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1", "b~Course~c1"]);
        await ledger.ReadAsync(Source, Ct);
        coursera.Requests[^1].ShouldContain($"completedAtAfter={T1 - (7 * Day)}");
    }

    [Fact]
    public async Task A_gradebook_tells_sooner_under_the_same_key_and_in_its_own_scale()
    {
        options.Programs = ["p1"];
        coursera.Books["p1"] = [ScriptedCoursera.Graded("A", "c1", T1, 1m), ScriptedCoursera.Graded("b", "c1", null, 99m), ScriptedCoursera.Graded("c", "c1", T1, 91.34m), ScriptedCoursera.Graded("d", "c1", T1, 110m)];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1", "c~Course~c1", "d~Course~c1"]);
        (Scaled("a"), Scaled("c"), Scaled("d")).ShouldBe((0.01m, 0.9134m, null));
        ledger.Completions[new("coursera-eu", "a~Course~c1")].Identifiers.ShouldBe([new PersonIdentifier(IdentifierKinds.ExternalId, "A", Verified: true)]);
        coursera.Requests.ShouldContain("/ent/api/businesses.v1/org-1/courseGradebookReports?q=search&programId=p1&includeDeletedMembers=true&start=2&limit=2");

        // The report's own scale is 0 to 1, and it has the last word.
        Add("A", "c1", T1);
        coursera.Rows[0]["grade"] = "0.02";
        await ledger.ReadAsync(Source, Ct);
        Scaled("a").ShouldBe(0.02m);
        ledger.Yielded.Clear();
        await ledger.ReadAsync(Source, Ct);
        ledger.Yielded.ShouldAllBe(c => c.Score!.Raw == 0.02m);
        decimal? Scaled(string person) => ledger.Completions[new("coursera-eu", $"{person}~Course~c1")].Score?.Scaled;
    }

    [Fact]
    public async Task A_program_that_is_not_known_is_set_aside_and_a_malformed_row_of_a_gradebook_too()
    {
        options.Programs = ["p2", "p9"];
        coursera.Books["p2"] = [ScriptedCoursera.Graded("a", "c1", T1, 90m), ScriptedCoursera.Graded("b", "", T1, 90m), ScriptedCoursera.Graded("c", "c1", T1, 90m)];
        coursera.Books["p2"][2]["completedAt"] = "yesterday";
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["a~Course~c1"]);
        ledger.Unreadable.Select(r => (r.Reference, r.Cause)).ShouldBe(
            [("gradebook of p2, row 2", "row-without-content"), ("gradebook of p2, row 3", "row-malformed"), ("gradebook of p9", "program-unknown")]);
        (await ((ICheckable)Source).CheckAsync(Ct)).Where(r => r.Outcome != CheckOutcome.Passed).ShouldHaveSingleItem().Name.ShouldBe("gradebook of p9");
    }

    [Fact]
    public async Task Killed_between_any_two_pages_of_reports_and_gradebooks_everything_arrives()
    {
        options.Programs = ["p1", "p2"];
        (coursera.Books["p1"], coursera.Books["p2"]) = ([], []);
        for (int i = 0; i < 5; i++)
        {
            Add($"r{i}", "c1", T1 + i);
            coursera.Books[i % 2 == 0 ? "p1" : "p2"].Add(ScriptedCoursera.Graded($"g{i}", "c1", T1, 80m));
        }

        for (int kills = 0; kills < 12; kills++)
        {
            await ledger.ReadAsync(Source, Ct, pages: 1);
        }

        Keys.Length.ShouldBe(10);
        await ledger.ReadAsync(Source, Ct);
        await ledger.ReadAsync(Source, Ct);
        coursera.Requests[^1].ShouldContain("programId=p2");
        (await ledger.ReadAsync(Source, Ct)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_address_in_place_of_an_external_id_is_an_address()
    {
        options.Programs = ["p1"];
        coursera.Books["p1"] = [ScriptedCoursera.Graded("Ada@Example.org", "c1", T1, 90m)];
        await ledger.ReadAsync(Source, Ct);
        Completion one = ledger.Completions.Values.ShouldHaveSingleItem();
        one.Identifiers.ShouldBe([new PersonIdentifier(IdentifierKinds.Email, "Ada@Example.org", Verified: false)]);
        one.Key.NaturalKey.ShouldNotContain("@");
    }

    [Fact]
    public async Task Killed_between_any_two_pages_everything_arrives() =>
        await Gen.Select(Gen.Int[0, 12], Gen.Int[1, 4], Gen.Int[1, 3].Array[0, 4]).SampleAsync(async (rows, size, kills) =>
        {
            ScriptedCoursera platform = new();
            for (int i = 0; i < rows; i++)
            {
                platform.Rows.Add(ScriptedCoursera.Row($"n{i}", "c1", T1 + (i * Day)));
            }

            CourseraOptions settings = Options();
            settings.PageSize = size;
            await using SourceBench own = new(platform, time);
            TestLedger survivor = new();
            foreach (int kill in kills)
            {
                await survivor.ReadAsync(own.Create("coursera", settings), Ct, kill);
            }

            await survivor.ReadAsync(own.Create("coursera", settings), Ct);
            survivor.Completions.Count.ShouldBe(rows);
        }, iter: 40, threads: 1);

    private void Add(string person, string content, long? completedAt, string program = "p1") => coursera.Rows.Add(ScriptedCoursera.Row(person, content, completedAt, program));
}
