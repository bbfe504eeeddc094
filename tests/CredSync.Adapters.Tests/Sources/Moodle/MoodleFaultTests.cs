using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CredSync.Sources;
using CredSync.Sources.Http;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sources.Moodle;

/// <summary>Each fault that Moodle or the way to it was seen to have: its kind, one clear sentence, nothing lost, cursor unmoved.</summary>
public sealed class MoodleFaultTests : IAsyncDisposable
{
    private readonly ScriptedMoodle moodle = new();
    private readonly SourceBench bench;
    private readonly TestLedger ledger = new();
    private readonly MoodleOptions options = new()
    {
        Address = new Uri("https://moodle.example.org"),
        Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
        PageSize = 3,
    };

    public MoodleFaultTests()
    {
        bench = new SourceBench(moodle);
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { Learners = [.. Enumerable.Range(10, 7).Select(id => Learner.Complete(id))] });
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Theory]
    [InlineData("invalidtoken", FaultKind.Unauthorized, "expired")]
    [InlineData("accessexception", FaultKind.Unauthorized, "expired")]
    [InlineData("wsaccessusersuspended", FaultKind.Unauthorized, "suspended")]
    [InlineData("sitemaintenance", FaultKind.Outage, "maintenance")]
    [InlineData("upgraderunning", FaultKind.Outage, "maintenance")]
    [InlineData("dmlreadexception", FaultKind.Outage, "database")]
    public async Task An_error_code_that_concerns_the_site_stops_the_reading(string code, FaultKind kind, string says) =>
        (await Midway(() => ScriptedMoodle.Error(code), kind)).ShouldContain(says);

    [Fact]
    public async Task Accessexception_lists_every_cause_that_moodle_hides_behind_it()
    {
        string sentence = await Midway(() => ScriptedMoodle.Error("accessexception"), FaultKind.Unauthorized);
        foreach (string cause in (string[])["token expired", "IP restriction", "authorised users", "webservice/rest:use", "not in the service"])
        {
            sentence.ShouldContain(cause);
        }
    }

    [Fact]
    public async Task An_expired_token_is_the_same_condition_at_its_first_and_at_its_second_use()
    {
        (await Midway(() => ScriptedMoodle.Error("accessexception"), FaultKind.Unauthorized)).ShouldContain("expired");
        (await Midway(() => ScriptedMoodle.Error("invalidtoken"), FaultKind.Unauthorized)).ShouldContain("expired");
    }

    [Fact]
    public async Task A_function_missing_from_the_service_is_named_before_anything_is_read()
    {
        moodle.Functions.Remove(ScriptedMoodle.Status);
        SourceException fault = await ledger.ReadFaultAsync(Source(), Ct);
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Message.ShouldContain(ScriptedMoodle.Status);
        moodle.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Http_403_with_an_empty_body_means_that_web_services_are_off() =>
        (await Midway(() => ScriptedMoodle.Text("", "text/html", HttpStatusCode.Forbidden), FaultKind.Misconfigured)).ShouldContain("web services");

    [Fact]
    public async Task Http_503_with_a_web_page_is_an_outage() =>
        (await Midway(() => ScriptedMoodle.Text("<!DOCTYPE html><html>", "text/html", HttpStatusCode.ServiceUnavailable), FaultKind.Outage)).ShouldContain("503");

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FaultKind.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound, FaultKind.Misconfigured)]
    [InlineData(HttpStatusCode.Redirect, FaultKind.Misconfigured)]
    [InlineData(HttpStatusCode.BadRequest, FaultKind.Broken)]
    [InlineData(HttpStatusCode.RequestTimeout, FaultKind.Outage)]
    [InlineData(HttpStatusCode.InternalServerError, FaultKind.Outage)]
    [InlineData(HttpStatusCode.BadGateway, FaultKind.Outage)]
    [InlineData(HttpStatusCode.GatewayTimeout, FaultKind.Outage)]
    public async Task Each_http_status_has_its_kind(HttpStatusCode status, FaultKind kind) =>
        await Midway(() => new HttpResponseMessage(status), kind);

    [Fact]
    public async Task Html_with_status_200_is_named_as_a_web_page() =>
        (await Midway(() => ScriptedMoodle.Text("<!DOCTYPE html><html><body>Log in</body></html>", "text/html"), FaultKind.Broken)).ShouldContain("web page");

    [Fact]
    public async Task Xml_is_named_as_xml() =>
        (await Midway(() => ScriptedMoodle.Text("<?xml version=\"1.0\"?><EXCEPTION><ERRORCODE>invalidtoken</ERRORCODE></EXCEPTION>", "application/xml"), FaultKind.Broken)).ShouldContain("XML");

    [Fact]
    public async Task An_empty_answer_is_no_empty_list() =>
        (await Midway(() => ScriptedMoodle.Text("", "application/json"), FaultKind.Broken)).ShouldContain("empty");

    [Fact]
    public async Task Debugging_notices_before_the_json_fail_the_call() =>
        (await Midway(() => ScriptedMoodle.Text("Notice: Undefined index in /var/www/html/lib.php\n[]", "application/json"), FaultKind.Broken)).ShouldContain("debugging");

    [Fact]
    public async Task Truncated_json_is_broken_and_nothing_of_it_is_taken() =>
        (await Midway(() => ScriptedMoodle.Json("""[{"id":10,"fullname":"Le"""), FaultKind.Broken)).ShouldContain("cut off");

    [Fact]
    public async Task Json_of_another_shape_is_broken() =>
        (await Midway(() => ScriptedMoodle.Json("""{"hello":"world"}"""), FaultKind.Broken)).ShouldContain("shape");

    [Fact]
    public async Task A_connection_that_breaks_in_mid_body_is_an_outage() =>
        (await Midway(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new BreakingContent() }, FaultKind.Outage)).ShouldContain("connection broke");

    [Fact]
    public async Task A_refused_connection_is_an_outage() =>
        await Midway(() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused by moodle.example.org:443", new SocketException(111)), FaultKind.Outage);

    [Fact]
    public async Task An_unknown_host_is_an_outage_that_names_dns() =>
        (await Midway(() => throw new HttpRequestException(HttpRequestError.NameResolutionError), FaultKind.Outage)).ShouldContain("DNS");

    [Fact]
    public async Task A_long_retry_after_in_seconds_is_handed_to_the_host()
    {
        SourceException fault = await MidwayFault(() => TooMany(new RetryConditionHeaderValue(TimeSpan.FromMinutes(10))), FaultKind.RateLimited);
        fault.RetryAfter.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_long_retry_after_as_a_date_is_measured_by_the_platforms_own_clock()
    {
        DateTimeOffset theirs = new(2031, 5, 1, 10, 0, 0, TimeSpan.Zero);
        SourceException fault = await MidwayFault(() =>
        {
            HttpResponseMessage answer = TooMany(new RetryConditionHeaderValue(theirs.AddMinutes(7)));
            answer.Headers.Date = theirs;
            return answer;
        }, FaultKind.RateLimited);
        fault.RetryAfter.ShouldBe(TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task A_hiccup_is_retried_and_nobody_notices()
    {
        HashSet<int> failed = [];
        moodle.Instead = call => call.Number % 3 == 0 && failed.Add(call.Number) ? new HttpResponseMessage(HttpStatusCode.BadGateway) : null;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(7);
        failed.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_broken_and_not_retried()
    {
        await using SourceBench small = new(moodle, settings: new SourceHttpSettings { LargestAnswer = 2048, FirstWait = TimeSpan.FromMilliseconds(1) });
        moodle.Instead = call => call.Function == ScriptedMoodle.Enrolled ? ScriptedMoodle.Json("[" + new string(' ', 4000) + "]") : null;
        SourceException fault = await ledger.ReadFaultAsync(small.Create("moodle", options), Ct);
        fault.Kind.ShouldBe(FaultKind.Broken);
        moodle.Calls.Count(c => c.Function == ScriptedMoodle.Enrolled).ShouldBe(1);
    }

    [Theory]
    [InlineData(ScriptedMoodle.Enrolled, "nopermissions", "course-learners-refused", "moodle/course:enrolreview")]
    [InlineData(ScriptedMoodle.Enrolled, "nopermissions", "course-learners-refused", "moodle/role:review")]
    [InlineData(ScriptedMoodle.Enrolled, "errorcoursecontextnotvalid", "course-not-accessible", "moodle/course:viewhiddencourses")]
    [InlineData(ScriptedMoodle.Status, "cannotviewreport", "course-report-refused", "report/completion:view")]
    [InlineData(ScriptedMoodle.Status, "cannotviewreport", "course-report-refused", "switched off in the course or for the whole site")]
    [InlineData(ScriptedMoodle.Status, "requireloginerror", "course-not-accessible", "moodle/course:view")]
    [InlineData(ScriptedMoodle.Status, "nocriteriaset", "course-without-criteria", "criteria")]
    [InlineData(ScriptedMoodle.Status, "notingroup", "course-groups-refused", "moodle/site:accessallgroups")]
    public async Task Missing_rights_in_one_course_are_told_for_it_and_other_courses_go_on(string function, string code, string cause, string says)
    {
        moodle.Courses.Insert(0, new ScriptedCourse(1000, "LATE") { Learners = [Learner.Complete(10)] });
        moodle.Courses[1].Errors[function] = code;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Keys.Select(k => k.NaturalKey).ShouldBe(["10|1000|1"]);
        UnreadableRecord aside = ledger.Unreadable.ShouldHaveSingleItem();
        (aside.Cause, aside.Reference).ShouldBe((cause, "course 2"));
        aside.Sentence.ShouldContain(says);
    }

    [Fact]
    public async Task A_refused_course_is_not_asked_once_for_every_learner()
    {
        moodle.Courses[0].Learners.AddRange(Enumerable.Range(100, 200).Select(id => Learner.Complete(id)));
        options.PageSize = 100;
        moodle.Courses[0].Errors[ScriptedMoodle.Status] = "cannotviewreport";
        await ledger.ReadAsync(Source(), Ct);
        moodle.Calls.Count(c => c.Function == ScriptedMoodle.Status).ShouldBeLessThanOrEqualTo(5 + options.ConcurrentCalls);
    }

    [Fact]
    public async Task Learners_of_a_foreign_group_do_not_keep_the_others_of_the_course_from_being_read()
    {
        moodle.Courses[0].Learners[0].StatusError = "notingroup";
        moodle.Courses[0].Learners[4].StatusError = "notingroup";
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(5);
        ledger.Unreadable.ShouldAllBe(record => record.Cause == "course-groups-refused");
    }

    [Fact]
    public async Task An_address_without_a_web_scheme_is_misconfigured()
    {
        options.Address = new Uri("ftp://moodle.example.org");
        (await ledger.ReadFaultAsync(Source(), Ct)).Kind.ShouldBe(FaultKind.Misconfigured);
    }

    [Theory]
    [InlineData("invalidresponse")]
    [InlineData("somepluginerror")]
    public async Task An_unknown_error_for_one_learner_is_set_aside_and_asked_again_at_the_next_sweep(string code)
    {
        moodle.Courses[0].Learners[3].StatusError = code;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(6);
        ledger.Unreadable.ShouldHaveSingleItem().Sentence.ShouldContain(code);
        moodle.Courses[0].Learners[3].StatusError = null;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_php_error_without_a_code_is_set_aside_for_its_learner()
    {
        moodle.Instead = call => call.Function == ScriptedMoodle.Status && call.User == 12
            ? ScriptedMoodle.Json("""{"exception":"Error","message":"Attempt to assign property \"contextvalidated\" on null"}""") : null;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(6);
        ledger.Unreadable.ShouldHaveSingleItem().Reference.ShouldBe("course 2, user 12");
    }

    [Fact]
    public async Task A_php_error_in_the_course_list_is_broken() =>
        (await FaultAt(ScriptedMoodle.CourseList, () => ScriptedMoodle.Json("""{"exception":"Error","message":"boom"}"""))).Kind.ShouldBe(FaultKind.Broken);

    [Fact]
    public async Task A_course_visible_only_by_its_public_fields_is_set_aside()
    {
        moodle.Instead = call => call.Function == ScriptedMoodle.CourseList
            ? ScriptedMoodle.Json("""{"courses":[{"id":2,"shortname":"C2","fullname":"C2","format":null}],"warnings":[]}""") : null;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Sentence.ShouldContain("moodle/course:view");
    }

    [Fact]
    public async Task No_secret_and_no_persons_data_is_in_any_sentence()
    {
        List<Func<HttpResponseMessage>> faults =
        [
            () => ScriptedMoodle.Json($$"""{"exception":"e","errorcode":"{{ScriptedMoodle.Token}} Ada Moreno","message":"{{ScriptedMoodle.Token}} ada@example.org"}"""),
            () => ScriptedMoodle.Json($"\"{ScriptedMoodle.Token}\""),
            () => ScriptedMoodle.Text(ScriptedMoodle.Token, "text/plain"),
            () => new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new StringContent(ScriptedMoodle.Token) },
            () => throw new HttpRequestException("failed for " + ScriptedMoodle.Token),
        ];
        foreach (Func<HttpResponseMessage> fault in faults)
        {
            string told = (await FaultAt(ScriptedMoodle.CourseList, fault)).ToString();
            told.ShouldNotContain(ScriptedMoodle.Token);
            told.ShouldNotContain("Ada Moreno");
        }
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_is_named_by_its_reference()
    {
        options.Token = new Secret("file:/run/secrets/moodle", () => throw new FileNotFoundException("no such file"));
        SourceException fault = await ledger.ReadFaultAsync(Source(), Ct);
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Message.ShouldContain("file:/run/secrets/moodle");
    }

    [Fact]
    public async Task Cancelling_ends_the_reading_promptly_and_is_no_fault()
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        moodle.Instead = call =>
        {
            if (call.Function == ScriptedMoodle.Status)
            {
                cancel.Cancel();
            }

            return null;
        };
        await Should.ThrowAsync<OperationCanceledException>(() => ledger.ReadAsync(Source(), cancel.Token));
        ledger.Cursor.ShouldBeNull();
    }

    private ICompletionSource Source() => bench.Create("moodle", options, "moodle-hr");

    private static HttpResponseMessage TooMany(RetryConditionHeaderValue after)
    {
        HttpResponseMessage answer = new(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter = after;
        return answer;
    }

    private async Task<string> Midway(Func<HttpResponseMessage> fault, FaultKind kind) => (await MidwayFault(fault, kind)).Message;

    /// <summary>Meets the fault on the second page: the first page's cursor stays, and once the fault is gone everything is there.</summary>
    private async Task<SourceException> MidwayFault(Func<HttpResponseMessage> fault, FaultKind kind)
    {
        await ledger.ReadAsync(Source(), Ct, pages: 1);
        Cursor? committed = ledger.Cursor;
        moodle.Instead = call => call.Function is ScriptedMoodle.Enrolled or ScriptedMoodle.Status ? fault() : null;
        SourceException met = await ledger.ReadFaultAsync(Source(), Ct);
        met.Kind.ShouldBe(kind);
        met.Message.ShouldContain("moodle-hr");
        met.Message.ShouldNotContain(ScriptedMoodle.Token);
        met.Message.ShouldNotContain("example.org");
        met.Message.Split('\n').Length.ShouldBe(1);
        ledger.Cursor.ShouldBe(committed);
        moodle.Instead = _ => null;
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(7);
        return met;
    }

    private async Task<SourceException> FaultAt(string function, Func<HttpResponseMessage> fault)
    {
        moodle.Instead = call => call.Function == function ? fault() : null;
        return await ledger.ReadFaultAsync(Source(), Ct);
    }

    private sealed class BreakingContent : HttpContent
    {
        public BreakingContent() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes("[{\"id\":10"));
            throw new IOException("The response ended prematurely.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
