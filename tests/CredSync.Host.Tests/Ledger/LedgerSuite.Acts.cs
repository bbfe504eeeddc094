using CredSync.Core.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Issuers;
using CredSync.Sources;

namespace CredSync.Host.Tests.Ledger;

// What people do to the ledger by hand.
public abstract partial class LedgerSuite
{
    [Fact]
    public async Task An_approved_hold_is_planned_with_the_facts_that_were_given()
    {
        ILedger ledger = await HeldAsync("approval-wanted", award: null);
        Guid id = Planned("a").Key.Id;
        (await SettleAsync(ledger, Settle(id, "another-cause", true) with { Award = new AwardFacts { EarnedAt = Start.AddDays(-1) } })).ShouldBeFalse();
        (await SettleAsync(ledger, Settle(id, "approval-wanted", true))).ShouldBeFalse("nothing says when it was earned");
        (await SettleAsync(ledger, Settle(id, "approval-wanted", true) with { Award = new AwardFacts { EarnedAt = Start.AddDays(-1), ExpiresAt = Start.AddDays(9) } })).ShouldBeTrue();
        IssuanceLine line = (await ledger.IssuanceAsync(id, Ct))!;
        (line.State, line.Cause, line.EarnedAt, line.ExpiresAt).ShouldBe((IssuanceState.Planned, null, Start.AddDays(-1), Start.AddDays(9)));
        (await ledger.ClaimAsync(1, Lease, Ct)).Single().Award.EarnedAt.ShouldBe(Start.AddDays(-1));
    }

    [Fact]
    public async Task A_rejected_hold_is_refused_with_its_reason()
    {
        ILedger ledger = await HeldAsync("approval-wanted", new AwardFacts { EarnedAt = Start });
        Guid id = Planned("a").Key.Id;
        (await SettleAsync(ledger, Settle(id, "approval-wanted", false))).ShouldBeTrue();
        IssuanceLine line = (await ledger.IssuanceAsync(id, Ct))!;
        (line.State, line.Cause, line.Sentence, line.OutcomeAt).ShouldBe((IssuanceState.Refused, "rejected", "because", Start));
    }

    [Fact]
    public async Task Holds_are_listed_and_counted_by_what_is_asked_for()
    {
        ILedger ledger = await HeldAsync("approval-wanted", new AwardFacts { EarnedAt = Start });
        Guid id = Planned("a").Key.Id;
        HeldLine held = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (held.Issuance.Id, held.Cause, held.Sentence, held.Since, held.IsReview).ShouldBe((id, "approval-wanted", "ask", Start, false));
        (await ledger.HeldAsync(new HeldFilter(Id: id, Cause: "approval-wanted", Definition: "badge"), 10, Ct)).Count.ShouldBe(1);
        (await ledger.HeldAsync(new HeldFilter(Cause: "other"), 10, Ct)).ShouldBeEmpty();
        (await ledger.CountHeldAsync(new HeldFilter(), Ct)).ShouldBe([new HeldCount("approval-wanted", "badge", false, 1, Start)]);
    }

    [Fact]
    public async Task A_review_is_opened_once_and_leaves_the_issuance_as_it_is()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await ledger.CloseAsync([Issued(await SendAsync(ledger))], Ct);
        IssuanceRow review = Planned("a") with { State = IssuanceState.Held, Cause = HoldCauses.RevocationReview, Remedy = "look" };
        (await PlanAsync(ledger, review)).ShouldBe((0, 1));
        (await PlanAsync(ledger, review)).ShouldBe((0, 0));
        HeldLine held = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (held.Issuance.State, held.IsReview, held.Sentence).ShouldBe((IssuanceState.Issued, true, "look"));
        (await PersonAsync(ledger, "a")).Reviewed.ShouldBe([review.Key]);
        (await SettleAsync(ledger, Settle(review.Key.Id, HoldCauses.RevocationReview, true) with { IsReview = true })).ShouldBeTrue();
        (await SettleAsync(ledger, Settle(review.Key.Id, HoldCauses.RevocationReview, true) with { IsReview = true })).ShouldBeFalse();
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_has_not_left_is_stopped()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await SendAsync(ledger);
        await PageAsync(ledger, [Done("b")]);
        (await PersonAsync(ledger, "a")).Unsent.ShouldBe([]);
        (await PersonAsync(ledger, "b")).Unsent.ShouldBe([Planned("b").Key]);
        await using IActTransaction act = await ledger.BeginActAsync(Ct);
        (await act.StopAsync([Planned("a").Key.Id, Planned("b").Key.Id], "The rule has changed.", "r2", Ct)).ShouldBe(1);
        await act.CommitAsync(Ct);
        IssuanceLine line = (await ledger.IssuanceAsync(Planned("b").Key.Id, Ct))!;
        (line.State, line.Cause, line.RuleBookRevision).ShouldBe((IssuanceState.Held, HoldCauses.NoLongerEarned, "r2"));
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_completion_that_was_matched_by_hand_stays_with_its_person()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], plan: false);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct))
        {
            await page.StoreCompletionsAsync([new CompletionRow(Done("x"), null, CompletionHash.Of(Done("x")), "c", 1, "person-unknown", "Who?")], Ct);
            await page.CommitAsync(new Cursor("x"), new PageCounts(), Ct);
        }

        (await ledger.HeldCompletionsAsync("person-unknown", 10, Ct)).Single().Completion.Key.NaturalKey.ShouldBe("x");
        (await ledger.HeldCompletionsAsync("other", 10, Ct)).ShouldBeEmpty();
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            (await act.MatchAsync(Done("x").Key, SubjectOf("a"), [new IdentifierKey("username", "s", "x"), new IdentifierKey("email", "", "a@example.com")], Ct)).ShouldBeTrue();
            (await act.MatchAsync(Done("x").Key, SubjectOf("a"), [], Ct)).ShouldBeFalse();
            await act.CommitAsync(Ct);
        }

        (await ledger.CompletionsOfAsync(SubjectOf("a"), Ct)).Count.ShouldBe(2);
        await using IIntakeTransaction next = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        (await next.CompletionsAsync(["x", "a"], Ct)).Select(c => (c.Key, c.Value.MatchedByHand)).ShouldBe([("x", SubjectOf("a")), ("a", (Guid?)null)], ignoreOrder: true);
        (await ledger.FindPeopleAsync("X", Ct)).Single().ShouldSatisfyAllConditions(p => p.Subject.ShouldBe(SubjectOf("a")), p => p.Kinds.ShouldBe(["username"]));
        (await ledger.IdentifiersOfAsync(SubjectOf("a"), Ct)).Select(i => i.Kind).ShouldBe(["email", "external_id", "username"], ignoreOrder: true);
    }

    [Fact]
    public async Task Acts_that_were_not_committed_leave_nothing()
    {
        ILedger ledger = await HeldAsync("approval-wanted", new AwardFacts { EarnedAt = Start });
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            await act.SettleAsync(Settle(Planned("a").Key.Id, "approval-wanted", true), Ct);
            await act.RecordAsync(new Act("me", "approve", "t", "because", "held, now planned"), Ct);
        }

        (await ledger.ActsAsync(null, 10, Ct)).ShouldBeEmpty();
        (await ledger.IssuanceAsync(Planned("a").Key.Id, Ct))!.State.ShouldBe(IssuanceState.Held);
    }

    [Fact]
    public async Task Acts_are_listed_newest_first_and_by_target()
    {
        ILedger ledger = await OpenAsync();
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            await act.RecordAsync(new Act("me", "approve", "one", "because", "d"), Ct);
            await act.RecordAsync(new Act("you", "reject", "two", "why not", "d"), Ct);
            await act.CommitAsync(Ct);
        }

        (await ledger.ActsAsync(null, 10, Ct)).Select(a => a.Target).ShouldBe(["two", "one"]);
        ActLine line = (await ledger.ActsAsync("one", 10, Ct)).Single();
        (line.At, line.Who, line.Verb, line.Why).ShouldBe((Start, "me", "approve", "because"));
    }

    [Fact]
    public async Task A_plan_moves_on_only_from_where_it_is()
    {
        ILedger ledger = await OpenAsync();
        (await ledger.PlanProgressAsync("p", Ct)).ShouldBeNull();
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            (await act.BeginPlanAsync("p", "r1", 3, Ct)).ShouldBe(new PlanProgress("p", Start, 3, 0, null));
            (await act.MovePlanAsync("p", 0, 2, Ct)).ShouldBeTrue();
            (await act.MovePlanAsync("p", 0, 2, Ct)).ShouldBeFalse();
            (await act.BeginPlanAsync("p", "r1", 3, Ct)).Applied.ShouldBe(2);
            (await act.MovePlanAsync("p", 2, 3, Ct)).ShouldBeTrue();
            await act.CommitAsync(Ct);
        }

        (await ledger.PlanProgressAsync("p", Ct)).ShouldBe(new PlanProgress("p", Start, 3, 3, Start));
    }

    [Fact]
    public async Task A_reading_sees_the_ledger_as_it_was_when_it_was_opened()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        await using IHistoryReading before = await ledger.OpenReadingAsync(Ct);
        string mark = await before.WatermarkAsync(Ct);
        await PageAsync(ledger, [Done("c")], counts: new PageCounts { Read = 1, New = 1 });
        (await before.WatermarkAsync(Ct)).ShouldBe(mark);
        (await before.PersonAsync(SubjectOf("c"), Ct)).ShouldBeNull();
        Guid last = (await before.LastOfPageAsync(null, 10, Ct))!.Value;
        (await before.PeopleAsync(null, last, Ct)).Select(p => p.History.Subject).ShouldBe(new[] { SubjectOf("a"), SubjectOf("b") }.Order());
        (await before.LastOfPageAsync(last, 10, Ct)).ShouldBeNull();

        await using IHistoryReading after = await ledger.OpenReadingAsync(Ct);
        (await after.WatermarkAsync(Ct)).ShouldNotBe(mark);
        Guid first = (await after.LastOfPageAsync(null, 1, Ct))!.Value;
        (await after.PeopleAsync(first, (await after.LastOfPageAsync(first, 10, Ct))!.Value, Ct)).Count.ShouldBe(2);
        PlanPerson person = (await after.PersonAsync(SubjectOf("c"), Ct))!;
        person.History.Completions.Single().Key.NaturalKey.ShouldBe("c");
        person.History.Issuances.Single().Key.ShouldBe(Planned("c").Key);
        (await after.WithoutPersonAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_books_keep_the_moment_of_their_first_use()
    {
        ILedger ledger = await OpenAsync();
        await ledger.UseRuleBookAsync("r1", 4, Ct);
        Time.Advance(TimeSpan.FromHours(1));
        await ledger.UseRuleBookAsync("r2", 5, Ct);
        await ledger.UseRuleBookAsync("r1", 4, Ct);
        (await ledger.RuleBooksAsync(Ct)).ShouldBe([new RuleBookLine("r2", Start.AddHours(1), 5), new RuleBookLine("r1", Start, 4)]);
    }

    private async Task<ILedger> HeldAsync(string cause, AwardFacts? award)
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], plan: false);
        await PlanAsync(ledger, Planned("a") with { State = IssuanceState.Held, Cause = cause, Remedy = "ask", Award = award });
        return ledger;
    }

    private static Settlement Settle(Guid id, string cause, bool approved) => new() { Issuance = id, Approved = approved, IsReview = false, Cause = cause, Why = "because" };

    private async Task<bool> SettleAsync(ILedger ledger, Settlement settlement)
    {
        await using IActTransaction act = await ledger.BeginActAsync(Ct);
        bool settled = await act.SettleAsync(settlement, Ct);
        await act.CommitAsync(Ct);
        return settled;
    }

    private async Task<PlanPerson> PersonAsync(ILedger ledger, string key)
    {
        await using IActTransaction act = await ledger.BeginActAsync(Ct);
        return (await act.PeopleAsync([SubjectOf(key)], Ct)).Single();
    }
}
