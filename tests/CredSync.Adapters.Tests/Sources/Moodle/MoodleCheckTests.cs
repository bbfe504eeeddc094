using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sources.Moodle;

public sealed class MoodleCheckTests : IAsyncDisposable
{
    private readonly ScriptedMoodle moodle = new();
    private readonly InstantTime time = new();
    private readonly SourceBench bench;
    private readonly ScriptedCourse course = new(2, "C2") { Learners = [Learner.Complete(8), new Learner(9)] };
    private readonly MoodleOptions options = new()
    {
        Address = new Uri("https://moodle.example.org"),
        Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
    };

    public MoodleCheckTests()
    {
        bench = new SourceBench(moodle, time);
        moodle.Courses.Add(course);
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task A_site_with_all_rights_passes_every_check()
    {
        IReadOnlyList<CheckResult> results = await Check();
        results.ShouldAllBe(r => r.Outcome == CheckOutcome.Passed);
        results.Select(r => r.Name).ShouldBe(
        [
            "address", "token", "version", ScriptedMoodle.Site, ScriptedMoodle.CourseList, ScriptedMoodle.Enrolled, ScriptedMoodle.Status, ScriptedMoodle.Grades, "courses",
            "moodle/course:view", "moodle/course:enrolreview", "moodle/role:review", "moodle/user:viewdetails", "moodle/user:viewalldetails",
            "moodle/site:viewuseridentity", "report/completion:view", "gradereport/user:view",
        ]);
    }

    [Fact]
    public async Task A_refused_token_fails_alone_and_what_depends_on_it_is_not_checked()
    {
        moodle.Instead = _ => ScriptedMoodle.Error("accessexception");
        IReadOnlyList<CheckResult> results = await Check();
        Outcome(results, "address").ShouldBe(CheckOutcome.Passed);
        Outcome(results, "token").ShouldBe(CheckOutcome.Failed);
        Outcome(results, "courses").ShouldBe(CheckOutcome.NotChecked);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_as_moodle_fails()
    {
        moodle.Instead = _ => ScriptedMoodle.Text("<html>", "text/html");
        IReadOnlyList<CheckResult> results = await Check();
        Outcome(results, "address").ShouldBe(CheckOutcome.Failed);
        Outcome(results, "token").ShouldBe(CheckOutcome.NotChecked);
    }

    [Fact]
    public async Task Each_missing_function_is_named_with_its_remedy()
    {
        moodle.Functions.Remove(ScriptedMoodle.Status);
        moodle.Functions.Remove(ScriptedMoodle.Grades);
        IReadOnlyList<CheckResult> results = await Check();
        results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => r.Name).ShouldBe([ScriptedMoodle.Status, ScriptedMoodle.Grades]);
        results.Where(r => r.Outcome == CheckOutcome.Failed).ShouldAllBe(r => r.Remedy!.Contains("External services"));
        Outcome(results, "courses").ShouldBe(CheckOutcome.NotChecked);
    }

    [Theory]
    [InlineData("onlyactive", "moodle/course:enrolreview")]
    [InlineData("withcapability", "moodle/role:review")]
    public async Task A_right_for_a_filter_of_the_learner_list_is_told_by_which_filter_is_refused(string option, string capability)
    {
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled && call.Option(option) is not null ? ScriptedMoodle.Error("nopermissions") : null;
        CheckResult failed = (await Check()).Single(r => r.Outcome == CheckOutcome.Failed);
        failed.Name.ShouldBe(capability);
        failed.Remedy!.ShouldContain(capability);
    }

    [Theory]
    [InlineData("moodle/course:view", ScriptedMoodle.Enrolled, "errorcoursecontextnotvalid", CheckOutcome.Failed)]
    [InlineData("report/completion:view", ScriptedMoodle.Status, "cannotviewreport", CheckOutcome.Failed)]
    [InlineData("gradereport/user:view", ScriptedMoodle.Grades, "nopermissions", CheckOutcome.Failed)]
    [InlineData("moodle/grade:viewall", ScriptedMoodle.Grades, "nopermissiontoviewgrades", CheckOutcome.Failed)]
    public async Task A_missing_capability_is_named(string capability, string function, string code, CheckOutcome outcome)
    {
        moodle.ShowsIdNumbers = true;
        course.Errors[function] = code;
        CheckResult result = (await Check()).Single(r => r.Name == capability);
        result.Outcome.ShouldBe(outcome);
        result.Sentence.ShouldContain("course 2");
        result.Remedy!.ShouldContain(capability);
    }

    [Fact]
    public async Task An_empty_list_may_be_a_missing_right_to_see_people()
    {
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled ? ScriptedMoodle.Json("[]") : null;
        CheckResult result = (await Check()).Single(r => r.Name == "moodle/user:viewdetails");
        result.Outcome.ShouldBe(CheckOutcome.Warning);
    }

    [Fact]
    public async Task Learners_without_username_show_a_missing_right_to_their_details()
    {
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled ? ScriptedMoodle.Json("""[{"id":8,"fullname":"L","email":"l@example.com"}]""") : null;
        Outcome(await Check(), "moodle/user:viewalldetails").ShouldBe(CheckOutcome.Failed);
    }

    [Fact]
    public async Task A_course_without_criteria_does_not_look_like_a_missing_right()
    {
        course.Errors[ScriptedMoodle.Status] = "nocriteriaset";
        Outcome(await Check(), "report/completion:view").ShouldBe(CheckOutcome.Passed);
    }

    [Theory]
    [InlineData(-10, CheckOutcome.Passed)]
    [InlineData(400, CheckOutcome.Warning)]
    public async Task A_clock_that_differs_is_told(int seconds, CheckOutcome outcome)
    {
        moodle.Instead = call =>
        {
            if (call.Function != ScriptedMoodle.Site)
            {
                return null;
            }

            HttpResponseMessage answer = ScriptedMoodle.Json("""{"userid":3,"release":"4.5","version":"2024100706","functions":[]}""");
            answer.Headers.Date = time.Now.AddSeconds(seconds);
            return answer;
        };
        Outcome(await Check(), "clock").ShouldBe(outcome);
    }

    [Fact]
    public async Task Patterns_that_match_no_course_fail_the_check()
    {
        options.Courses = ["NOTHING-*"];
        Outcome(await Check(), "courses").ShouldBe(CheckOutcome.Failed);
    }

    private async Task<IReadOnlyList<CheckResult>> Check() =>
        await ((ICheckable)bench.Create("moodle", options)).CheckAsync(TestContext.Current.CancellationToken);

    private static CheckOutcome Outcome(IEnumerable<CheckResult> results, string name) => results.Single(r => r.Name == name).Outcome;
}
