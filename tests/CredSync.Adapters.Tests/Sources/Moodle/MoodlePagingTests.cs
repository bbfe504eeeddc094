using CredSync.Completions;
using CredSync.Sources;
using CredSync.Sources.Moodle;
using CsCheck;

namespace CredSync.Adapters.Tests.Sources.Moodle;

public sealed class MoodlePagingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_between_any_two_pages_the_sweep_goes_on_from_the_committed_cursor_and_yields_everything()
    {
        await Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[0, 12].Array[1, 4], Gen.Int[0, 1000], Gen.Int[1, 6].Array[1, 6]).SampleAsync(async (calls, size, learners, seed, kills) =>
        {
            ScriptedMoodle moodle = new();
            Random random = new(seed);
            List<string> expected = [];
            for (int c = 0; c < learners.Length; c++)
            {
                ScriptedCourse course = new(c + 2, $"C{c + 2}");
                for (int l = 0; l < learners[c]; l++)
                {
                    bool complete = random.Next(2) == 0;
                    course.Learners.Add(complete ? Learner.Complete(10 + l) : new Learner(10 + l));
                    if (complete)
                    {
                        expected.Add($"{10 + l}|{c + 2}|1");
                    }
                }

                moodle.Courses.Add(course);
            }

            await using SourceBench bench = new(moodle);
            TestLedger ledger = new();
            MoodleOptions options = Options(size);
            options.ConcurrentCalls = calls;
            foreach (int kill in kills)
            {
                await ledger.ReadAsync(bench.Create("moodle", options), Ct, kill);
            }

            await ledger.ReadAsync(bench.Create("moodle", options), Ct);
            await ledger.ReadAsync(bench.Create("moodle", options), Ct);
            ledger.Completions.Keys.Select(k => k.NaturalKey).Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));
            ledger.Unreadable.ShouldBeEmpty();
        }, iter: 60, threads: 1);
    }

    [Fact]
    public async Task A_page_that_was_not_stored_does_not_move_the_cursor()
    {
        ScriptedMoodle moodle = Site(12);
        await using SourceBench bench = new(moodle);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("moodle", Options(4)), Ct, pages: 1);
        Cursor? committed = ledger.Cursor;
        moodle.Instead = call => call.Function == ScriptedMoodle.Status && call.User == 16 ? ScriptedMoodle.Error("sitemaintenance") : null;
        (await ledger.ReadFaultAsync(bench.Create("moodle", Options(4)), Ct)).Kind.ShouldBe(FaultKind.Outage);
        ledger.Cursor.ShouldBe(committed);
        moodle.Instead = _ => null;
        await ledger.ReadAsync(bench.Create("moodle", Options(4)), Ct);
        ledger.Completions.Count.ShouldBe(12);
    }

    [Fact]
    public async Task After_a_restart_finished_pages_are_not_read_again()
    {
        ScriptedMoodle moodle = Site(12);
        await using SourceBench bench = new(moodle);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("moodle", Options(4)), Ct, pages: 2);
        int before = moodle.Calls.Count;
        await ledger.ReadAsync(bench.Create("moodle", Options(4)), Ct);
        moodle.Calls.Skip(before).First(c => c.Function == ScriptedMoodle.Enrolled).Option("limitfrom").ShouldBe("8");
    }

    [Fact]
    public async Task Short_and_empty_pages_in_the_middle_do_not_end_the_list_when_more_learners_are_known()
    {
        ScriptedMoodle moodle = Site(12);
        await using SourceBench bench = new(moodle);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("moodle", Options(3)), Ct);
        moodle.Courses[0].Learners.Add(Learner.Complete(99));
        // The account lost sight of the first six: Moodle cuts the page first and drops rows afterwards.
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled && call.Option("limitfrom") is "0" or "3" ? ScriptedMoodle.Json("[]") : null;
        await ledger.ReadAsync(bench.Create("moodle", Options(3)), Ct);
        ledger.Completions.Keys.ShouldContain(new CompletionKey("test-source", "99|2|1"));
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("course-fewer-learners");
    }

    [Fact]
    public async Task On_the_first_sweep_a_short_page_is_followed_by_one_more_question()
    {
        ScriptedMoodle moodle = Site(6);
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled && call.Option("limitfrom") == "0"
            ? ScriptedMoodle.Json("""[{"id":10,"fullname":"L","idnumber":"E","username":"u"}]""") : null;
        await using SourceBench bench = new(moodle);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("moodle", Options(3)), Ct);
        ledger.Completions.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_list_that_ignores_its_offset_is_a_fault_and_no_endless_loop()
    {
        ScriptedMoodle moodle = Site(3);
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled
            ? ScriptedMoodle.Json("""[{"id":10,"fullname":"L"},{"id":11,"fullname":"L"},{"id":12,"fullname":"L"}]""") : null;
        await using SourceBench bench = new(moodle);
        (await new TestLedger().ReadFaultAsync(bench.Create("moodle", Options(3)), Ct)).Kind.ShouldBe(FaultKind.Broken);
    }

    [Fact]
    public async Task A_malformed_row_is_set_aside_and_the_others_arrive()
    {
        ScriptedMoodle moodle = Site(2);
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled && call.Option("limitfrom") == "0"
            ? ScriptedMoodle.Json("""[{"id":10,"fullname":"L"},{"id":"no number"},{"id":"11","fullname":"L"}]""") : null;
        await using SourceBench bench = new(moodle);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("moodle", Options(5)), Ct);
        ledger.Completions.Count.ShouldBe(2);
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("learner-malformed");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{\"v\":2,\"sweep\":1}")]
    [InlineData("{\"v\":1,\"sweep\":-1}")]
    [InlineData("{\"v\":1,\"counts\":null}")]
    public async Task A_cursor_of_another_kind_or_version_says_so(string stored)
    {
        await using SourceBench bench = new(Site(1));
        ICompletionSource source = bench.Create("moodle", Options(5));
        SourceException fault = await Should.ThrowAsync<SourceException>(async () =>
        {
            await foreach (SourcePage _ in source.ReadAsync(new SourceRead { Since = new Cursor(stored), Known = new TestLedger() }, Ct))
            {
            }
        });
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Message.ShouldContain("cursor");
    }

    [Fact]
    public void A_cursor_of_version_one_still_loads()
    {
        MoodleCursor cursor = MoodleCursor.Parse(new Cursor("""{"v":1,"sweep":3,"course":42,"from":200,"seen":199,"counts":"2:62,42:400"}"""), "Moodle");
        cursor.ShouldBe(new MoodleCursor { Sweep = 3, Course = 42, From = 200, Seen = 199, Counts = "2:62,42:400" });
        cursor.CountOf(42).ShouldBe(400);
        cursor.CountOf(7).ShouldBeNull();
    }

    [Fact]
    public void A_site_of_thousands_of_courses_still_fits_into_a_cursor()
    {
        MoodleCursor cursor = new() { Sweep = int.MaxValue };
        for (int course = 1_000_000; course < 1_003_000; course++)
        {
            cursor = cursor.AfterCourse(course, course == 1_000_500 ? 99_999 : 7);
        }

        cursor.ToCursor().Value.Length.ShouldBeLessThanOrEqualTo(Cursor.MaxLength);
        cursor.CountOf(1_000_500).ShouldBe(99_999, "the largest courses keep their count");
    }

    private static ScriptedMoodle Site(int learners)
    {
        ScriptedMoodle moodle = new();
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { Learners = [.. Enumerable.Range(10, learners).Select(id => Learner.Complete(id))] });
        return moodle;
    }

    private static MoodleOptions Options(int pageSize) => new()
    {
        Address = new Uri("https://moodle.example.org"),
        Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
        PageSize = pageSize,
    };
}
