using CredSync.Completions;
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
    public async Task A_reading_sees_the_ledger_as_it_was_when_it_was_opened()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        string mark = await reading.WatermarkAsync(Ct);
        await CommitAsync(ledger, new PageCounts { New = 1 }, Done("b"));
        (await reading.WatermarkAsync(Ct)).ShouldBe(mark);
        Guid last = (await reading.LastOfPageAsync(null, 10, Ct))!.Value;
        PlanPerson person = (await reading.PeopleAsync(null, last, Ct)).Single();
        (person.History.Subject, person.History.Completions.Single().Key, person.Unsent.Single()).ShouldBe((SubjectOf("a"), Done("a").Key, Planned("a").Key));
        (await reading.LastOfPageAsync(last, 10, Ct)).ShouldBeNull();
        (await reading.PersonAsync(SubjectOf("b"), Ct)).ShouldBeNull();
        await using IHistoryReading later = await ledger.OpenReadingAsync(Ct);
        (await later.WatermarkAsync(Ct)).ShouldNotBe(mark);
        (await later.PersonAsync(SubjectOf("b"), Ct))!.History.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_reading_gives_decides_as_the_whole_completion_does()
    {
        ILedger ledger = await OpenAsync();
        Completion rich = Done("a") with
        {
            Course = new Course { Key = "C-1", Run = "2025", ContentType = ContentType.Program, Title = "T", Attributes = new Dictionary<string, string> { ["level"] = "2" } },
            Passed = false, ConsentGiven = true, Status = CompletionStatus.Withdrawn, CompletedAtPrecision = TimePrecision.Date,
            Evidence = [new Evidence("x")],
        };
        await PageAsync(ledger, [rich], plan: false);
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        Completion read = (await reading.PersonAsync(SubjectOf("a"), Ct))!.History.Completions.Single();
        read.Course.Attributes["level"].ShouldBe("2");
        CompletionHash.Of(FactsOf(read)).ShouldBe(CompletionHash.Of(FactsOf(rich)));
    }

    [Fact]
    public async Task An_act_that_was_not_committed_leaves_nothing()
    {
        ILedger ledger = await OpenAsync();
        await using (IActTransaction acts = await ledger.BeginActAsync(Ct))
        {
            await acts.RecordAsync(new Act("ada", "approve", "x", "why", "how"), Ct);
        }

        (await ledger.ActsAsync(null, 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Acts_are_told_newest_first_and_by_target_and_move_the_mark_unless_they_apply_a_plan()
    {
        ILedger ledger = await OpenAsync();
        string before = await MarkAsync(ledger);
        await ActAsync(ledger, a => a.RecordAsync(new Act("ada", "apply", "plan", "why", "how"), Ct));
        (await MarkAsync(ledger)).ShouldBe(before);
        await ActAsync(ledger, a => a.RecordAsync(new Act("ben", "approve", "x", "because", "held, now planned"), Ct));
        (await MarkAsync(ledger)).ShouldNotBe(before);
        (await ledger.ActsAsync(null, 10, Ct)).Select(a => a.Who).ShouldBe(["ben", "ada"]);
        (await ledger.ActsAsync("x", 10, Ct)).Single().ShouldBe(new ActLine(2, Start, "ben", "approve", "x", "because", "held, now planned"));
    }

    [Fact]
    public async Task A_held_issuance_is_approved_once_and_only_for_the_cause_that_was_seen()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await HoldAsync(ledger, "approval");
        (await ledger.CountHeldAsync(new HeldFilter(Cause: "approval"), Ct)).Single().ShouldBe(new HeldCount("approval", "badge", false, 1, Start));
        (await ledger.HeldAsync(new HeldFilter(id), 10, Ct)).Single().ShouldSatisfyAllConditions(h => h.Cause.ShouldBe("approval"), h => h.IsReview.ShouldBeFalse());
        (await SettleAsync(ledger, id, approved: true, "another")).ShouldBeFalse();
        (await SettleAsync(ledger, id, approved: true, "approval")).ShouldBeTrue();
        (await SettleAsync(ledger, id, approved: false, "approval")).ShouldBeFalse();
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Id.ShouldBe(id);
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_issuance_is_refused_with_the_reason_and_not_planned_again()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await HoldAsync(ledger, "approval");
        (await SettleAsync(ledger, id, approved: false, "approval")).ShouldBeTrue();
        (await ledger.IssuanceAsync(id, Ct))!.ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Refused), i => i.Cause.ShouldBe("rejected"), i => i.Sentence.ShouldBe("because"));
        (await PlanAsync(ledger, Planned("a"))).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_date_that_was_entered_becomes_the_earned_date()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await HoldAsync(ledger, "earned-date-unknown", award: null);
        (await SettleAsync(ledger, id, approved: true, "earned-date-unknown")).ShouldBeFalse();
        (await SettleAsync(ledger, id, approved: true, "earned-date-unknown", new AwardFacts { EarnedAt = Start.AddDays(-3) })).ShouldBeTrue();
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Award.EarnedAt.ShouldBe(Start.AddDays(-3));
        (await ledger.IssuanceAsync(id, Ct))!.EarnedAt.ShouldBe(Start.AddDays(-3));
    }

    [Fact]
    public async Task A_question_about_an_issued_credential_is_asked_once_and_leaves_it_issued()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([Issued(id)], Ct);
        IssuanceRow question = Planned("a") with { State = IssuanceState.Held, Cause = HoldCauses.RevocationReview, Remedy = "Somebody says.", Award = null };
        (await PlanAsync(ledger, question)).ShouldBe((0, 1));
        (await PlanAsync(ledger, question)).ShouldBe((0, 0));
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Issued);
        HeldLine open = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (open.IsReview, open.Cause, open.Sentence, open.Issuance.Id).ShouldBe((true, HoldCauses.RevocationReview, "Somebody says.", id));
        (await SettleAsync(ledger, id, approved: true, HoldCauses.RevocationReview, review: true)).ShouldBeTrue();
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
        (await PlanAsync(ledger, question)).ShouldBe((0, 0));
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        (await reading.PersonAsync(SubjectOf("a"), Ct))!.Reviewed.ShouldBe([Planned("a").Key]);
    }

    [Fact]
    public async Task Only_what_has_not_left_is_stopped()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        Guid left = await SendAsync(ledger);
        int stopped = 0;
        await ActAsync(ledger, async a => stopped = await a.StopAsync([Planned("a").Key.Id, Planned("b").Key.Id], "Not any more.", "r2", Ct));
        stopped.ShouldBe(1);
        (await ledger.IssuanceAsync(left, Ct))!.State.ShouldBe(IssuanceState.Sent);
        HeldLine line = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (line.Cause, line.Sentence, line.Issuance.RuleBookRevision).ShouldBe((HoldCauses.NoLongerEarned, "Not any more.", "r2"));
    }

    [Fact]
    public async Task A_completion_matched_by_hand_has_its_person_and_is_remembered_so()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct))
        {
            await page.StoreCompletionsAsync([new CompletionRow(Done("x"), null, "h", "h", 1, "person-unknown", "Nobody.")], Ct);
            await page.CommitAsync(new Cursor("x"), new PageCounts { New = 1 }, Ct);
        }

        (await ledger.HeldCompletionsAsync("person-unknown", 10, Ct)).Single().Completion.Key.ShouldBe(Done("x").Key);
        await using (IHistoryReading reading = await ledger.OpenReadingAsync(Ct))
        {
            (await reading.WithoutPersonAsync(Ct)).ShouldBe([new UnmatchedCourse("s", "C-1", 1)]);
        }

        bool first = false, again = true;
        await ActAsync(ledger, async a => first = await a.MatchAsync(Done("x").Key, SubjectOf("a"), [new IdentifierKey("external_id", "", "x"), new IdentifierKey("email", "", "a@example.com")], Ct));
        await ActAsync(ledger, async a => again = await a.MatchAsync(Done("x").Key, SubjectOf("a"), [], Ct));
        (first, again).ShouldBe((true, false));
        (await ledger.CompletionAsync(Done("x").Key, Ct))!.ShouldSatisfyAllConditions(c => c.Subject.ShouldBe(SubjectOf("a")), c => c.HoldCause.ShouldBeNull());
        (await ledger.FindPeopleAsync("x", Ct)).Single().ShouldSatisfyAllConditions(p => p.Subject.ShouldBe(SubjectOf("a")), p => p.Kinds.ShouldBe(["external_id"]));
        (await ledger.IdentifiersOfAsync(SubjectOf("a"), Ct)).Count.ShouldBe(3);
        await using IIntakeTransaction next = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        (await next.CompletionsAsync(["x", "a"], Ct)).Values.Select(c => (c.Completion.Key.NaturalKey, c.MatchedByHand)).ShouldBe([("x", SubjectOf("a")), ("a", null)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_plan_moves_only_from_where_it_is()
    {
        ILedger ledger = await OpenAsync();
        (await ledger.PlanProgressAsync("p", Ct)).ShouldBeNull();
        await ActAsync(ledger, a => a.BeginPlanAsync("p", "r1", 3, Ct));
        bool moved = false, twice = true;
        await ActAsync(ledger, async a => moved = await a.MovePlanAsync("p", 0, 2, Ct));
        await ActAsync(ledger, async a => twice = await a.MovePlanAsync("p", 0, 2, Ct));
        (moved, twice).ShouldBe((true, false));
        (await ledger.PlanProgressAsync("p", Ct)).ShouldBe(new PlanProgress("p", Start, 3, 2, null));
        await ActAsync(ledger, a => a.MovePlanAsync("p", 2, 3, Ct));
        (await ledger.PlanProgressAsync("p", Ct))!.FinishedAt.ShouldBe(Start);
    }

    [Fact]
    public async Task A_rule_book_keeps_the_time_of_its_first_use()
    {
        ILedger ledger = await OpenAsync();
        await ledger.UseRuleBookAsync("r1", 2, Ct);
        Time.Advance(TimeSpan.FromHours(1));
        await ledger.UseRuleBookAsync("r2", 3, Ct);
        await ledger.UseRuleBookAsync("r1", 2, Ct);
        (await ledger.RuleBooksAsync(Ct)).ShouldBe([new RuleBookLine("r2", Start.AddHours(1), 3), new RuleBookLine("r1", Start, 2)]);
    }

    // A reading may leave out what no rule looks at.
    private static Completion FactsOf(Completion c) => c with { Identifiers = [], PersonName = null, Evidence = [], Course = c.Course with { Title = null } };

    private async Task CommitAsync(ILedger ledger, PageCounts counts, params Completion[] completions)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        await FillAsync(page, completions);
        await page.CommitAsync(new Cursor("later"), counts, Ct);
    }

    private async Task<string> MarkAsync(ILedger ledger)
    {
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        return await reading.WatermarkAsync(Ct);
    }

    private async Task ActAsync(ILedger ledger, Func<IActTransaction, Task> act)
    {
        await using IActTransaction transaction = await ledger.BeginActAsync(Ct);
        await act(transaction);
        await transaction.CommitAsync(Ct);
    }

    private async Task<Guid> HoldAsync(ILedger ledger, string cause) => await HoldAsync(ledger, cause, Planned("a").Award);

    private async Task<Guid> HoldAsync(ILedger ledger, string cause, AwardFacts? award)
    {
        await PageAsync(ledger, [Done("a")], plan: false);
        await PlanAsync(ledger, Planned("a") with { State = IssuanceState.Held, Cause = cause, Remedy = "Somebody says.", Award = award });
        return Planned("a").Key.Id;
    }

    private async Task<bool> SettleAsync(ILedger ledger, Guid id, bool approved, string cause, AwardFacts? award = null, bool review = false)
    {
        bool settled = false;
        await ActAsync(ledger, async a => settled = await a.SettleAsync(new Settlement { Issuance = id, Approved = approved, IsReview = review, Cause = cause, Why = "because", Award = award }, Ct));
        return settled;
    }
}
