using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Sources;

namespace CredSync.Host.Tests.Intake.Hooks;

public sealed class DeliveryDeskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_becomes_a_planned_issuance_and_is_marked_taken_in_the_same_moment()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"), PlayHookSource.Delivery("msg_2", "ben"));
        (int claimed, PageCounts counts) = await world.Desk().TakeAsync("play", Ct);
        (claimed, counts.New, counts.Planned).ShouldBe((2, 2, 2));
        (await world.LinesAsync(Ct)).ShouldAllBe(l => l.State == DeliveryState.Taken);
        (await world.Ledger.CompletionAsync(new("play", "ada|SAFETY-101"), Ct))!.Completion.SourceEventId.ShouldBe("msg_1");
        (await world.Desk().TakeAsync("play", Ct)).Claimed.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_fact_told_again_by_another_message_issues_nothing_more()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"));
        await world.Desk().TakeAsync("play", Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"), PlayHookSource.Delivery("msg_9", "ada"));
        PageCounts counts = (await world.Desk().TakeAsync("play", Ct)).Counts;
        (counts.Read, counts.Unchanged, counts.Planned).ShouldBe((1, 1, 0));
        (await world.LinesAsync(Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_crash_before_the_commit_only_means_that_the_delivery_is_taken_again()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"));
        LeaseOwner dead = new("another-machine", 7, 42);
        (await world.Ledger.ClaimDeliveriesAsync("play", dead, 10, TimeSpan.FromMinutes(1), Ct)).Count.ShouldBe(1);
        (await world.Desk().TakeAsync("play", Ct)).Claimed.ShouldBe(0);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(1);
        (await world.Ledger.IssuancesInStateAsync(IssuanceState.Planned, 10, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_whose_claim_was_taken_over_stores_nothing()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"));
        ClaimedDelivery claim = (await world.Ledger.ClaimDeliveriesAsync("play", LocalProcess.Self, 10, TimeSpan.FromMinutes(1), Ct)).Single();
        await using IIntakeTransaction page = await world.Ledger.BeginPageAsync(new DeliveryClaim("play", "somebody else", [claim.Number]), Ct);
        await Should.ThrowAsync<LeaseLostException>(() => page.CommitAsync(default, new PageCounts(), Ct));
    }

    [Fact]
    public async Task A_platform_that_is_away_leaves_the_delivery_waiting_for_as_long_as_it_takes()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        world.Source.Fault = ("ada", new SourceException(FaultKind.Outage, "The platform is away."));
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"), PlayHookSource.Delivery("msg_2", "ben"));
        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(1);
        for (int i = 0; i < 20; i++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.Desk().TakeAsync("play", Ct);
        }

        DeliveryLine line = (await world.LinesAsync(Ct))[0];
        (line.State, line.Cause, line.Attempts).ShouldBe((DeliveryState.Waiting, "outage", 21));
        world.Source.Fault = null;
        world.Time.Advance(TimeSpan.FromHours(1));
        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_that_breaks_the_adapter_holds_up_no_other_and_is_set_aside_in_the_end()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        world.Source.Fault = ("ada", new FormatException("unforeseen"));
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"), PlayHookSource.Delivery("msg_2", "ben"));
        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(1);
        for (int i = 0; i < 10; i++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.Desk().TakeAsync("play", Ct);
        }

        DeliveryLine line = (await world.LinesAsync(Ct))[0];
        (line.State, line.Cause, line.Attempts).ShouldBe((DeliveryState.SetAside, "adapter-defect", 10));
        world.Source.Fault = null;
        await world.Ledger.ReplayAsync([line.Number], Ct);
        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(1);
    }

    [Fact]
    public async Task A_replay_after_a_mended_mapping_brings_what_is_new_and_issues_nothing_twice()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        await world.StoreAsync(Ct, PlayHookSource.Delivery("msg_1", "ada"), PlayHookSource.Delivery("msg_2", "ada", "DATA-110"));
        await world.Desk().TakeAsync("play", Ct);
        await world.Ledger.ReplayAsync([.. (await world.LinesAsync(Ct)).Select(l => l.Number)], Ct);
        PageCounts counts = (await world.Desk().TakeAsync("play", Ct)).Counts;
        (counts.Unchanged, counts.Planned).ShouldBe((2, 0));
        (await world.Ledger.IssuancesInStateAsync(IssuanceState.Planned, 10, Ct)).Count.ShouldBe(1);
    }
}
