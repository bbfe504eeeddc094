using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>What people do by hand, on PostgreSQL.</summary>
public sealed class PostgresActsTests(PostgresFixture postgres) : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Start);
    private PostgresDatabase? database;
    private RunLease? run;
    private int cursor;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_reading_sees_one_moment_whatever_is_written_later()
    {
        PostgresLedger ledger = await OpenAsync();
        await TakeAsync(ledger, 1, [Row(1, IssuanceState.Planned)]);
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        string before = await reading.WatermarkAsync(Ct);
        await TakeAsync(ledger, 2, [Row(2, IssuanceState.Planned)]);

        (await reading.WatermarkAsync(Ct)).ShouldBe(before);
        (await reading.LastOfPageAsync(null, 10, Ct)).ShouldBe(SubjectOf(1));
        (await reading.PeopleAsync(null, SubjectOf(1), Ct)).Single().Unsent.ShouldBe([Row(1, IssuanceState.Planned).Key]);
        (await reading.PersonAsync(SubjectOf(2), Ct)).ShouldBeNull();
        await using IHistoryReading later = await ledger.OpenReadingAsync(Ct);
        (await later.WatermarkAsync(Ct)).ShouldNotBe(before);
        (await later.PersonAsync(SubjectOf(2), Ct)).ShouldNotBeNull().History.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_of_a_reading_go_over_everybody_once()
    {
        PostgresLedger ledger = await OpenAsync();
        for (int person = 1; person <= 5; person++)
        {
            await TakeAsync(ledger, person, []);
        }

        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        var seen = new List<Guid>();
        Guid? after = null;
        while (await reading.LastOfPageAsync(after, 2, Ct) is { } last)
        {
            seen.AddRange((await reading.PeopleAsync(after, last, Ct)).Select(p => p.History.Subject));
            after = last;
        }

        seen.ShouldBe(Enumerable.Range(1, 5).Select(SubjectOf).Order());
    }

    [Fact]
    public async Task A_hold_that_is_approved_is_planned_and_claimed_with_the_facts_that_were_entered()
    {
        PostgresLedger ledger = await OpenAsync();
        IssuanceRow held = Row(1, IssuanceState.Held, HoldCauses.EarnedDateUnknown) with { Award = null };
        await TakeAsync(ledger, 1, [held]);
        (await ledger.HeldAsync(new HeldFilter(held.Key.Id), 10, Ct)).Single().Cause.ShouldBe(HoldCauses.EarnedDateUnknown);
        (await ledger.CountHeldAsync(new HeldFilter(Definition: "badge"), Ct)).Single().ShouldBe(new HeldCount(HoldCauses.EarnedDateUnknown, "badge", false, 1, Start));

        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            Settlement settlement = Settle(held, HoldCauses.EarnedDateUnknown);
            (await act.SettleAsync(settlement, Ct)).ShouldBeFalse("without an award there is nothing to issue");
            (await act.SettleAsync(settlement with { Cause = HoldCauses.Approval, Award = Row(1, IssuanceState.Planned).Award }, Ct)).ShouldBeFalse("it waits for another cause");
            (await act.SettleAsync(settlement with { Award = Row(1, IssuanceState.Planned).Award }, Ct)).ShouldBeTrue();
            await act.RecordAsync(new Act("anna", "approve", held.Key.Id.ToString(), "seen", "held, now planned"), Ct);
            await act.CommitAsync(Ct);
        }

        (await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).Single().Id.ShouldBe(held.Key.Id);
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
        (await ledger.ActsAsync(held.Key.Id.ToString(), 10, Ct)).Single().ShouldBe(new ActLine(1, Start, "anna", "approve", held.Key.Id.ToString(), "seen", "held, now planned"));
    }

    [Fact]
    public async Task Acts_that_are_not_committed_leave_nothing()
    {
        PostgresLedger ledger = await OpenAsync();
        IssuanceRow held = Row(1, IssuanceState.Held, HoldCauses.Approval);
        await TakeAsync(ledger, 1, [held]);
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            (await act.SettleAsync(Settle(held, HoldCauses.Approval) with { Approved = false }, Ct)).ShouldBeTrue();
            await act.RecordAsync(new Act("anna", "reject", "x", "no", ""), Ct);
        }

        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Count.ShouldBe(1);
        (await ledger.ActsAsync(null, 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_review_is_opened_once_leaves_the_issuance_alone_and_is_settled_once()
    {
        PostgresLedger ledger = await OpenAsync();
        IssuanceRow planned = Row(1, IssuanceState.Planned), review = Row(1, IssuanceState.Held, HoldCauses.RevocationReview);
        await TakeAsync(ledger, 1, [planned]);
        await ledger.MarkSentAsync(await ledger.ClaimAsync(1, TimeSpan.FromMinutes(1), Ct), Ct);
        await using IActTransaction act = await ledger.BeginActAsync(Ct);
        (await act.PlanAsync([review], Ct)).ShouldBe((0, 1));
        (await act.PlanAsync([review], Ct)).ShouldBe((0, 0));
        PlanPerson person = (await act.PeopleAsync([SubjectOf(1)], Ct)).Single();
        person.Reviewed.ShouldBe([planned.Key]);
        person.History.Issuances.Single().State.ShouldBe(IssuanceState.Sent);
        Settlement settlement = Settle(planned, HoldCauses.RevocationReview) with { IsReview = true };
        (await act.SettleAsync(settlement, Ct)).ShouldBeTrue();
        (await act.SettleAsync(settlement, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_what_never_left_is_stopped()
    {
        PostgresLedger ledger = await OpenAsync();
        IssuanceRow left = Row(1, IssuanceState.Planned), waits = Row(2, IssuanceState.Planned);
        await TakeAsync(ledger, 1, [left]);
        await ledger.ClaimAsync(1, TimeSpan.FromMinutes(1), Ct);
        await TakeAsync(ledger, 2, [waits]);
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            (await act.StopAsync([left.Key.Id, waits.Key.Id], "not awarded", "r2", Ct)).ShouldBe(1);
            await act.CommitAsync(Ct);
        }

        HeldLine line = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (line.Issuance.Id, line.Cause, line.Issuance.RuleBookRevision).ShouldBe((waits.Key.Id, HoldCauses.NoLongerEarned, "r2"));
    }

    [Fact]
    public async Task A_match_by_hand_stays_and_a_page_that_did_not_see_it_is_taken_in_again()
    {
        PostgresLedger ledger = await OpenAsync();
        await TakeAsync(ledger, 1, []);
        Completion lost = Completed(9);
        await StoreAsync(ledger, new CompletionRow(lost, null, "h", "h", 1, "nobody", "Say who."));
        (await ledger.HeldCompletionsAsync("nobody", 10, Ct)).Single().Completion.Key.ShouldBe(lost.Key);

        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run!, Ct))
        {
            (await page.CompletionsAsync([lost.Key.NaturalKey], Ct)).Single().Value.MatchedByHand.ShouldBeNull();
            await using (IActTransaction act = await ledger.BeginActAsync(Ct))
            {
                (await act.MatchAsync(lost.Key, SubjectOf(1), [new IdentifierKey("external_id", "", "P9")], Ct)).ShouldBeTrue();
                (await act.MatchAsync(lost.Key, SubjectOf(1), [new IdentifierKey("external_id", "", "late")], Ct)).ShouldBeFalse();
                await act.CommitAsync(Ct);
            }

            await Should.ThrowAsync<CollisionException>(() => page.StoreCompletionsAsync([new CompletionRow(lost, null, "h2", "h2", 2, "nobody", "Say who.")], Ct));
        }

        await using IIntakeTransaction again = await ledger.BeginPageAsync(run!, Ct);
        (await again.CompletionsAsync([lost.Key.NaturalKey], Ct)).Single().Value.MatchedByHand.ShouldBe(SubjectOf(1));
        await again.StoreCompletionsAsync([new CompletionRow(lost, SubjectOf(1), "h2", "h2", 2, null, null)], Ct);
        (await ledger.FindPeopleAsync(" P9 ", Ct)).Single().Kinds.ShouldBe(["external_id"]);
        (await ledger.FindPeopleAsync("late", Ct)).ShouldBeEmpty();
        (await ledger.FindPeopleAsync(SubjectOf(1).ToString(), Ct)).Single().Kinds.ShouldBe(["subject id"]);
        (await ledger.IdentifiersOfAsync(SubjectOf(1), Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_moves_on_only_from_where_it_is()
    {
        PostgresLedger ledger = await OpenAsync();
        (await ledger.PlanProgressAsync("p", Ct)).ShouldBeNull();
        await ledger.UseRuleBookAsync("r1", 3, Ct);
        await ledger.UseRuleBookAsync("r1", 4, Ct);
        (await ledger.RuleBooksAsync(Ct)).ShouldBe([new RuleBookLine("r1", Start, 3)]);
        await using IActTransaction act = await ledger.BeginActAsync(Ct);
        (await act.BeginPlanAsync("p", "r1", 10, Ct)).ShouldBe(new PlanProgress("p", Start, 10, 0, null));
        (await act.MovePlanAsync("p", 0, 4, Ct)).ShouldBeTrue();
        (await act.MovePlanAsync("p", 0, 4, Ct)).ShouldBeFalse();
        (await act.MovePlanAsync("p", 4, 10, Ct)).ShouldBeTrue();
        (await act.BeginPlanAsync("p", "r1", 10, Ct)).ShouldBe(new PlanProgress("p", Start, 10, 10, Start));
    }

    private static Guid SubjectOf(int person) => NameBasedUuid.Create(Guid.Empty, $"person {person}");

    private static Settlement Settle(IssuanceRow row, string cause) => new() { Issuance = row.Key.Id, Approved = true, IsReview = false, Cause = cause, Why = "seen" };

    private static Completion Completed(int person) => new()
    {
        Key = new CompletionKey("s", $"k{person}"),
        Identifiers = [new PersonIdentifier("external_id", $"P{person}")],
        Course = new Course { Key = "C-1" },
        Status = CompletionStatus.Completed,
        CompletedAt = Start,
    };

    private static IssuanceRow Row(int person, IssuanceState state, string? cause = null) => new()
    {
        Key = new IssuanceKey("badge", SubjectOf(person), "once"),
        State = state,
        Issuer = "issuer",
        Credential = new CredentialFacts { Id = "badge", Name = "Badge", Description = "A badge.", Criteria = "Finish it." },
        Award = new AwardFacts { EarnedAt = Start },
        RuleBookRevision = "r1",
        Reason = "earned",
        Trace = new RuleTrace { Node = "course C-1", Met = true, Facts = [$"s/k{person}"] },
        Cause = cause,
        Remedy = cause is null ? null : "Somebody settles it.",
    };

    private async Task<PostgresLedger> OpenAsync()
    {
        database = new PostgresDatabase(await postgres.NewDatabaseAsync(Ct), PostgresLedger.Schema, "Ledger:ConnectionString");
        var ledger = new PostgresLedger(database, time);
        await ledger.MigrateAsync(Ct);
        await ledger.EnsureSourcesAsync(["s"], Ct);
        run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        return ledger;
    }

    private async Task TakeAsync(PostgresLedger ledger, int person, IReadOnlyList<IssuanceRow> issuances)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(run!, Ct);
        await page.StorePeopleAsync([new PersonRow(SubjectOf(person), null, null, [new IdentifierKey("external_id", "", $"P{person}")])], Ct);
        await page.StoreCompletionsAsync([new CompletionRow(Completed(person), SubjectOf(person), "h", "h", 1, null, null)], Ct);
        await page.PlanAsync(issuances, Ct);
        await page.CommitAsync(new Cursor($"{cursor++}"), new PageCounts { New = 1 }, Ct);
    }

    private async Task StoreAsync(PostgresLedger ledger, CompletionRow row)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(run!, Ct);
        await page.StoreCompletionsAsync([row], Ct);
        await page.CommitAsync(new Cursor($"{cursor++}"), new PageCounts { New = 1 }, Ct);
    }
}
