using CredSync.Issuers.Http;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.Http;

public sealed class RateBudgetTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Ten_seconds_worth_may_go_at_once_and_the_rest_keeps_its_distance()
    {
        FakeTimeProvider time = new();
        RateBudget budget = new(60, time);
        for (int call = 0; call < 10; call++)
        {
            budget.WaitAsync(Ct).IsCompletedSuccessfully.ShouldBeTrue();
        }

        Task eleventh = budget.WaitAsync(Ct);
        Task twelfth = budget.WaitAsync(Ct);
        eleventh.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        eleventh.IsCompleted.ShouldBeTrue();
        twelfth.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        twelfth.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_rest_fills_the_budget_again_but_never_beyond_its_size()
    {
        FakeTimeProvider time = new();
        RateBudget budget = new(60, time);
        await budget.WaitAsync(Ct);
        time.Advance(TimeSpan.FromHours(1));
        int free = 0;
        while (budget.WaitAsync(Ct).IsCompletedSuccessfully)
        {
            free++;
        }

        free.ShouldBe(10);
    }
}
