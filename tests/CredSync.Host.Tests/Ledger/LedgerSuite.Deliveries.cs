using System.Text;
using CredSync.Host.Ledger;
using CredSync.Sources;

namespace CredSync.Host.Tests.Ledger;

// Deliveries of platforms.
public abstract partial class LedgerSuite
{
    [Fact]
    public async Task A_delivery_that_arrives_twice_is_one_line_even_within_one_batch()
    {
        ILedger ledger = await OpenAsync();
        (await ledger.StoreDeliveriesAsync([Sent("a"), Sent("b"), Sent("a")], Ct)).ShouldBe(2);
        (await ledger.StoreDeliveriesAsync([Sent("b"), Sent("c")], Ct)).ShouldBe(1);
        (await ledger.DeliveriesAsync(new DeliveryFilter { Source = "s" }, 10, Ct)).Select(l => l.Delivery.Id).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_stored_delivery_comes_back_as_it_was_sent()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a")], Ct);
        WebhookDelivery delivery = (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).Single().Delivery;
        (delivery.Id, delivery.ReceivedAt, delivery.Target, Encoding.UTF8.GetString(delivery.Body.Span)).ShouldBe(("a", Start, "statements?x=1", """{"name":"Zoë"}"""));
    }

    [Fact]
    public async Task A_claimed_delivery_is_nobody_elses_until_the_claim_lapses()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a"), Sent("b")], Ct);
        (await ledger.ClaimDeliveriesAsync("s", Here, 1, Lease, Ct)).Single().Delivery.Id.ShouldBe("a");
        (await ledger.ClaimDeliveriesAsync("s", Elsewhere, 10, Lease, Ct)).Single().Delivery.Id.ShouldBe("b");
        (await ledger.ClaimDeliveriesAsync("s", Elsewhere, 10, Lease, Ct)).ShouldBeEmpty();
        Time.Advance(Lease);
        IReadOnlyList<ClaimedDelivery> again = await ledger.ClaimDeliveriesAsync("s", Elsewhere, 10, Lease, Ct);
        again.Select(c => (c.Delivery.Id, c.Attempt)).ShouldBe([("a", 2), ("b", 2)]);
    }

    [Fact]
    public async Task Claims_of_a_process_that_died_on_this_machine_are_free_at_once()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a")], Ct);
        await ledger.ClaimDeliveriesAsync("s", Here with { ProcessStart = 1 }, 10, Lease, Ct);
        await ledger.ReleaseDeadClaimsAsync(Here, Ct);
        (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Committing_the_page_of_deliveries_marks_them_taken_and_leaves_the_cursor_alone()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], cursor: "one");
        await ledger.StoreDeliveriesAsync([Sent("a")], Ct);
        ClaimedDelivery claim = (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).Single();
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(new DeliveryClaim("s", Here.ToString(), [claim.Number]), Ct))
        {
            await page.CommitAsync(default, new PageCounts { NewestCompletion = Start.AddYears(1) }, Ct);
        }

        (await ledger.DeliveriesAsync(new DeliveryFilter { Source = "s", State = DeliveryState.Taken }, 10, Ct)).Count.ShouldBe(1);
        (await ledger.SourcesAsync(Ct)).ShouldContain(s => s.Cursor == new Cursor("one"));
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_taken_waits_for_its_time_or_is_set_aside_and_replay_lets_it_wait_again()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a"), Sent("b")], Ct);
        IReadOnlyList<ClaimedDelivery> claims = await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct);
        await ledger.EndDeliveriesAsync(
            Here,
            [
                new DeliveryEnd { Number = claims[0].Number, Cause = "outage", Sentence = "Away.", NotBefore = Start.AddMinutes(5) },
                new DeliveryEnd { Number = claims[1].Number, Cause = "defect", Sentence = "Broken." },
            ],
            Ct);
        (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.CountDeliveriesAsync(Ct)).ShouldBe([new DeliveryCount("s", 1, 1, Start)]);
        Time.Advance(TimeSpan.FromMinutes(5));
        (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).Single().Delivery.Id.ShouldBe("a");
        (await ledger.ReplayAsync([claims[1].Number], Ct)).ShouldBe(1);
        (await ledger.ClaimDeliveriesAsync("s", Here, 10, Lease, Ct)).Single().Delivery.Id.ShouldBe("b");
    }

    [Fact]
    public async Task Old_deliveries_are_dropped_when_they_are_done_and_never_while_they_wait()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a"), Sent("b") with { Cause = "malformed-delivery", Sentence = "Not JSON." }], Ct);
        Time.Advance(TimeSpan.FromDays(60));
        (await ledger.DropDeliveriesAsync("s", Time.GetUtcNow() - TimeSpan.FromDays(30), Ct)).ShouldBe(1);
        (await ledger.DeliveriesAsync(new DeliveryFilter { Source = "s" }, 10, Ct)).Single().Delivery.Id.ShouldBe("a");
    }

    [Fact]
    public async Task Deliveries_are_found_by_id_and_by_the_time_of_their_arrival()
    {
        ILedger ledger = await OpenAsync();
        await ledger.StoreDeliveriesAsync([Sent("a"), Sent("b", Start.AddHours(1)), Sent("c", Start.AddHours(2))], Ct);
        (await Ids(new DeliveryFilter { Source = "s", Id = "b" })).ShouldBe(["b"]);
        (await Ids(new DeliveryFilter { Source = "s", From = Start.AddHours(1) })).ShouldBe(["b", "c"]);
        (await Ids(new DeliveryFilter { Source = "s", To = Start.AddHours(1) })).ShouldBe(["a"]);
        (await Ids(new DeliveryFilter { Source = "other" })).ShouldBeEmpty();

        async Task<IEnumerable<string>> Ids(DeliveryFilter filter) => (await ledger.DeliveriesAsync(filter, 10, Ct)).Select(l => l.Delivery.Id);
    }

    private static DeliveryRow Sent(string id, DateTimeOffset? at = null) => new()
    {
        Source = "s",
        Delivery = new WebhookDelivery { Id = id, ReceivedAt = at ?? Start, Target = "statements?x=1", Body = Encoding.UTF8.GetBytes("""{"name":"Zoë"}""") },
    };
}
