using System.Globalization;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;
using CredSync.Sources;
using CredSync.Sources.Http;
using CredSync.Sources.Moodle;
using CsCheck;

namespace CredSync.Adapters.Tests.Sources.Moodle;

/// <summary>The adapter against the play Moodle over real HTTP: faults, kills, resets, missing rights.</summary>
public sealed class MoodleEndToEndTests : IAsyncLifetime
{
    private const string Learners = ScriptedMoodle.Enrolled;
    private const string Status = ScriptedMoodle.Status;
    private readonly TestLedger ledger = new();
    private readonly SourceBench bench = new();
    private MoodleWorld world = null!;
    private MoodlePlatform platform = null!;
    private SandboxServer server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        world = MoodleWorld.Large(courses: 4, learners: 25, seed: 5);
        platform = new MoodlePlatform(world);
        server = await SandboxServer.StartAsync([platform], ct: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Everything_that_is_complete_arrives_with_its_date()
    {
        await ledger.ReadAsync(Source(), Ct);
        Arrived();
        ledger.Unreadable.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PlayFaultKind.TooManyRequests, Learners, FaultKind.RateLimited)]
    [InlineData(PlayFaultKind.TooManyRequests, Status, FaultKind.RateLimited)]
    [InlineData(PlayFaultKind.Unavailable, Learners, FaultKind.Outage)]
    [InlineData(PlayFaultKind.Unavailable, Status, FaultKind.Outage)]
    [InlineData(PlayFaultKind.EmptyForbidden, Status, FaultKind.Misconfigured)]
    [InlineData(PlayFaultKind.Truncated, Learners, FaultKind.Broken)]
    [InlineData(PlayFaultKind.Truncated, Status, FaultKind.Broken)]
    [InlineData(PlayFaultKind.LoginPage, Learners, FaultKind.Broken)]
    [InlineData(PlayFaultKind.LoginPage, Status, FaultKind.Broken)]
    [InlineData(PlayFaultKind.CutConnection, Status, FaultKind.Outage)]
    [InlineData(PlayFaultKind.CutMidAnswer, Learners, FaultKind.Outage)]
    [InlineData(PlayFaultKind.CutMidAnswer, Status, FaultKind.Outage)]
    [InlineData(PlayFaultKind.ErrorAfterEffect, Status, FaultKind.Outage)]
    public async Task A_fault_that_lasts_is_told_by_its_kind_leaves_the_cursor_and_loses_nothing(PlayFaultKind fault, string operation, FaultKind kind)
    {
        await ledger.ReadAsync(Source(), Ct, pages: 2);
        Cursor? committed = ledger.Cursor;
        platform.Faults.Add(new PlayFault { Kind = fault, Operation = operation, RetryAfter = fault == PlayFaultKind.TooManyRequests ? TimeSpan.FromSeconds(90) : null });
        SourceException met = await ledger.ReadFaultAsync(Source(), Ct);
        met.Kind.ShouldBe(kind);
        met.RetryAfter.ShouldBe(fault == PlayFaultKind.TooManyRequests ? TimeSpan.FromSeconds(90) : null);
        met.ToString().ShouldNotContain(MoodleWorld.LargeToken);
        ledger.Cursor.ShouldBe(committed);
        platform.Faults.Clear();
        await ledger.ReadAsync(Source(), Ct);
        Arrived();
    }

    [Fact]
    public async Task A_retry_after_as_a_date_is_handed_to_the_host()
    {
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.TooManyRequests, RetryAt = TimeProvider.System.GetUtcNow().AddMinutes(20) });
        SourceException met = await ledger.ReadFaultAsync(Source(), Ct);
        met.Kind.ShouldBe(FaultKind.RateLimited);
        met.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromMinutes(18), TimeSpan.FromMinutes(20));
    }

    [Theory]
    [InlineData(PlayFaultKind.Unavailable)]
    [InlineData(PlayFaultKind.CutConnection)]
    [InlineData(PlayFaultKind.CutMidAnswer)]
    [InlineData(PlayFaultKind.ErrorAfterEffect)]
    [InlineData(PlayFaultKind.TooManyRequests)]
    public async Task A_hiccup_is_retried_and_nobody_notices(PlayFaultKind fault)
    {
        ActiveFault active = platform.Faults.Add(new PlayFault { Kind = fault, Skip = 10, Count = 2 });
        await ledger.ReadAsync(Source(), Ct);
        active.Hits.ShouldBe(2);
        Arrived();
    }

    [Fact]
    public async Task A_platform_that_hangs_is_left_after_the_time_for_a_try()
    {
        await using SourceBench hurried = new(settings: new SourceHttpSettings { FirstWait = TimeSpan.FromMilliseconds(1), TryTimeout = TimeSpan.FromMilliseconds(200) });
        ActiveFault hanging = platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.Slow, Operation = Learners });
        (await ledger.ReadFaultAsync(hurried.Create("moodle", Options()), Ct)).Kind.ShouldBe(FaultKind.Outage);
        hanging.Hits.ShouldBe(3);
        hanging.Release();
        await ledger.ReadAsync(Source(), Ct);
        Arrived();
    }

    [Fact]
    public async Task Cancelled_while_the_platform_hangs_the_reading_ends()
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        ActiveFault hanging = platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.Slow, Operation = Status });
        Task reading = ledger.ReadAsync(Source(), cancel.Token);
        await hanging.WaitForHitsAsync(1, Ct);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_token_that_ends_in_mid_sweep_stops_the_source_until_there_is_a_new_one()
    {
        await ledger.ReadAsync(Source(), Ct, pages: 2);
        Cursor? committed = ledger.Cursor;
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Operation = Status, Count = 1 });
        (await ledger.ReadFaultAsync(Source(), Ct)).Kind.ShouldBe(FaultKind.Unauthorized);
        world.Revoke(MoodleWorld.LargeToken);
        (await ledger.ReadFaultAsync(Source(), Ct)).Kind.ShouldBe(FaultKind.Unauthorized);
        ledger.Cursor.ShouldBe(committed);
        world.Add(new MoodleToken { Value = "renewed", UserId = 3 });
        await ledger.ReadAsync(Source(token: "renewed"), Ct);
        Arrived();
    }

    [Fact]
    public async Task A_page_that_is_sent_twice_loses_nothing()
    {
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Operation = Learners, Skip = 1, Count = 1 });
        (await ledger.ReadFaultAsync(Source(), Ct)).Kind.ShouldBe(FaultKind.Broken);
        await ledger.ReadAsync(Source(), Ct);
        Arrived();
    }

    [Fact]
    public async Task Completions_that_vanish_are_reported_and_none_is_withdrawn()
    {
        MoodleOptions all = Options();
        all.ReverifySlices = 1;
        await ledger.ReadAsync(bench.Create("moodle", all), Ct);
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Operation = Status });
        await ledger.ReadAsync(bench.Create("moodle", all), Ct);
        ledger.Unreadable.Count.ShouldBe(ledger.Completions.Count);
        ledger.Unreadable.ShouldAllBe(record => record.Cause == "completion-vanished");
        Arrived();
    }

    [Fact]
    public async Task A_course_reset_and_people_who_leave_withdraw_nothing()
    {
        await ledger.ReadAsync(Source(), Ct);
        int before = ledger.Completions.Count;
        world.ResetCompletions(2);
        world.Unenrol(3, 1001);
        world.Enrol(new MoodleEnrolment { CourseId = 3, UserId = 1002, Suspended = true });
        world.DeleteUser(1003, new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));
        for (int sweep = 0; sweep < 8; sweep++)
        {
            await ledger.ReadAsync(Source(), Ct);
        }

        ledger.Completions.Count.ShouldBe(before);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task Who_was_marked_complete_directly_waits_for_a_person()
    {
        int user = Enumerable.Range(1001, 25).First(id => world.CompletionsOf(2).All(c => c.UserId != id));
        world.MarkComplete(2, user, new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await ledger.ReadAsync(Source(), Ct);
        ledger.Unreadable.ShouldBeEmpty();
        Completion waiting = ledger.Completions.Values.Single(c => c.CompletedAt is null);
        (waiting.Key.NaturalKey, waiting.Status).ShouldBe(($"{user}|2|1", CompletionStatus.Completed));
    }

    [Fact]
    public async Task Killed_and_hit_by_faults_anywhere_everything_arrives_in_the_end()
    {
        await Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 4], Gen.Int[3, 12]).SampleAsync(async (seed, calls, size) =>
        {
            TestLedger survivor = new();
            Random kills = new(seed);
            platform.Faults.Clear();
            PlayFaultKind[] kinds = [PlayFaultKind.Unavailable, PlayFaultKind.CutConnection, PlayFaultKind.CutMidAnswer, PlayFaultKind.Truncated, PlayFaultKind.LoginPage];
            foreach (PlayFaultKind kind in kinds)
            {
                platform.Faults.Add(new PlayFault { Kind = kind, Probability = 0.02, Seed = seed + (int)kind, Count = 6 });
            }

            MoodleOptions options = Options();
            (options.ConcurrentCalls, options.PageSize) = (calls, size);
            await using SourceBench own = new(settings: new SourceHttpSettings { Tries = 1, BreakAfter = 1000 });
            for (int life = 0; life < 60; life++)
            {
                try
                {
                    await survivor.ReadAsync(own.Create("moodle", options), Ct, kills.Next(1, 6));
                }
                catch (SourceException fault)
                {
                    fault.Kind.ShouldBeOneOf(FaultKind.Outage, FaultKind.Broken);
                }
            }

            platform.Faults.Clear();
            await survivor.ReadAsync(own.Create("moodle", options), Ct);
            Arrived(survivor);
        }, iter: 6, threads: 1);
    }

    [Theory]
    [InlineData("moodle/course:enrolreview", "moodle/course:enrolreview")]
    [InlineData("moodle/role:review", "moodle/role:review")]
    [InlineData("report/completion:view", "report/completion:view")]
    [InlineData("moodle/user:viewdetails", "moodle/user:viewdetails")]
    [InlineData("moodle/user:viewalldetails", "moodle/user:viewalldetails")]
    [InlineData("gradereport/user:view", "course 2")]
    [InlineData("moodle/grade:viewall", "moodle/grade:viewall")]
    [InlineData("moodle/course:view", "course 2")]
    public async Task The_check_names_the_capability_that_is_taken_away(string capability, string named)
    {
        world.Deny(3, capability);
        IReadOnlyList<CheckResult> results = await ((ICheckable)Source()).CheckAsync(Ct);
        CheckResult result = results.First(r => r.Outcome is CheckOutcome.Failed or CheckOutcome.Warning && r.Name == named);
        (result.Sentence + result.Remedy).ShouldContain(capability);
    }

    [Fact]
    public async Task The_check_passes_for_an_account_with_all_rights() =>
        (await ((ICheckable)Source()).CheckAsync(Ct)).ShouldAllBe(result => result.Outcome == CheckOutcome.Passed);

    [Fact]
    public async Task The_check_tells_that_rest_capability_or_service_are_missing_by_the_token()
    {
        world.Deny(3, "webservice/rest:use");
        CheckResult token = (await ((ICheckable)Source()).CheckAsync(Ct)).Single(result => result.Name == "token");
        token.Outcome.ShouldBe(CheckOutcome.Failed);
        token.Sentence.ShouldContain("webservice/rest:use");
    }

    private ICompletionSource Source(string token = MoodleWorld.LargeToken) => bench.Create("moodle", Options(token));

    private MoodleOptions Options(string token = MoodleWorld.LargeToken) => new()
    {
        Address = platform.Address,
        Token = new Secret("env:MOODLE_TOKEN", () => token),
        PageSize = 10,
    };

    private void Arrived() => Arrived(ledger);

    private void Arrived(TestLedger read) => read.Completions.Values
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key.NaturalKey} {c.CompletedAt:u}")).Order(StringComparer.Ordinal)
        .ShouldBe(world.Courses
            .SelectMany(course => world.CompletionsOf(course.Id).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.UserId}|{course.Id}|1 {c.CompletedAt:u}")))
            .Order(StringComparer.Ordinal));
}
