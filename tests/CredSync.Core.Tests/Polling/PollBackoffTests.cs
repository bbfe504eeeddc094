using CredSync.Core.Polling;
using CsCheck;

namespace CredSync.Core.Tests.Polling;

public sealed class PollBackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        PollBackoff state = PollBackoff.AfterSuccess();
        List<double> waits = [];
        for (int i = 0; i < 12; i++)
        {
            (state, TimeSpan? wait) = state.AfterFailure(FaultAction.BackOff, null, 0);
            waits.Add(wait!.Value.TotalSeconds);
        }

        waits.ShouldBe([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800, 1800]);
        PollBackoff.AfterSuccess().Failures.ShouldBe(0);
    }

    [Fact]
    public void A_pause_has_no_wait_and_one_item_holds_nothing_up()
    {
        var state = new PollBackoff { Failures = 3 };
        state.AfterFailure(FaultAction.Pause, null, 0.5).Wait.ShouldBeNull();
        state.AfterFailure(FaultAction.Park, null, 0.5).ShouldBe((state, TimeSpan.Zero));
        state.AfterFailure(FaultAction.Hold, null, 0.5).ShouldBe((state, TimeSpan.Zero));
    }

    [Fact]
    public void A_wait_is_bounded_and_never_shorter_than_asked() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[-10, 200_000], Gen.Double[0, 0.999999]).Sample((failures, asked, fraction) =>
        {
            var state = new PollBackoff { Failures = failures };
            (PollBackoff next, TimeSpan? wait) = state.AfterFailure(FaultAction.BackOff, TimeSpan.FromSeconds(asked), fraction);
            wait!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(Math.Min(Math.Max(asked, 2.5), 86_400)));
            wait.Value.ShouldBeLessThanOrEqualTo(PollBackoff.LongestAsked + TimeSpan.FromSeconds(30));
            next.Failures.ShouldBeGreaterThan(0);
        });

    [Fact]
    public void A_fraction_outside_its_range_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => default(PollBackoff).AfterFailure(FaultAction.BackOff, null, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => default(PollBackoff).AfterFailure(FaultAction.BackOff, null, double.NaN));
    }
}
