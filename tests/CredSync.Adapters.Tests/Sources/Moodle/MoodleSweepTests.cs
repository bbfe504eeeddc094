using CredSync.Completions;
using CredSync.Sources;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sources.Moodle;

public sealed class MoodleSweepTests : IAsyncDisposable
{
    private const long T1 = 1_760_000_000;
    private readonly ScriptedMoodle moodle = new();
    private readonly SourceBench bench;
    private readonly TestLedger ledger = new();
    private readonly MoodleOptions options = new()
    {
        Address = new Uri("https://moodle.example.org/lms/"),
        Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
        PageSize = 5,
    };

    public MoodleSweepTests() => bench = new SourceBench(moodle);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICompletionSource Source => bench.Create("moodle", options, "moodle-hr");

    private IEnumerable<string> Keys => ledger.Completions.Keys.Select(k => k.NaturalKey).Order(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task Every_complete_learner_of_every_course_is_yielded_and_nobody_else()
    {
        Course(2, [Learner.Complete(8), new Learner(9), Learner.Complete(10)]);
        Course(3, [Learner.Complete(8)]);
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["10|2|1", "8|2|1", "8|3|1"]);
        Completion first = ledger.Completions[new CompletionKey("moodle-hr", "8|2|1")];
        first.Course.Key.ShouldBe("CRS-C2");
        first.Course.Title.ShouldBe("Führung & C2");
        first.CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1));
        first.CompletedAtPrecision.ShouldBe(TimePrecision.Derived);
        ledger.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_token_travels_in_the_form_and_the_path_of_the_address_is_kept()
    {
        Course(2, [Learner.Complete(8)]);
        await ledger.ReadAsync(Source, Ct);
        moodle.Calls.ShouldAllBe(c => c.Address == new Uri("https://moodle.example.org/lms/webservice/rest/server.php"));
        moodle.Calls.ShouldAllBe(c => c.Form["moodlewsrestformat"] == "json");
    }

    [Fact]
    public async Task The_sweep_asks_only_for_active_tracked_learners_with_few_fields()
    {
        Course(2, [Learner.Complete(8)]);
        await ledger.ReadAsync(Source, Ct);
        MoodleCall call = moodle.Calls.First(c => c.Function == ScriptedMoodle.Enrolled);
        call.Option("onlyactive").ShouldBe("1");
        call.Option("withcapability").ShouldBe("moodle/course:isincompletionreports");
        call.Option("userfields").ShouldBe("id,idnumber,username,email");
        call.Option("sortby").ShouldBe("id");
    }

    [Fact]
    public async Task A_second_sweep_with_nothing_new_asks_only_a_slice_of_the_complete_learners()
    {
        Course(2, [.. Enumerable.Range(8, 14).Select(id => Learner.Complete(id))]);
        await ledger.ReadAsync(Source, Ct);
        int before = moodle.Calls.Count(c => c.Function == ScriptedMoodle.Status);
        before.ShouldBe(14);
        await ledger.ReadAsync(Source, Ct);
        (moodle.Calls.Count(c => c.Function == ScriptedMoodle.Status) - before).ShouldBe(2);
        Keys.Count().ShouldBe(14);
    }

    [Fact]
    public async Task All_slices_together_look_at_every_complete_learner_again()
    {
        Course(2, [.. Enumerable.Range(8, 23).Select(id => Learner.Complete(id))]);
        await ledger.ReadAsync(Source, Ct);
        int before = moodle.Calls.Count;
        for (int sweep = 0; sweep < options.ReverifySlices; sweep++)
        {
            await ledger.ReadAsync(Source, Ct);
        }

        moodle.Calls.Skip(before).Where(c => c.Function == ScriptedMoodle.Status).Select(c => c.User).Order()
            .ShouldBe(Enumerable.Range(8, 23).Select(id => (long)id));
    }

    [Fact]
    public async Task A_completion_dated_long_before_the_last_sweep_is_found()
    {
        Learner late = new(9);
        Course(2, [Learner.Complete(8), late]);
        await ledger.ReadAsync(Source, Ct);
        late.Completed = true;
        late.Criteria = [T1 - 90_000_000];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1", "9|2|1"]);
    }

    [Fact]
    public async Task A_completion_that_silently_vanishes_is_reported_and_not_withdrawn()
    {
        Learner learner = Learner.Complete(8);
        Course(2, [learner]);
        options.ReverifySlices = 1;
        await ledger.ReadAsync(Source, Ct);
        learner.Completed = false;
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("completion-vanished");
        ledger.Completions.Values.ShouldHaveSingleItem().Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task Leaving_the_course_withdraws_nothing()
    {
        ScriptedCourse course = Course(2, [Learner.Complete(8), Learner.Complete(9)]);
        options.ReverifySlices = 1;
        await ledger.ReadAsync(Source, Ct);
        course.Learners[0].StatusError = "usernotenroled";
        course.Learners.RemoveAt(1);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
        ledger.Yielded.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task A_withdrawn_completion_that_completes_again_later_is_a_second_attempt()
    {
        Learner learner = Learner.Complete(8);
        Course(2, [learner]);
        await ledger.ReadAsync(Source, Ct);
        Completion first = ledger.Completions.Values.Single();
        ledger.Set(first with { Status = CompletionStatus.Withdrawn, StatusReason = "recompletion_reset" });
        learner.Criteria = [T1 + 86_400];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1", "8|2|2"]);
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1", "8|2|2"], "the second attempt is known now");
    }

    [Fact]
    public async Task A_withdrawal_that_moodle_does_not_confirm_is_taken_back_under_the_same_key()
    {
        Course(2, [Learner.Complete(8)]);
        await ledger.ReadAsync(Source, Ct);
        ledger.Set(ledger.Completions.Values.Single() with { Status = CompletionStatus.Withdrawn });
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task A_corrected_date_revises_the_completion_under_the_same_key()
    {
        Learner learner = Learner.Complete(8);
        Course(2, [learner]);
        options.ReverifySlices = 1;
        await ledger.ReadAsync(Source, Ct);
        learner.Criteria = [T1 + 5];
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1 + 5));
    }

    [Fact]
    public async Task A_completion_without_any_date_is_a_fact_that_waits_for_its_date()
    {
        options.ReverifySlices = 1;
        Learner direct = new(8) { Completed = true, Criteria = [null], Grade = 90 };
        Course(2, [direct, Learner.Complete(9)]);
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldBeEmpty();
        Keys.ShouldBe(["8|2|1", "9|2|1"]);
        Completion waiting = ledger.Completions[new("moodle-hr", "8|2|1")];
        (waiting.Status, waiting.CompletedAt, waiting.Score!.Raw).ShouldBe((CompletionStatus.Completed, null, 90m));
        await ledger.ReadAsync(Source, Ct);
        ledger.Yielded.Count(c => c.Key.NaturalKey == "8|2|1").ShouldBe(1);
        direct.Criteria = [T1];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1", "9|2|1"]);
        ledger.Completions[new("moodle-hr", "8|2|1")].CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1));
    }

    [Fact]
    public async Task A_known_completion_that_loses_its_dates_stays_as_it_is_without_a_report()
    {
        Learner learner = Learner.Complete(8);
        Course(2, [learner]);
        options.ReverifySlices = 1;
        await ledger.ReadAsync(Source, Ct);
        learner.Criteria = [null];
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Values.ShouldHaveSingleItem().CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1));
    }

    [Fact]
    public async Task The_newest_criterion_dates_a_course_that_needs_all_and_the_oldest_one_that_needs_any()
    {
        Course(2,
        [
            new Learner(8) { Completed = true, Aggregation = 1, Criteria = [T1, T1 + 100] },
            new Learner(9) { Completed = true, Aggregation = 2, Criteria = [T1 + 100, null, T1] },
        ]);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("moodle-hr", "8|2|1")].CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1 + 100));
        ledger.Completions[new("moodle-hr", "9|2|1")].CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(T1));
    }

    [Fact]
    public async Task The_course_total_becomes_the_score()
    {
        Course(2, [Learner.Complete(8) with { Grade = 60.5m }, Learner.Complete(9)]);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("moodle-hr", "8|2|1")].Score.ShouldBe(new Score { Raw = 60.5m, Min = 0, Max = 100, Scaled = 0.605m });
        ledger.Completions[new("moodle-hr", "9|2|1")].Score.ShouldBeNull();
    }

    [Fact]
    public async Task Without_grades_no_grade_is_asked_for_once_the_keys_are_visible()
    {
        moodle.ShowsIdNumbers = true;
        moodle.Functions.Remove(ScriptedMoodle.Grades);
        options.Grades = false;
        Course(2, [Learner.Complete(8)]);
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1"]);
        moodle.Calls.ShouldNotContain(c => c.Function == ScriptedMoodle.Grades);
    }

    [Fact]
    public async Task A_lost_right_to_see_grades_does_not_take_the_grade_from_a_known_completion()
    {
        ScriptedCourse course = Course(2, [Learner.Complete(8) with { Grade = 80 }, new Learner(9)]);
        moodle.ShowsIdNumbers = true;
        options.ReverifySlices = 1;
        await ledger.ReadAsync(Source, Ct);
        course.Errors[ScriptedMoodle.Grades] = "nopermissiontoviewgrades";
        course.Learners[1].Completed = true;
        course.Learners[1].Criteria = [T1];
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions[new("moodle-hr", "8|2|1")].Score!.Raw.ShouldBe(80);
        ledger.Completions[new("moodle-hr", "9|2|1")].Score.ShouldBeNull();
        UnreadableRecord aside = ledger.Unreadable.ShouldHaveSingleItem();
        aside.Cause.ShouldBe("course-grades-refused");
        aside.Sentence.ShouldContain("moodle/grade:viewall");
    }

    [Theory]
    [InlineData("C2", "8|2|1")]
    [InlineData("CRS-C3", "8|3|1")]
    [InlineData("*3", "8|3|1")]
    [InlineData("2", "8|2|1")]
    public async Task Courses_are_named_by_patterns_for_key_short_name_or_id(string pattern, string expected)
    {
        Course(2, [Learner.Complete(8)]);
        Course(3, [Learner.Complete(8)]);
        options.Courses = [pattern];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe([expected]);
    }

    [Fact]
    public async Task Courses_that_nobody_has_completed_are_listed_with_the_keys_that_rules_will_name()
    {
        ScriptedMoodle fresh = new();
        fresh.Courses.Add(new ScriptedCourse(2, "C2"));
        fresh.Courses.Add(new ScriptedCourse(3, "C3") { Completion = false });
        await using SourceBench empty = new(fresh);
        var catalogue = (ICourseCatalogue)empty.Create("moodle", new MoodleOptions { Address = new Uri("https://moodle.example.org"), Token = new Secret("env:TOKEN", () => ScriptedMoodle.Token) });
        (await catalogue.CoursesAsync(TestContext.Current.CancellationToken)).Select(c => c.Key).ShouldBe(["CRS-C2"]);
    }

    [Fact]
    public async Task A_course_without_an_idnumber_is_known_by_its_id()
    {
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { IdNumber = "", Learners = [Learner.Complete(8)] });
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().Course.Key.ShouldBe("2");
    }

    [Fact]
    public async Task A_course_that_gets_an_idnumber_later_keeps_what_is_known_under_its_id()
    {
        ScriptedCourse course = Course(2, [Learner.Complete(8)]);
        options.CourseKey = MoodleCourseKey.Id;
        await ledger.ReadAsync(Source, Ct);
        Completion first = ledger.Completions.Values.Single();
        ledger.Set(first with { Status = CompletionStatus.Withdrawn });
        options.CourseKey = MoodleCourseKey.Idnumber;
        course.Learners[0].Criteria = [T1 + 10];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe(["8|2|1", "8|2|2"]);
    }

    [Fact]
    public async Task A_course_whose_idnumber_is_hidden_is_set_aside_rather_than_read_under_another_key()
    {
        ScriptedCourse course = Course(2, [Learner.Complete(8)]);
        course.Errors[ScriptedMoodle.Grades] = "nopermissions";
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.ShouldBeEmpty();
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("course-idnumber-hidden");
    }

    [Fact]
    public async Task Courses_without_completion_are_left_alone()
    {
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { Completion = false, Learners = [Learner.Complete(8)] });
        await ledger.ReadAsync(Source, Ct);
        moodle.Calls.ShouldNotContain(c => c.Function == ScriptedMoodle.Enrolled);
    }

    [Fact]
    public async Task No_more_calls_are_in_flight_than_the_options_allow()
    {
        Course(2, [.. Enumerable.Range(8, 40).Select(id => Learner.Complete(id))]);
        options.PageSize = 40;
        options.ConcurrentCalls = 2;
        int now = 0, most = 0;
        await using SourceBench counted = new(new Counting(moodle, change => InterlockedMax(ref most, Interlocked.Add(ref now, change))));
        await ledger.ReadAsync(counted.Create("moodle", options, "moodle-hr"), Ct);
        most.ShouldBeInRange(1, 2);
    }

    private ScriptedCourse Course(long id, List<Learner> learners)
    {
        ScriptedCourse course = new(id, $"C{id}") { Learners = learners };
        moodle.Courses.Add(course);
        return course;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private sealed class Counting(HttpMessageHandler inner, Action<int> count) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count(1);
            try
            {
                await Task.Yield();
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                count(-1);
            }
        }
    }
}
