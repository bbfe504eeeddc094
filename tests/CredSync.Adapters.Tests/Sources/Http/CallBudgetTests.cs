using CredSync.Adapters.Tests.Sources.Coursera;
using CredSync.Registration;
using CredSync.Sources;
using CredSync.Sources.Http;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sources.Http;

/// <summary>Calls to one host are rationed; a backfill takes only the turns that nobody needs now.</summary>
public sealed class CallBudgetTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly CallBudget budget;
    private readonly List<string> order = [];

    public CallBudgetTests() => budget = new CallBudget(time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backfill_yields_to_live_polling_and_both_share_one_budget()
    {
        Task first = AskAsync("backfill 1", isBackfill: true);
        await first;
        Task[] waiting = [AskAsync("backfill 2", isBackfill: true), AskAsync("backfill 3", isBackfill: true), AskAsync("live 1", isBackfill: false), AskAsync("live 2", isBackfill: false)];
        waiting.ShouldAllBe(t => !t.IsCompleted);
        foreach (int next in new[] { 2, 3, 0, 1 })
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            waiting[next].IsCompleted.ShouldBeFalse();
            time.Advance(TimeSpan.FromSeconds(0.5));
            await waiting[next];
        }

        order.ShouldBe(["backfill 1", "live 1", "live 2", "backfill 2", "backfill 3"]);
    }

    [Fact]
    public async Task What_is_not_used_is_not_saved_up()
    {
        await AskAsync("a", isBackfill: false);
        time.Advance(TimeSpan.FromMinutes(10));
        await AskAsync("b", isBackfill: false);
        Task third = AskAsync("c", isBackfill: false);
        third.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await third;
    }

    [Fact]
    public async Task Whoever_gives_up_takes_no_turn()
    {
        await AskAsync("a", isBackfill: false);
        using CancellationTokenSource patience = new();
        Task given = budget.WaitAsync(60, patience.Token);
        Task other = AskAsync("b", isBackfill: false);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => given);
        time.Advance(TimeSpan.FromSeconds(1));
        await other;
    }

    [Fact]
    public async Task Sources_that_ask_the_same_host_wait_for_each_other_and_others_do_not()
    {
        ScriptedCoursera platform = new();
        SourceHttpSettings settings = new() { FirstWait = TimeSpan.FromMilliseconds(1) };
        await using SourceBench bench = new(platform, time, settings);
        ICompletionSource one = bench.Create("coursera", CourseraSourceTests.Options(), new SourceIdentity("one") { CallsPerMinute = 60 });
        ICompletionSource two = bench.Create("coursera", CourseraSourceTests.Options(), new SourceIdentity("two") { CallsPerMinute = 60 });
        ICompletionSource unrationed = bench.Create("coursera", CourseraSourceTests.Options(), new SourceIdentity("three"));
        Task first = new TestLedger().ReadAsync(one, Ct), second = new TestLedger().ReadAsync(two, Ct);
        await new TestLedger().ReadAsync(unrationed, Ct);
        for (int calls = 2; calls <= 4; calls++)
        {
            (first.IsCompleted && second.IsCompleted).ShouldBeFalse();
            platform.Requests.Count.ShouldBeLessThan(2 + calls);
            int before = platform.Requests.Count;
            time.Advance(TimeSpan.FromSeconds(1));
            while (platform.Requests.Count == before)
            {
                Ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        await Task.WhenAll(first, second);
        platform.Requests.Count.ShouldBe(6);
    }

    // As the worker does: said once, it flows with the calls of this method.
    private async Task AskAsync(string who, bool isBackfill)
    {
        Backfill.Set(isBackfill);
        await budget.WaitAsync(60, Ct);
        lock (order)
        {
            order.Add(who);
        }
    }
}
