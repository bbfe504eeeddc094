using CredSync.Host.Operations;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Plans;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>What open screens cost: figures are shared, taken again only when something changed, and never for more than a small share of the time.</summary>
public sealed class FiguresTests : IDisposable
{
    private readonly FakeTimeProvider time = new(PlanWorld.Now);
    private readonly PlaySql sql = new();
    private readonly Looks looks;

    public FiguresTests() => looks = new Looks(sql, new LookBudget(time), time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private int Taken { get; set; }

    public void Dispose() => looks.Dispose();

    [Fact]
    public async Task Everybody_who_looks_at_the_same_shares_what_was_read_and_what_differs_is_read_apart()
    {
        (await SeeAsync("a")).ShouldBe("a 1");
        (await SeeAsync("a")).ShouldBe("a 1");
        (await SeeAsync("b")).ShouldBe("b 2");
        looks.SeeAsync("a", _ => TakeAsync("a"), fresh: false, Ct).AsTask().IsCompletedSuccessfully.ShouldBeTrue("a screen that is drawn anew has its figures at once");
    }

    [Fact]
    public async Task Nothing_is_read_again_while_the_ledger_stays_as_it_is_but_for_what_the_clock_changes()
    {
        await SeeAsync("a");
        for (int seconds = 0; seconds < 27; seconds += 3)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            (await SeeAsync("a")).ShouldBe("a 1");
        }

        sql.Mark = "2";
        (await SeeAsync("a")).ShouldBe("a 2");
        time.Advance(TimeSpan.FromSeconds(31));
        (await SeeAsync("a")).ShouldBe("a 3", "a source falls silent although nothing is written");
    }

    [Fact]
    public async Task Who_comes_while_something_is_read_for_the_first_time_shares_it_but_for_who_has_changed_something()
    {
        var coming = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> first = SeeAsync(_ => Coming()), second, third;
        time.Advance(TimeSpan.FromMilliseconds(10));
        second = SeeAsync(_ => Coming());
        third = looks.SeeAsync("a", _ => TakeAsync("a"), fresh: true, Ct).AsTask();
        coming.SetResult("as it was");
        (await first, await third).ShouldBe(("as it was", "a 2"));
        (await second).ShouldBeOneOf("as it was", "a 2");
        Taken.ShouldBe(2);

        Task<string> SeeAsync(Func<CancellationToken, Task<string>> take) => looks.SeeAsync("a", take, fresh: false, Ct).AsTask();

        Task<string> Coming()
        {
            Taken++;
            return coming.Task;
        }
    }

    [Fact]
    public async Task Dear_looks_at_something_new_are_paid_for_but_for_the_first_of_a_kind_in_a_process()
    {
        using var budget = new BudgetOfLooks(time, sql);
        await budget.SeeAsync("first of its kind", 2000);
        budget.Allows.ShouldBeTrue("most of that is done once in a process");
        await budget.SeeAsync("another page", 520);
        budget.Allows.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));
        budget.Allows.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_has_changed_something_sees_it_at_once()
    {
        await SeeAsync("a");
        (await looks.SeeAsync("a", _ => TakeAsync("a"), fresh: true, Ct)).ShouldBe("a 2");
        (await SeeAsync("a")).ShouldBe("a 2");
    }

    [Fact]
    public async Task However_many_look_and_however_dear_it_is_looking_takes_a_small_share_of_the_time()
    {
        TimeSpan cost = TimeSpan.Zero;
        for (int round = 0; round < 400; round++)
        {
            for (int screen = 0; screen < 10; screen++)
            {
                sql.Mark = $"{round} {screen}";
                await looks.SeeAsync(
                    screen,
                    _ =>
                    {
                        cost += TimeSpan.FromMilliseconds(40);
                        time.Advance(TimeSpan.FromMilliseconds(40));
                        return Task.FromResult("x");
                    },
                    fresh: false,
                    Ct);
            }

            time.Advance(TimeSpan.FromSeconds(3));
        }

        double share = cost / (time.GetUtcNow() - PlanWorld.Now);
        share.ShouldBeInRange(LookBudget.Share / 2, LookBudget.Share * 1.2);
    }

    [Fact]
    public async Task What_fails_to_be_read_is_read_by_the_next_who_looks()
    {
        await Should.ThrowAsync<StorageException>(async () => await looks.SeeAsync<string>("a", _ => throw new StorageException("away"), fresh: false, Ct));
        (await SeeAsync("a")).ShouldBe("a 1");
    }

    [Fact]
    public async Task Of_very_many_the_longest_forgotten_are_let_go()
    {
        for (int i = 0; i < 1000; i++)
        {
            await SeeAsync($"{i}");
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        (await SeeAsync("999")).ShouldBe("999 1000");
        (await SeeAsync("0")).ShouldBe("0 1001");
    }

    private ValueTask<string> SeeAsync(string key) => looks.SeeAsync(key, _ => TakeAsync(key), fresh: false, Ct);

    private Task<string> TakeAsync(string key) => Task.FromResult($"{key} {++Taken}");

    private sealed class BudgetOfLooks : IDisposable
    {
        private readonly FakeTimeProvider time;
        private readonly LookBudget budget;
        private readonly Looks looks;

        public BudgetOfLooks(FakeTimeProvider time, PlaySql sql)
        {
            this.time = time;
            budget = new LookBudget(time);
            looks = new Looks(sql, budget, time);
        }

        public bool Allows => budget.Allows;

        public async Task SeeAsync(string key, int milliseconds) => await looks.SeeAsync(
            key,
            _ =>
            {
                time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                return Task.FromResult("x");
            },
            fresh: false,
            Ct);

        public void Dispose() => looks.Dispose();
    }
}
