using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using CredSync.Host.Plans;

namespace CredSync.Host.Tests.Plans;

/// <summary>Plans that are out of date, tampered with, or applied in pieces.</summary>
public sealed class PlanApplierTests : IDisposable
{
    private static readonly RuleBook Strict = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("A", 80)));
    private static readonly RuleBook Mild = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("A", 60)));

    private readonly PlanWorld world = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_milder_rule_awards_history_only_through_the_plan()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 90)], Strict);
        PlanHeader plan = await world.PlanAsync(Mild);
        plan.Totals.Award.Single().ShouldSatisfyAllConditions(s => s.Count.ShouldBe(1), s => s.Samples.ShouldBe([PlanWorld.SubjectOf(1)]), s => s.FirstEarned.ShouldBe(PlanWorld.Now.AddDays(-9)));
        (await world.IssuancesAsync()).Count.ShouldBe(1);
        (await world.ApplyAsync(Mild)).Awarded.ShouldBe(1);
        (await world.IssuancesAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stricter_rule_stops_what_has_not_left_and_leaves_what_was_issued()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 65), Done(3, 90)], Mild);
        ClaimedIssuance left = (await world.Ledger.ClaimAsync(1, TimeSpan.FromMinutes(5), Ct)).Single();
        await world.Ledger.MarkSentAsync([left], Ct);
        await world.Ledger.CloseAsync([new IssuanceOutcome { Id = left.Id, State = IssuanceState.Issued, At = PlanWorld.Now }], Ct);
        PlanHeader plan = await world.PlanAsync(Strict);
        await world.ApplyAsync(Strict);
        Dictionary<IssuanceKey, Standing> after = await world.IssuancesAsync();
        after.Values.Count(s => s.Cause == HoldCauses.NoLongerEarned).ShouldBe((int)plan.Totals.Stop.Sum(s => s.Count));
        after.Values.Count(s => s.State == IssuanceState.Issued).ShouldBe(1);
        (plan.Totals.Stop.Sum(s => s.Count) + plan.Totals.Stays.Sum(s => s.Count)).ShouldBe(2);

        // And back again: what was stopped is awarded.
        await world.PlanAsync(Mild);
        (await world.ApplyAsync(Mild)).Awarded.ShouldBe(plan.Totals.Stop.Sum(s => s.Count));
    }

    [Fact]
    public async Task A_plan_of_another_rule_book_is_refused()
    {
        await world.TakeAsync([Done(1, 70)], Strict);
        await world.PlanAsync(Mild);
        (await Should.ThrowAsync<PlanException>(() => world.ApplyAsync(Strict))).Message.ShouldContain("the configuration changed since");
        (await world.IssuancesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_of_a_ledger_that_moved_is_refused()
    {
        await world.TakeAsync([Done(1, 70)], Strict);
        await world.PlanAsync(Mild);
        await world.TakeAsync([Done(2, 50)], Strict);
        (await Should.ThrowAsync<PlanException>(() => world.ApplyAsync(Mild))).Message.ShouldContain("The ledger moved since the plan was made");
        (await world.IssuancesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_was_changed_by_hand_is_refused()
    {
        await world.TakeAsync([Done(1, 70)], Strict);
        await world.PlanAsync(Mild);
        string text = await File.ReadAllTextAsync(world.PlanPath, Ct);
        foreach (string changed in new[] { text.Replace(PlanWorld.SubjectOf(1).ToString(), PlanWorld.SubjectOf(2).ToString(), StringComparison.Ordinal), text.Replace("\"people\":1", "\"people\":2", StringComparison.Ordinal), text[..^4], "{}", "" })
        {
            changed.ShouldNotBe(text);
            await File.WriteAllTextAsync(world.PlanPath, changed, Ct);
            await Should.ThrowAsync<PlanException>(() => world.ApplyAsync(Mild));
        }
    }

    [Fact]
    public async Task A_canary_goes_first_and_the_rest_goes_on_from_there_also_when_the_ledger_moved_in_between()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 75), Done(3, 65)], Strict);
        await world.PlanAsync(Mild);
        ApplyResult canary = await world.ApplyAsync(Mild, 1);
        (canary.Applied, canary.Awarded, canary.Changes).ShouldBe((1, 1, 3));
        PlanEffect last = (await world.ChangesAsync())[^1];
        int changed = Enumerable.Range(1, 3).Single(p => PlanWorld.SubjectOf(p) == last.Key.Subject);

        // A worker with the new rule book takes a better result of that very person in.
        await world.TakeAsync([(changed, PlanWorld.Completed(changed, "A", 99, PlanWorld.Now.AddDays(-9)))], Mild);
        ApplyResult rest = await world.ApplyAsync(Mild);
        (rest.Before, rest.Applied, rest.Awarded, rest.AlreadyDone, rest.LeftOut).ShouldBe((1, 3, 1, 1, 0));
        (await world.ApplyAsync(Mild)).ShouldSatisfyAllConditions(r => r.Before.ShouldBe(3), r => r.Awarded.ShouldBe(0));
        (await world.Ledger.ActsAsync(null, 10, Ct)).Select(a => (a.Verb, a.Who)).ShouldBe([("apply", "tester"), ("apply", "tester")]);
    }

    [Fact]
    public async Task What_would_come_out_otherwise_now_is_left_out_and_told()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 75)], Strict);
        await world.PlanAsync(Mild);
        await world.ApplyAsync(Mild, 1);
        PlanEffect last = (await world.ChangesAsync())[^1];
        int changed = Enumerable.Range(1, 2).Single(p => PlanWorld.SubjectOf(p) == last.Key.Subject);
        await world.TakeAsync([(changed, PlanWorld.Completed(changed, "A", 10, PlanWorld.Now.AddDays(-9)))], null);
        (await world.ApplyAsync(Mild)).ShouldSatisfyAllConditions(r => r.LeftOut.ShouldBe(1), r => r.Awarded.ShouldBe(0));
        (await world.IssuancesAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_range_of_days_takes_in_what_its_awards_rest_on()
    {
        RuleBook book = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("A")), PlanWorld.Definition("stack", new AllRule([new CredentialRule("badge"), PlanWorld.CourseNamed("B")])), PlanWorld.Definition("other", PlanWorld.CourseNamed("A")));
        await world.TakeAsync([Done(1, 90), (1, PlanWorld.Completed(1, "B", 90, PlanWorld.Now.AddDays(-1)))], null);
        await world.PlanAsync(book, new PlanScope { Since = DateOnly.FromDateTime(PlanWorld.Now.AddDays(-2).UtcDateTime) });
        (await world.ChangesAsync()).Select(c => c.Key.Definition).ShouldBe(["badge", "stack"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_new_validity_dates_what_has_not_left_and_what_was_awarded_stays_as_it_was_given()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 90)], Valid(24));
        ClaimedIssuance left = (await world.Ledger.ClaimAsync(1, TimeSpan.FromMinutes(5), Ct)).Single();
        await world.Ledger.MarkSentAsync([left], Ct);
        await world.Ledger.CloseAsync([new IssuanceOutcome { Id = left.Id, State = IssuanceState.Issued, At = PlanWorld.Now }], Ct);

        PlanHeader plan = await world.PlanAsync(Valid(12));
        (plan.Changes, plan.Totals.Revise.Single().Count, plan.Totals.StaysDated.Single().Count, plan.Totals.Stays.Count).ShouldBe((1, 1, 1, 0));
        ApplyResult applied = await world.ApplyAsync(Valid(12));
        (applied.Revised, applied.Awarded, applied.LeftOut).ShouldBe((1, 0, 0));
        (await ExpiriesAsync()).ShouldBe([$"Issued {Earned.AddMonths(24):O}", $"Planned {Earned.AddMonths(12):O}"]);
        (await world.ApplyAsync(Valid(12))).Revised.ShouldBe(0);

        // Nothing is left to do, and what stays is still told; the same holds for a validity that is taken away.
        PlanHeader after = await world.PlanAsync(Valid(12));
        (after.Changes, after.Totals.StaysDated.Single().Count).ShouldBe((0, 1));
        await world.PlanAsync(Valid(null));
        (await world.ApplyAsync(Valid(null))).ShouldSatisfyAllConditions(r => r.Revised.ShouldBe(1), r => r.Awarded.ShouldBe(0));
        (await ExpiriesAsync()).ShouldBe([$"Issued {Earned.AddMonths(24):O}", "Planned "]);
    }

    [Fact]
    public async Task A_validity_that_comes_or_goes_awards_nothing_a_second_time()
    {
        foreach ((RuleBook before, RuleBook after) in new[] { (Valid(24), Valid(null)), (Valid(null), Valid(24)) })
        {
            using var own = new PlanWorld();
            await own.TakeAsync([Done(1, 70), Done(2, 90)], before);
            IReadOnlyList<ClaimedIssuance> left = await own.Ledger.ClaimAsync(1, TimeSpan.FromMinutes(5), Ct);
            await own.Ledger.MarkSentAsync(left, Ct);
            await own.Ledger.CloseAsync([new IssuanceOutcome { Id = left[0].Id, State = IssuanceState.Issued, At = PlanWorld.Now }], Ct);
            PlanHeader plan = await own.PlanAsync(after);
            (plan.Changes, plan.Totals.Revise.Count, plan.Totals.StaysDated.Count, plan.Totals.Stays.Count).ShouldBe((1, 1, 1, 0));
            await own.ApplyAsync(after);

            // Nor does a new fact of the same people.
            await own.TakeAsync([.. new[] { 1, 2 }.Select(p => (p, PlanWorld.Completed(p, "B", 50, PlanWorld.Now.AddDays(-1))))], after);
            (await own.IssuancesAsync()).Values.Select(s => s.State).ShouldBe([IssuanceState.Issued, IssuanceState.Planned], ignoreOrder: true);
            (await own.PlanAsync(after)).Changes.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_new_validity_dates_what_waits_for_approval_and_it_goes_on_waiting()
    {
        await world.TakeAsync([Done(1, 70)], Valid(24, approval: true));
        await world.PlanAsync(Valid(12, approval: true));
        (await world.ApplyAsync(Valid(12, approval: true))).Revised.ShouldBe(1);
        (await ExpiriesAsync()).ShouldBe([$"Held {Earned.AddMonths(12):O}"]);
        (await world.Ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single().Cause.ShouldBe(HoldCauses.Approval);
        await ApproveAsync(Valid(12, approval: true), null);

        // Approved, it stays so, and is dated by the next edit while it waits.
        await world.PlanAsync(Valid(6, approval: true));
        (await world.ApplyAsync(Valid(6, approval: true))).Revised.ShouldBe(1);
        (await ExpiriesAsync()).ShouldBe([$"Planned {Earned.AddMonths(6):O}"]);
    }

    [Fact]
    public async Task A_date_that_somebody_entered_is_not_changed_by_a_new_validity()
    {
        await world.TakeAsync([(1, PlanWorld.Completed(1, "A", 70, null))], Valid(24));
        DateOnly day = DateOnly.FromDateTime(PlanWorld.Now.AddDays(-30).UtcDateTime);
        await ApproveAsync(Valid(24), day);
        string[] before = await ExpiriesAsync();
        before.ShouldBe([$"Planned {new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMonths(24):O}"]);
        (await world.PlanAsync(Valid(12))).Changes.ShouldBe(0);
        (await ExpiriesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_revision_of_what_left_meanwhile_is_left_out_and_told()
    {
        await world.TakeAsync([Done(1, 70), Done(2, 90)], Valid(24));
        await world.PlanAsync(Valid(12));
        await world.ApplyAsync(Valid(12), 1);
        await world.Ledger.MarkSentAsync(await world.Ledger.ClaimAsync(2, TimeSpan.FromMinutes(5), Ct), Ct);
        (await world.ApplyAsync(Valid(12))).ShouldSatisfyAllConditions(r => r.LeftOut.ShouldBe(1), r => r.Revised.ShouldBe(0));
        (await ExpiriesAsync()).ShouldBe([$"Sent {Earned.AddMonths(12):O}", $"Sent {Earned.AddMonths(24):O}"], ignoreOrder: true);
    }

    private static DateTimeOffset Earned => PlanWorld.Now.AddDays(-9);

    private static RuleBook Valid(int? months, bool approval = false) => PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("A")) with
    {
        Validity = months is { } some ? new Validity(new Period(some, 0), null) : null,
        Approval = approval ? new Approval("head") : null,
    });

    private async Task ApproveAsync(RuleBook ruleBook, DateOnly? earned) => (await HoldDesk.SettleAsync(
        world.Ledger, ruleBook, await world.Ledger.HeldAsync(new HeldFilter(), 10, Ct), new HoldWish(true, earned, "tester", "test"), Ct)).ShouldBe(1);

    private async Task<string[]> ExpiriesAsync()
    {
        var lines = new List<IssuanceLine>();
        foreach (int person in new[] { 1, 2 })
        {
            lines.AddRange(await world.Ledger.IssuancesOfAsync(PlanWorld.SubjectOf(person), Ct));
        }

        return [.. lines.Select(l => $"{l.State} {l.ExpiresAt:O}").Order(StringComparer.Ordinal)];
    }

    private static (int Person, Completion Completion) Done(int person, int percent) => (person, PlanWorld.Completed(person, "A", percent, PlanWorld.Now.AddDays(-9)));
}
