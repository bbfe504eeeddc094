using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Adapters.Tests.Sources.Hooks;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Lrs;
using CredSync.Sources;
using CredSync.Sources.Xapi;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sources.Xapi;

/// <summary>The adapter against a play store, over real HTTP.</summary>
public sealed class XapiSourceTests : IAsyncLifetime
{
    private const string Course = "https://lms.example.org/course/safety";
    private static readonly DateTimeOffset Day = new(2026, 1, 10, 9, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Day.AddDays(30));
    private readonly LrsWorld world = new() { LargestPage = 3 };
    private readonly TestLedger ledger = new();
    private readonly SourceBench bench = new();
    private LrsPlatform platform = null!;
    private SandboxServer server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = new LrsPlatform(world);
        server = await SandboxServer.StartAsync([platform], new SandboxOptions { Time = time }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task When_it_happened_dates_the_completion_and_when_it_was_stored_moves_the_cursor()
    {
        world.Complete("mailto:ada@example.org", Course, Day.AddYears(-2), Day, 0.93, title: "Safety");
        await ledger.ReadAsync(Source(), Ct);
        Completion ada = ledger.Completions.Values.ShouldHaveSingleItem();
        (ada.CompletedAt, ada.Score?.Scaled, ada.Course.Key, ada.Course.Title).ShouldBe((Day.AddYears(-2), 0.93m, Course, "Safety"));
        ada.Key.NaturalKey.ShouldNotContain("ada@example.org");
        world.Complete("mailto:bo@example.org", Course, Day.AddYears(-5), Day.AddHours(1));
        ledger.Yielded.Clear();
        await ledger.ReadAsync(Source(), Ct);
        ledger.Yielded.ShouldHaveSingleItem().Identifiers.ShouldBe([new PersonIdentifier(IdentifierKinds.Email, "bo@example.org", false)]);
    }

    [Fact]
    public async Task More_links_are_followed_to_the_end_from_wherever_reading_was_cut_off()
    {
        for (int i = 0; i < 10; i++)
        {
            world.Complete($"https://lms.example.org|{i}", Course, Day, Day.AddMinutes(i), verb: i % 2 == 0 ? "completed" : "passed");
        }

        for (int pages = 0; ledger.Completions.Count < 10 && pages < 20; pages++)
        {
            await ledger.ReadAsync(Source(), Ct, pages: 1);
        }

        ledger.Completions.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_store_that_shows_statements_late_loses_none_because_the_cursor_stays_behind_what_it_vouches_for()
    {
        world.SaysConsistentThrough = false;
        world.Complete("https://lms.example.org|1", Course, Day, Day);
        await ledger.ReadAsync(Source(), Ct);
        world.Complete("https://lms.example.org|2", Course, Day, Day.AddMinutes(-10));
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_voided_statement_takes_its_completion_back_and_one_of_two_does_not()
    {
        string only = world.Complete("https://lms.example.org|1", Course, Day, Day);
        string first = world.Complete("https://lms.example.org|2", Course, Day, Day.AddMinutes(1));
        world.Complete("https://lms.example.org|2", Course, Day, Day.AddMinutes(2));
        await ledger.ReadAsync(Source(), Ct);
        world.Void(only, Day.AddDays(1));
        world.Void(first, Day.AddDays(1));
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions[new("lrs", $"https://lms.example.org|1|{Course}")].ShouldSatisfyAllConditions(
            c => c.Status.ShouldBe(CompletionStatus.Revoked),
            c => c.StatusReason.ShouldBe("statement_voided"));
        ledger.Completions[new("lrs", $"https://lms.example.org|2|{Course}")].Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task What_still_stands_is_looked_for_among_all_statements_and_without_naming_anybody_in_an_address()
    {
        world.Complete("mailto:ada@example.org", Course, Day, Day);
        for (int other = 0; other < 7; other++)
        {
            world.Complete($"https://lms.example.org|{other}", Course, Day, Day.AddMinutes(1 + other));
        }

        string second = world.Complete("mailto:ada@example.org", Course, Day, Day.AddMinutes(30));
        await ledger.ReadAsync(Source(), Ct);
        world.Void(second, Day.AddDays(1));
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(8);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task A_voiding_statement_that_comes_before_what_it_voids_was_read_leaves_it_revoked()
    {
        string id = world.Complete("https://lms.example.org|1", Course, Day, Day);
        world.Void(id, Day.AddDays(1));
        await ledger.ReadAsync(Source(), Ct);
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Status.ShouldBe(CompletionStatus.Revoked);
    }

    [Fact]
    public async Task What_a_store_dates_ahead_of_the_clock_does_not_move_the_place_to_go_on_from()
    {
        world.SaysConsistentThrough = false;
        world.Complete("https://lms.example.org|1", Course, Day, Day.AddYears(80));
        await ledger.ReadAsync(Source(), Ct);
        world.Complete("https://lms.example.org|2", Course, Day, TimeProvider.System.GetUtcNow());
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_address_that_serves_as_an_account_name_is_not_in_the_key()
    {
        world.Complete("https://lms.example.org|Ada@Example.org", Course, Day, Day);
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Keys.ShouldHaveSingleItem().NaturalKey.ShouldNotContain("@");
        ledger.Completions.Values.Single().Identifiers.Single().Value.ShouldBe("https://lms.example.org|Ada@Example.org");
    }

    [Fact]
    public async Task What_stands_in_place_of_an_id_is_not_repeated_in_a_sentence()
    {
        ICompletionSource source = bench.Create("xapi", new XapiOptions(), "lrs");
        WebhookReading group = await ledger.TakeAsync(source, """{"id":"ada@example.org","actor":{"objectType":"Group"},"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"https://lms.example.org/c","definition":{"type":"http://adlnet.gov/expapi/activities/course"}}}""", Ct);
        WebhookReading voided = await ledger.TakeAsync(source, """{"actor":{"mbox":"mailto:x@example.org"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":"ada@example.org"}}""", Ct);
        UnreadableRecord[] aside = [.. group.Unreadable, .. voided.Unreadable];
        aside.Select(u => u.Cause).ShouldBe(["statement-without-person", "voided-unknown"]);
        string.Concat<UnreadableRecord>(aside).ShouldNotContain("@");
    }

    [Fact]
    public async Task Quizzes_failures_groups_and_other_verbs_are_no_completions_of_courses()
    {
        world.Complete("https://lms.example.org|1", Course + "/quiz", Day, Day, type: "http://adlnet.gov/expapi/activities/assessment");
        world.Complete("https://lms.example.org|1", Course, Day, Day, verb: "progressed");
        await PushAsync("""{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"},"object":{"id":"COURSE","definition":{"type":"http://adlnet.gov/expapi/activities/course"}},"result":{"success":false}}""");
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_after_a_prefix_chooses_the_run_of_two_statements_about_one_completion()
    {
        world.Complete("https://lms.example.org|1", "https://edx.example.org/xapi/activities/course/NorthX+DATA101", Day, Day);
        world.Complete("https://lms.example.org|1", "https://edx.example.org/xapi/activities/courserun/course-v1:NorthX+DATA101+2026_T1", Day, Day);
        await ledger.ReadAsync(Source(o => o.KeyAfter = "/courserun/"), Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Course.Key.ShouldBe("course-v1:NorthX+DATA101+2026_T1");
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_does_not_date_a_completion_into_the_future()
    {
        world.Complete("https://lms.example.org|1", Course, Day.AddYears(3), Day);
        await ledger.ReadAsync(Source(), Ct);
        Completion completion = ledger.Completions.Values.Single();
        (completion.CompletedAt, completion.CompletedAtPrecision).ShouldBe((Day, TimePrecision.Derived));
    }

    [Theory]
    [InlineData(PlayFaultKind.TooManyRequests, FaultKind.RateLimited)]
    [InlineData(PlayFaultKind.Unavailable, FaultKind.Outage)]
    [InlineData(PlayFaultKind.ExpiredToken, FaultKind.Unauthorized)]
    [InlineData(PlayFaultKind.Truncated, FaultKind.Broken)]
    [InlineData(PlayFaultKind.LoginPage, FaultKind.Broken)]
    [InlineData(PlayFaultKind.CutMidAnswer, FaultKind.Outage)]
    public async Task A_fault_that_lasts_is_told_by_its_kind_leaves_the_cursor_and_loses_nothing(PlayFaultKind fault, FaultKind kind)
    {
        for (int i = 0; i < 5; i++)
        {
            world.Complete($"https://lms.example.org|{i}", Course, Day, Day.AddMinutes(i));
        }

        await ledger.ReadAsync(Source(), Ct, pages: 1);
        Cursor? committed = ledger.Cursor;
        platform.Faults.Add(new PlayFault { Kind = fault, RetryAfter = fault == PlayFaultKind.TooManyRequests ? TimeSpan.FromSeconds(90) : null });
        (await ledger.ReadFaultAsync(Source(), Ct)).Kind.ShouldBe(kind);
        ledger.Cursor.ShouldBe(committed);
        platform.Faults.Clear();
        await ledger.ReadAsync(Source(), Ct);
        ledger.Completions.Count.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_pushed_and_what_is_read_is_one_fact_under_one_key()
    {
        world.Complete("mailto:ada@example.org", Course, Day, Day, 0.5);
        await ledger.ReadAsync(Source(), Ct);
        await ledger.TakeAsync(Source(), Statement("ada@example.org", 0.8), Ct, "statements");
        ledger.Completions.Values.ShouldHaveSingleItem().Score!.Scaled.ShouldBe(0.8m);
    }

    [Fact]
    public void What_is_posted_is_answered_with_ids_and_what_is_put_with_nothing()
    {
        var hooks = (IWebhookSource)Source();
        WebhookReceipt posted = hooks.Look(HookBench.Delivery($"[{Statement("a@example.org", 1)},{Statement("b@example.org", 1)}]", "statements"));
        (posted.Status, JsonNode.Parse(posted.Json!)!.AsArray().Count).ShouldBe((200, 2));
        WebhookReceipt put = hooks.Look(HookBench.Delivery(Statement("a@example.org", 1), "statements?statementId=7f1d3a52-0d0c-4b0f-9f27-6a3f5e2c9b10"));
        (put.Status, put.Json).ShouldBe((204, null));
        hooks.Look(HookBench.Delivery("[]", "statements")).Malformed.ShouldNotBeNull();
        hooks.Look(HookBench.Delivery("""[{"verb":{"id":"x"}}]""", "statements")).Malformed.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(3000, "more than 2000 characters")]
    [InlineData(1000, null)]
    public async Task A_link_too_long_to_be_kept_is_a_fault_and_not_the_last_page(int tail, string? says)
    {
        ScriptedLrs lrs = new() { LinkTail = "&page=" + new string('x', tail) };
        for (int n = 1; n <= 5; n++)
        {
            lrs.Statements.Add(ScriptedLrs.Statement(n, $"p{n}"));
        }

        await using SourceBench scripted = new(lrs);
        ICompletionSource source = scripted.Create("xapi", EveryHttpSourceTests.SettingsOf("xapi"));
        if (says is not null)
        {
            (await ledger.ReadFaultAsync(source, Ct)).ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(FaultKind.Broken), f => f.Message.ShouldContain(says));
            return;
        }

        await ledger.ReadAsync(source, Ct);
        ledger.Completions.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_voiding_statement_that_is_pushed_takes_back_what_the_store_confirms()
    {
        string id = world.Complete("https://lms.example.org|1", Course, Day, Day);
        await ledger.ReadAsync(Source(), Ct);
        string body = $$$"""{"actor":{"mbox":"mailto:x@example.org"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":"{{{id}}}"}}""";
        (await ledger.TakeAsync(Source(), body, Ct)).Completions.ShouldBeEmpty();
        world.Void(id, Day.AddDays(1));
        (await ledger.TakeAsync(Source(), body, Ct)).Completions.ShouldHaveSingleItem().Status.ShouldBe(CompletionStatus.Revoked);
    }

    [Fact]
    public async Task A_source_without_an_address_reads_nothing_and_takes_what_arrives()
    {
        ICompletionSource source = bench.Create("xapi", new XapiOptions(), "lrs");
        (await ledger.ReadAsync(source, Ct)).ShouldBe(0);
        await ledger.TakeAsync(source, Statement("ada@example.org", 1), Ct);
        ledger.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_check_reads_each_verb_and_warns_of_a_store_that_does_not_say_how_far_it_is_consistent()
    {
        (await ((ICheckable)Source()).CheckAsync(Ct)).ShouldAllBe(r => r.Outcome == CheckOutcome.Passed);
        world.SaysConsistentThrough = false;
        (await ((ICheckable)Source()).CheckAsync(Ct)).ShouldContain(r => r.Outcome == CheckOutcome.Warning);
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken });
        (await ((ICheckable)Source()).CheckAsync(Ct)).ShouldContain(r => r.Outcome == CheckOutcome.Failed);
    }

    private static string Statement(string email, double score) =>
        $$$"""{"actor":{"mbox":"mailto:{{{email}}}"},"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"{{{Course}}}","definition":{"type":"http://adlnet.gov/expapi/activities/course"}},"result":{"score":{"scaled":{{{score.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}}},"timestamp":"2026-01-10T09:00:00Z"}""";

    private async Task PushAsync(string statement)
    {
        using HttpClient client = new() { BaseAddress = platform.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{world.Key}:{world.Secret}")));
        client.DefaultRequestHeaders.Add("X-Experience-API-Version", "1.0.3");
        using HttpResponseMessage answer = await client.PostAsync("statements", new StringContent(statement.Replace("COURSE", Course, StringComparison.Ordinal), Encoding.UTF8, "application/json"), Ct);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    private ICompletionSource Source(Action<XapiOptions>? change = null)
    {
        var options = new XapiOptions
        {
            Address = new Uri(platform.Address.ToString().TrimEnd('/')),
            Key = new Secret("env:LRS_KEY", () => world.Key),
            Secret = new Secret("env:LRS_SECRET", () => world.Secret),
        };
        change?.Invoke(options);
        return bench.Create("xapi", options, "lrs");
    }
}
