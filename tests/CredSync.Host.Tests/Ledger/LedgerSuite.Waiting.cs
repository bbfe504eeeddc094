using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;

namespace CredSync.Host.Tests.Ledger;

// Lines that have not left follow the facts.
public abstract partial class LedgerSuite
{
    [Fact]
    public async Task A_line_that_waits_is_replaced_whole_and_leaves_as_it_is_then()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        IssuanceRow corrected = Planned("a") with
        {
            Award = Planned("a").Award! with { EarnedAt = Start.AddDays(-3), ExpiresAt = Start.AddDays(300), ScoreScaled = 0.9m }, Reason = "earned earlier", RuleBookRevision = "book-2", Revises = true,
        };
        (await PlanAsync(ledger, corrected)).ShouldBe((0, 0));
        IssuanceLine line = (await ledger.IssuancesOfAsync(SubjectOf("a"), Ct)).Single();
        (line.State, line.EarnedAt, line.ExpiresAt, line.Reason, line.RuleBookRevision, line.PlannedAt).ShouldBe((IssuanceState.Planned, Start.AddDays(-3), Start.AddDays(300), "earned earlier", "book-2", Start));
        ClaimedIssuance claimed = (await ledger.ClaimAsync(10, Lease, Ct)).ShouldHaveSingleItem();
        (claimed.Award.EarnedAt, claimed.Award.ScoreScaled).ShouldBe((Start.AddDays(-3), 0.9m));
    }

    [Fact]
    public async Task A_line_that_waits_is_set_aside_and_is_planned_again_when_it_is_earned_again()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        IssuanceRow stop = Planned("a") with { State = IssuanceState.Held, Cause = HoldCauses.NoLongerEarned, Remedy = "wait", Revises = true };
        (await PlanAsync(ledger, stop)).ShouldBe((0, 1));
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await PlanAsync(ledger, Planned("a"))).ShouldBe((1, 0));
        (await ledger.ClaimAsync(10, Lease, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_question_that_stays_the_same_keeps_the_day_on_which_it_settles_itself()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], plan: false);
        IssuanceRow asked = Planned("a") with { State = IssuanceState.Held, Cause = HoldCauses.Approval, Remedy = "ask", SettleWithin = TimeSpan.FromDays(14) };
        await PlanAsync(ledger, asked);
        Time.Advance(TimeSpan.FromDays(3));
        await PlanAsync(ledger, asked with { Award = asked.Award! with { EarnedAt = Start.AddDays(-9) }, Revises = true });
        IssuanceLine line = (await ledger.IssuancesOfAsync(SubjectOf("a"), Ct)).Single();
        (line.Cause, line.EarnedAt, line.SettleBy).ShouldBe((HoldCauses.Approval, Start.AddDays(-9), Start.AddDays(14)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_that_left_meanwhile_is_not_changed_and_what_else_was_decided_is_undone(bool answered)
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        if (answered)
        {
            await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Planned, At = Start, NotBefore = Start.AddMinutes(5) }], Ct);
        }

        IssuanceRow corrected = Planned("a") with { Award = Planned("a").Award! with { EarnedAt = Start.AddDays(-3) }, Revises = true };
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct))
        {
            (await page.HistoriesAsync([SubjectOf("a")], Ct)).Single().Issuances.Single().Waits.ShouldBeFalse();
            await Should.ThrowAsync<CollisionException>(() => page.PlanAsync([corrected], Ct));
        }

        (await ledger.IssuancesOfAsync(SubjectOf("a"), Ct)).Single().EarnedAt.ShouldBe(Start);
    }
}
