using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Plans;
using CsCheck;

namespace CredSync.Host.Tests.Plans;

/// <summary>What holds for every plan, whatever the rules and the history.</summary>
public sealed class PlanLawsTests
{
    private static readonly string[] Courses = ["A", "B", "C"];

    private static readonly Gen<(int Person, Completion Completion)> SomeCompletion =
        from person in Gen.Int[0, 7]
        from course in Gen.Int[0, 2].Select(i => Courses[i])
        from percent in Gen.Int[40, 100]
        from day in Gen.Int[0, 900]
        from dated in Gen.Int[0, 9]
        from lapsed in Gen.Int[0, 9]
        select (person, PlanWorld.Completed(
            person, course, percent, dated == 0 ? null : PlanWorld.Now.AddDays(-day), lapsed == 0 ? CompletionStatus.Withdrawn : CompletionStatus.Completed));

    private static readonly Gen<RuleBook> SomeBook =
        from a in Gen.Int[40, 100]
        from b in Gen.Int[40, 100]
        from approval in Gen.Bool
        from both in Gen.Bool
        from withStack in Gen.Bool
        from expires in Gen.Bool
        select PlanWorld.Book(
        [
            PlanWorld.Definition("first", PlanWorld.CourseNamed("A", a)) with { Approval = approval ? new Approval("head") : null },
            PlanWorld.Definition("second", both ? new AllRule([PlanWorld.CourseNamed("B", b), PlanWorld.CourseNamed("C")]) : new AnyRule([PlanWorld.CourseNamed("B", b), PlanWorld.CourseNamed("C", a)]))
                with { Validity = expires ? new Validity(new Period(12, 0), null) : null },
            .. withStack ? new[] { PlanWorld.Definition("stack", new AllRule([new CredentialRule("first"), new CredentialRule("second")])) } : [],
        ]);

    private static readonly Gen<(List<(int, Completion)> Facts, RuleBook Before, RuleBook After, int Sent, int Canary)> SomeWorld =
        from facts in SomeCompletion.List[0, 20]
        from before in SomeBook
        from after in SomeBook
        from sent in Gen.Int[0, 6]
        from canary in Gen.Int[1, 5]
        select (facts.DistinctBy(f => f.Item2.Key).ToList(), before, after, sent, canary);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_apply_does_is_what_the_plan_says_and_then_nothing_is_left_to_plan() =>
        await SomeWorld.SampleAsync(
            async world =>
            {
                using var ledger = new PlanWorld();
                await ledger.TakeAsync(world.Facts, world.Before);
                await SendAsync(ledger.Ledger, world.Sent);
                Dictionary<IssuanceKey, Standing> expected = await ledger.IssuancesAsync();
                PlanHeader plan = await ledger.PlanAsync(world.After);
                List<PlanEffect> changes = await ledger.ChangesAsync();
                changes.Count.ShouldBe((int)plan.Changes);
                foreach (PlanEffect change in changes.Where(c => !HoldCauses.IsReview(c.Cause)))
                {
                    expected[change.Key] = new Standing(change.Cause is null ? IssuanceState.Planned : IssuanceState.Held, change.Cause, change.EarnedAt);
                }

                ApplyResult result;
                do
                {
                    result = await ledger.ApplyAsync(world.After, world.Canary);
                    result.LeftOut.ShouldBe(0);
                }
                while (result.Applied < result.Changes);

                (await ledger.IssuancesAsync()).ShouldBe(expected, ignoreOrder: true);
                (await ledger.Ledger.CountHeldAsync(new HeldFilter(), Ct)).Where(c => c.IsReview).Sum(c => c.Count).ShouldBe(changes.Count(c => HoldCauses.IsReview(c.Cause)));
                (await ledger.PlanAsync(world.After)).Changes.ShouldBe(0);
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task A_plan_of_parts_makes_the_same_changes_as_one_of_the_whole() =>
        await SomeWorld.SampleAsync(
            async world =>
            {
                using var whole = new PlanWorld();
                using var parts = new PlanWorld();
                await whole.TakeAsync(world.Facts, world.Before);
                await parts.TakeAsync(world.Facts, world.Before);
                await whole.PlanAsync(world.After);
                await whole.ApplyAsync(world.After);
                foreach (CredentialDefinition definition in world.After.Definitions.Concat(world.Before.Definitions).DistinctBy(d => d.Id))
                {
                    await parts.PlanAsync(world.After, new PlanScope { Credential = definition.Id });
                    (await parts.ApplyAsync(world.After)).LeftOut.ShouldBe(0);
                }

                (await parts.IssuancesAsync()).ShouldBe(await whole.IssuancesAsync(), ignoreOrder: true);
            },
            iter: 30,
            threads: 1);

    private static async Task SendAsync(ILedger ledger, int count)
    {
        IReadOnlyList<ClaimedIssuance> claimed = count == 0 ? [] : await ledger.ClaimAsync(count, TimeSpan.FromMinutes(5), Ct);
        await ledger.MarkSentAsync(claimed, Ct);
        await ledger.CloseAsync([.. claimed.Take(count / 2).Select(c => new IssuanceOutcome { Id = c.Id, State = IssuanceState.Issued, At = PlanWorld.Now, CredentialId = "urn:x" })], Ct);
    }
}
