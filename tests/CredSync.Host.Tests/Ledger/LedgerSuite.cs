using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Ledger;

/// <summary>What every ledger holds to, whatever database is under it. A ledger's own test class only says how to open one.</summary>
public abstract partial class LedgerSuite
{
    private protected static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly LeaseOwner Here = LocalProcess.Self;
    private static readonly LeaseOwner Elsewhere = new("another-machine", 7, 42);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An empty ledger, migrated.</summary>
    private protected abstract Task<ILedger> OpenAsync();

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await ledger.MigrateAsync(Ct);
        (await ledger.TotalsAsync(Ct)).Completions.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_was_not_committed_leaves_nothing_and_does_not_move_the_cursor()
    {
        ILedger ledger = await OpenAsync();
        RunLease run = await BeginAsync(ledger);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await FillAsync(page, [Done("a")]);
        }

        LedgerTotals totals = await ledger.TotalsAsync(Ct);
        (totals.Completions, totals.People, totals.Issuances).ShouldBe((0, 0, 0));
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_committed_page_is_there_whole_with_its_cursor()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")], cursor: "after-b");
        LedgerTotals totals = await ledger.TotalsAsync(Ct);
        (totals.Completions, totals.People, totals.Issuances).ShouldBe((2, 2, 2));
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("after-b"));
        CompletionHash.Of((await ledger.CompletionAsync(Done("a").Key, Ct))!.Completion).ShouldBe(CompletionHash.Of(Done("a")));
    }

    [Fact]
    public async Task The_next_run_begins_at_the_cursor_of_the_last_committed_page()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], cursor: "one");
        (await BeginAsync(ledger)).Since.ShouldBe(new Cursor("one"));
    }

    [Fact]
    public async Task What_was_received_is_compared_and_completions_are_found_by_natural_key()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        string hash = CompletionHash.Of(Done("a"));
        (await page.DifferencesAsync([new ReceivedHash("a", hash)], Ct)).ShouldBeEmpty();
        (await page.DifferencesAsync([], Ct)).ShouldBeEmpty();
        (await page.DifferencesAsync([new ReceivedHash("a", hash), new ReceivedHash("x", hash), new ReceivedHash("a", "another"), new ReceivedHash("a", hash), new ReceivedHash(new string('k', 700), hash)], Ct))
            .ShouldBe([new Difference(1, IsKnown: false), new Difference(2, IsKnown: true), new Difference(4, IsKnown: false)]);
        IReadOnlyDictionary<string, StoredCompletion> stored = await page.CompletionsAsync(["a", "x"], Ct);
        stored.Keys.ShouldBe(["a"]);
        stored["a"].Revision.ShouldBe(1);
        stored["a"].Subject.ShouldBe(SubjectOf("a"));
    }

    [Fact]
    public async Task A_page_that_brings_nothing_moves_the_cursor_and_is_counted_and_one_without_its_lease_is_not()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        RunLease run = await BeginAsync(ledger);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            (await page.DifferencesAsync([new ReceivedHash("a", CompletionHash.Of(Done("a")))], Ct)).ShouldBeEmpty();
            await page.CommitAsync(new Cursor("behind-a"), new PageCounts { Read = 1, Unchanged = 1 }, Ct);
        }

        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("behind-a"));
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.TryBeginRunAsync("s", Elsewhere, Lease, Ct)).ShouldNotBeNull();
        await using (IIntakeTransaction late = await ledger.BeginPageAsync(run, Ct))
        {
            (await late.DifferencesAsync([new ReceivedHash("a", CompletionHash.Of(Done("a")))], Ct)).ShouldBeEmpty();
            await Should.ThrowAsync<LeaseLostException>(() => late.CommitAsync(new Cursor("too-far"), new PageCounts(), Ct));
        }

        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("behind-a"));
    }

    [Fact]
    public async Task Keys_are_listed_in_pages_and_what_is_complete_is_told_from_what_is_new_or_not_complete()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c"), Done("d") with { Status = CompletionStatus.Revoked }]);
        Time.Advance(TimeSpan.FromHours(1));
        await PageAsync(ledger, [Done("e")]);
        DateTimeOffset before = Time.GetUtcNow();
        (await ledger.KeysAsync("s", null, 2, Ct)).ShouldBe(["a", "b"]);
        (await ledger.KeysAsync("s", "b", 2, Ct)).ShouldBe(["c", "d"]);
        (await ledger.KeysAsync("s", "d", 2, Ct)).ShouldBe(["e"]);
        (await ledger.KeysAsync("another", null, 2, Ct)).ShouldBeEmpty();
        (await ledger.CompleteKeysAsync("s", ["e", "d", "c", "a", "x"], before, Ct)).ShouldBe(["a", "c"]);
        (await ledger.CompleteKeysAsync("s", ["e", "d"], before.AddSeconds(1), Ct)).ShouldBe(["e"]);
        (await ledger.CompleteKeysAsync("another", ["a"], before, Ct)).ShouldBeEmpty();
        (await ledger.CountCompleteAsync("s", before, Ct), await ledger.CountCompleteAsync("s", before.AddSeconds(1), Ct), await ledger.CountCompleteAsync("another", before, Ct)).ShouldBe((3, 4, 0));
        (await ledger.StoredAsync("s", ["a", "x"], Ct)).ShouldHaveSingleItem().Key.NaturalKey.ShouldBe("a");
    }

    [Fact]
    public async Task Since_when_a_completion_is_missing_is_remembered_until_it_is_there_again()
    {
        ILedger ledger = await OpenAsync();
        RunLease run = await BeginAsync(ledger);
        for (int reading = 0; reading < 2; reading++)
        {
            await using IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct);
            await page.SetAsideAsync([new UnreadableRecord("a", SetAsideCauses.Missing, "It is missing."), new UnreadableRecord("b", SetAsideCauses.Missing, "It is missing."), new UnreadableRecord("c", "row-malformed", "It is odd.")], Ct);
            await page.CommitAsync(new Cursor($"{reading}"), new PageCounts(), Ct);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await ledger.HasMissingAsync("s", Ct), await ledger.HasMissingAsync("other", Ct)).ShouldBe((true, false));
        (await ledger.MissingAsync("s", ["a", "b", "x"], Ct)).ShouldBe(new Dictionary<string, DateTimeOffset> { ["a"] = Start, ["b"] = Start }, ignoreOrder: true);
        await ledger.ForgetMissingAsync("s", ["a", "c", "x"], Ct);
        (await ledger.MissingAsync("s", ["a", "b", "c"], Ct)).Keys.ShouldBe(["b"]);
        (await ledger.SetAsideAsync(9, Ct)).Select(l => l.Reference).Order(StringComparer.Ordinal).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_person_is_found_with_all_their_identifiers_by_any_one_of_them()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        IReadOnlyDictionary<IdentifierKey, Guid> found = (await page.SubjectsAsync([new IdentifierKey("email", "", "a@example.com"), new IdentifierKey("email", "", "nobody@example.com")], Ct)).Owners;
        found.ShouldBe(new Dictionary<IdentifierKey, Guid>
        {
            [new IdentifierKey("external_id", "", "a")] = SubjectOf("a"),
            [new IdentifierKey("email", "", "a@example.com")] = SubjectOf("a"),
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_identifier_stays_with_the_person_who_had_it_first()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        RunLease run = await BeginAsync(ledger);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await page.StorePeopleAsync([new PersonRow(SubjectOf("b"), null, null, [new IdentifierKey("email", "", "a@example.com")])], Ct);
            await page.CommitAsync(new Cursor("two"), new PageCounts(), Ct);
        }

        (await ledger.FindSubjectAsync("a@example.com", Ct)).ShouldBe(SubjectOf("a"));
    }

    [Fact]
    public async Task The_same_right_planned_twice_is_one_line()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        (int planned, int held) = await PlanAsync(ledger, Planned("a"));
        (planned, held).ShouldBe((0, 0));
        (await ledger.TotalsAsync(Ct)).Issuances.ShouldBe(1);
    }

    [Fact]
    public async Task A_held_line_becomes_planned_when_the_rule_book_can_issue_it()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], plan: false);
        (await PlanAsync(ledger, Planned("a") with { State = IssuanceState.Held, Cause = "consent-missing", Remedy = "ask", Award = null })).ShouldBe((0, 1));
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await PlanAsync(ledger, Planned("a"))).ShouldBe((1, 0));
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Award.EarnedAt.ShouldBe(Start);
    }

    [Fact]
    public async Task Histories_hold_everything_that_a_decision_rests_on()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        PersonHistory history = (await page.HistoriesAsync([SubjectOf("a")], Ct)).Single();
        history.Completions.Single().Key.NaturalKey.ShouldBe("a");
        history.Issuances.Single().ShouldBe(new HeldIssuance(Planned("a").Key, IssuanceState.Planned, Start, null) { Waits = true });
    }

    [Fact]
    public async Task Records_set_aside_are_counted_not_repeated()
    {
        ILedger ledger = await OpenAsync();
        for (int i = 0; i < 2; i++)
        {
            await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
            await page.SetAsideAsync([new UnreadableRecord("course 7, user 9", "completion-without-date", "It has no date.")], Ct);
            await page.CommitAsync(new Cursor($"{i}"), new PageCounts { Unreadable = 1 }, Ct);
        }

        SetAsideLine line = (await ledger.SetAsideAsync(10, Ct)).Single();
        (line.Times, line.Reference, line.Cause).ShouldBe((2, "course 7, user 9", "completion-without-date"));
    }

    [Fact]
    public async Task A_source_is_read_by_one_worker_at_a_time()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EnsureSourcesAsync(["s"], Ct);
        (await ledger.TryBeginRunAsync("s", Elsewhere, Lease, Ct)).ShouldNotBeNull();
        (await ledger.TryBeginRunAsync("s", Here, Lease, Ct)).ShouldBeNull();
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.TryBeginRunAsync("s", Here, Lease, Ct)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_lease_of_a_process_that_died_on_this_machine_is_taken_over_at_once()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EnsureSourcesAsync(["s"], Ct);
        await ledger.TryBeginRunAsync("s", Here with { ProcessStart = Here.ProcessStart - TimeSpan.TicksPerDay }, Lease, Ct);
        (await ledger.TryBeginRunAsync("s", Here with { Process = -1 }, Lease, Ct)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_stores_nothing()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease slow = (await ledger.TryBeginRunAsync("s", Elsewhere, Lease, Ct))!;
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        await ledger.TryBeginRunAsync("s", Here, Lease, Ct);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(slow, Ct))
        {
            await FillAsync(page, [Done("a")]);
            await Should.ThrowAsync<LeaseLostException>(() => page.CommitAsync(new Cursor("late"), new PageCounts(), Ct));
        }

        (await ledger.TotalsAsync(Ct)).Completions.ShouldBe(0);
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_renewed_lease_lasts_on_and_a_lost_one_is_not_renewed()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await ledger.TryBeginRunAsync("s", Elsewhere, Lease, Ct))!;
        Time.Advance(Lease / 2);
        (await ledger.RenewAsync(run, Ct)).ShouldBeTrue();
        Time.Advance(Lease - TimeSpan.FromSeconds(1));
        (await ledger.TryBeginRunAsync("s", Here, Lease, Ct)).ShouldBeNull();
        Time.Advance(TimeSpan.FromSeconds(2));
        (await ledger.TryBeginRunAsync("s", Here, Lease, Ct)).ShouldNotBeNull();
        (await ledger.RenewAsync(run, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_of_a_run_that_this_very_worker_began_anew_is_not_stored()
    {
        ILedger ledger = await OpenAsync();
        RunLease first = await BeginAsync(ledger);
        await BeginAsync(ledger);
        await using IIntakeTransaction page = await ledger.BeginPageAsync(first, Ct);
        await FillAsync(page, [Done("a")]);
        await Should.ThrowAsync<LeaseLostException>(() => page.CommitAsync(new Cursor("stale"), new PageCounts(), Ct));
    }

    [Fact]
    public async Task A_fault_is_remembered_until_a_run_ends_well()
    {
        ILedger ledger = await OpenAsync();
        RunLease run = await BeginAsync(ledger);
        await ledger.EndRunAsync(run, new RunEnd { Fault = FaultKind.Outage, Sentence = "It is away.", NotBefore = Start.AddMinutes(1) }, Ct);
        SourceState state = (await ledger.SourcesAsync(Ct)).Single();
        (state.Failures, state.LastFault, state.LastFaultSentence, state.NotBefore, state.LastSuccess).ShouldBe((1, FaultKind.Outage, "It is away.", Start.AddMinutes(1), null));
        await ledger.EndRunAsync(await BeginAsync(ledger), new RunEnd(), Ct);
        state = (await ledger.SourcesAsync(Ct)).Single();
        (state.Failures, state.LastFault, state.LastSuccess).ShouldBe((0, null, Start));
    }

    [Fact]
    public async Task A_pause_lasts_until_somebody_resumes()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EndRunAsync(await BeginAsync(ledger), new RunEnd { Fault = FaultKind.Unauthorized, Sentence = "The token is refused.", Pause = true }, Ct);
        (await ledger.SourcesAsync(Ct)).Single().PausedBecause.ShouldBe("The token is refused.");
        await ledger.SetPausedAsync("s", null, Ct);
        (await ledger.SourcesAsync(Ct)).Single().PausedBecause.ShouldBeNull();
    }

    [Fact]
    public async Task A_source_that_is_rewound_is_read_from_its_beginning_and_what_is_known_stays()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], cursor: "one");
        await ledger.RewindAsync("s", Ct);
        (await BeginAsync(ledger)).Since.ShouldBeNull();
        (await ledger.TotalsAsync(Ct)).Completions.ShouldBe(1);
    }

    [Fact]
    public async Task A_claim_is_given_once_until_it_lapses()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c")]);
        (await ledger.ClaimAsync(2, Lease, Ct)).Count.ShouldBe(2);
        (await ledger.ClaimAsync(10, Lease, Ct)).Count.ShouldBe(1);
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        IReadOnlyList<ClaimedIssuance> again = await ledger.ClaimAsync(10, Lease, Ct);
        again.Count.ShouldBe(3);
        again.ShouldAllBe(c => c.Attempt == 2);
    }

    [Fact]
    public async Task A_claim_carries_the_recipient_as_known_at_that_moment()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        ClaimedIssuance claim = (await ledger.ClaimAsync(1, Lease, Ct)).Single();
        claim.Recipient.ShouldBe(new Recipient { SubjectId = SubjectOf("a"), Name = "Person a", Email = "a@example.com" });
        claim.Credential.Id.ShouldBe("badge");
    }

    [Fact]
    public async Task What_was_sent_and_not_answered_is_planned_again()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        (await ledger.CountSentAsync(10, Ct)).ShouldBe(1);
        (await ledger.PlanUnansweredAgainAsync(Start.AddMinutes(-1), Ct)).ShouldBe(0);
        (await ledger.PlanUnansweredAgainAsync(Start, Ct)).ShouldBe(1);
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Id.ShouldBe(id);
    }

    [Fact]
    public async Task An_outcome_closes_the_line_and_nothing_opens_it_again()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([Issued(id)], Ct);
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Refused, At = Start, Cause = "late" }], Ct);
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Planned, At = Start }], Ct);
        await ledger.PlanUnansweredAgainAsync(Start.AddDays(1), Ct);
        (await PlanAsync(ledger, Planned("a"))).ShouldBe((0, 0));
        IssuanceLine line = (await ledger.IssuanceAsync(id, Ct))!;
        (line.State, line.CredentialId, line.Cause).ShouldBe((IssuanceState.Issued, "urn:credential", null));
        (await ledger.IsUnderWayAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_outcome_that_comes_before_the_mark_of_sending_stays()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        ClaimedIssuance claim = (await ledger.ClaimAsync(1, Lease, Ct)).Single();
        Guid id = claim.Id;
        await ledger.CloseAsync([Issued(id)], Ct);
        await ledger.MarkSentAsync([claim], Ct);
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Issued);
    }

    [Fact]
    public async Task A_refusal_for_now_that_comes_before_the_mark_of_sending_keeps_its_time()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        ClaimedIssuance claim = (await ledger.ClaimAsync(1, Lease, Ct)).Single();
        Guid id = claim.Id;
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Planned, At = Start, NotBefore = Start.AddMinutes(5), Cause = "issuer-away", Sentence = "It is away." }], Ct);
        await ledger.MarkSentAsync([claim], Ct);
        IssuanceLine line = (await ledger.IssuanceAsync(id, Ct))!;
        (line.State, line.NotBefore).ShouldBe((IssuanceState.Planned, Start.AddMinutes(5)));
    }

    [Fact]
    public async Task A_claim_that_is_given_back_is_due_at_once()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        ClaimedIssuance claim = (await ledger.ClaimAsync(1, Lease, Ct)).Single();
        await ledger.ReleaseAsync([claim], Ct);
        (await ledger.ClaimAsync(1, Lease, Ct)).Single().Id.ShouldBe(claim.Id);
    }

    [Fact]
    public async Task What_was_marked_sent_does_not_lapse_and_the_rest_of_its_batch_does()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c")]);
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(10, Lease, Ct);
        await ledger.MarkSentAsync([claims[0]], Ct);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.ClaimAsync(10, Lease, Ct)).Select(c => c.Id).ShouldBe([claims[1].Id, claims[2].Id], ignoreOrder: true);
    }

    [Fact]
    public async Task A_batch_of_which_some_was_given_back_is_marked_whole_by_the_rest()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c")]);
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(10, Lease, Ct);
        await ledger.ReleaseAsync([claims[1]], Ct);
        await ledger.MarkSentAsync([claims[0], claims[2]], Ct);
        (await ledger.ClaimAsync(10, Lease, Ct)).Select(c => c.Id).ShouldBe([claims[1].Id]);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.ClaimAsync(10, Lease, Ct)).Select(c => c.Id).ShouldBe([claims[1].Id]);
    }

    [Fact]
    public async Task A_batch_that_lapses_leaves_alone_what_was_answered_or_claimed_anew_since()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(10, Lease, Ct);
        await ledger.CloseAsync([Issued(claims[0].Id), new IssuanceOutcome { Id = claims[1].Id, State = IssuanceState.Planned, At = Start, NotBefore = Start, Cause = "issuer-away", Sentence = "It is away." }], Ct);
        await ledger.MarkSentAsync(await ledger.ClaimAsync(10, Lease, Ct), Ct);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.IssuanceAsync(claims[0].Id, Ct))!.State.ShouldBe(IssuanceState.Issued);
    }

    [Fact]
    public async Task Several_outcomes_of_one_line_in_one_batch_end_as_if_they_had_come_one_after_the_other()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        Guid[] ids = [await SendAsync(ledger), await SendAsync(ledger)];
        await ledger.CloseAsync(
        [
            new IssuanceOutcome { Id = ids[0], State = IssuanceState.Planned, At = Start, NotBefore = Start.AddMinutes(5), Cause = "issuer-away" },
            Issued(ids[0]),
            new IssuanceOutcome { Id = ids[0], State = IssuanceState.Refused, At = Start, Cause = "late" },
            new IssuanceOutcome { Id = ids[1], State = IssuanceState.Refused, At = Start, Cause = "no" },
            new IssuanceOutcome { Id = ids[1], State = IssuanceState.Held, At = Start, Cause = "doubt" },
        ], Ct);
        (await ledger.IssuanceAsync(ids[0], Ct))!.State.ShouldBe(IssuanceState.Issued);
        IssuanceLine second = (await ledger.IssuanceAsync(ids[1], Ct))!;
        (second.State, second.Cause).ShouldBe((IssuanceState.Refused, "no"));
    }

    [Fact]
    public async Task A_refusal_for_now_waits_for_its_time()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Planned, At = Start, NotBefore = Start.AddMinutes(5), Cause = "issuer-away", Sentence = "It is away." }], Ct);
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.IsUnderWayAsync(Ct)).ShouldBeFalse();
        (await ledger.OpenIssuancesAsync(10, Ct)).Single().Cause.ShouldBe("issuer-away");
        Time.Advance(TimeSpan.FromMinutes(5));
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Id.ShouldBe(id);
    }

    [Fact]
    public async Task A_late_credential_for_a_refused_line_is_believed()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Refused, At = Start, Cause = "no", Sentence = "No." }], Ct);
        await ledger.CloseAsync([Issued(id)], Ct);
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Issued);
    }

    [Fact]
    public async Task Counts_and_lists_agree()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([Issued(id)], Ct);
        IReadOnlyList<IssuanceCount> counts = await ledger.CountIssuancesAsync(Ct);
        counts.ShouldBe([new IssuanceCount("badge", "issuer", IssuanceState.Issued, 1, Start), new IssuanceCount("badge", "issuer", IssuanceState.Planned, 1, Start)]);
        (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 10, Ct)).Single().Id.ShouldBe(id);
        (await ledger.HistoriesAfterAsync(null, 10, Ct)).Count.ShouldBe(2);
        IReadOnlyList<PersonHistory> first = await ledger.HistoriesAfterAsync(null, 1, Ct);
        (await ledger.HistoriesAfterAsync(first[0].Subject, 10, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Known_completions_of_a_course_are_given_to_the_adapter()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        (await ledger.KnownOfCourseAsync("s", "C-1", Ct)).ShouldBe([new KnownCompletion("a", CompletionStatus.Completed, Start)]);
        (await ledger.KnownOfCourseAsync("s", "C-2", Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_the_rows_of_a_page_those_that_are_known_are_given_to_the_adapter()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")]);
        (await ledger.KnownOfKeysAsync("s", ["a", "c"], Ct)).ShouldBe([new KnownCompletion("a", CompletionStatus.Completed, Start)]);
        (await ledger.KnownOfKeysAsync("other", ["a"], Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_page_claims_is_sent_once_and_nobody_else_claims_it()
    {
        ILedger ledger = await OpenAsync();
        IReadOnlyList<ClaimedIssuance> own = await ClaimingPageAsync(ledger);
        IReadOnlyList<ClaimedIssuance> others = await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct);
        ClaimedIssuance[] all = [.. own, .. others];
        all.Select(c => c.Id).ShouldBe([Planned("a").Key.Id, Planned("b").Key.Id], ignoreOrder: true);
        all.ShouldAllBe(c => c.Attempt == 1 && c.Recipient.Email!.EndsWith("@example.com", StringComparison.Ordinal) && c.Award.EarnedBy.Count == Planned("a").Award!.EarnedBy.Count);
        await ledger.MarkSentAsync(all, Ct);
        Time.Advance(TimeSpan.FromMinutes(5));
        (await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).ShouldBeEmpty();
        await ledger.CloseAsync([.. all.Select(c => Issued(c.Id))], Ct);
        (await ledger.IsUnderWayAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_page_claimed_and_never_sent_lapses_and_is_claimed_anew()
    {
        ILedger ledger = await OpenAsync();
        IReadOnlyList<ClaimedIssuance> own = await ClaimingPageAsync(ledger);
        Time.Advance(TimeSpan.FromSeconds(61));
        IReadOnlyList<ClaimedIssuance> again = await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct);
        again.Select(c => c.Attempt).ShouldBe([own.Count == 0 ? 1 : 2, own.Count == 0 ? 1 : 2]);

        // The first, should it come late, changes nothing.
        await ledger.MarkSentAsync(own, Ct);
        await ledger.ReleaseAsync(own, Ct);
        (await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_page_claimed_and_gave_back_is_due_at_once()
    {
        ILedger ledger = await OpenAsync();
        IReadOnlyList<ClaimedIssuance> own = await ClaimingPageAsync(ledger);
        await ledger.ReleaseAsync(own, Ct);
        (await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_claims_claims_nothing_of_what_is_held_or_there_already()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger) with { ClaimFor = TimeSpan.FromMinutes(1) }, Ct))
        {
            await FillAsync(page, [Done("b")], plan: false);
            (await page.PlanAsync([Planned("a"), Planned("b") with { State = IssuanceState.Held, Cause = "consent-missing", Remedy = "ask" }], Ct)).ShouldBe((0, 1));
            await page.CommitAsync(new Cursor("b"), new PageCounts(), Ct);
            page.Claimed.ShouldBeEmpty();
        }

        // A page holds SQLite's one writer until it is disposed of.
        (await ledger.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).Single().Id.ShouldBe(Planned("a").Key.Id);
    }

    private async Task<IReadOnlyList<ClaimedIssuance>> ClaimingPageAsync(ILedger ledger)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger) with { ClaimFor = TimeSpan.FromMinutes(1) }, Ct);
        await FillAsync(page, [Done("a"), Done("b")], plan: false);
        (await page.PlanAsync([Planned("a"), Planned("b")], Ct)).ShouldBe((2, 0));
        await page.CommitAsync(new Cursor("b"), new PageCounts(), Ct);
        return page.Claimed;
    }

    private protected async Task PageAsync(ILedger ledger, Completion[] completions, string cursor = "cursor", bool plan = true)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        await FillAsync(page, completions, plan);
        await page.CommitAsync(new Cursor(cursor), new PageCounts { Read = completions.Length }, Ct);
    }

    private async Task FillAsync(IIntakeTransaction page, Completion[] completions, bool plan = true)
    {
        await page.StorePeopleAsync([.. completions.Select(c => c.Key.NaturalKey).Select(k => new PersonRow(SubjectOf(k), $"Person {k}", $"{k}@example.com",
            [new IdentifierKey("external_id", "", k), new IdentifierKey("email", "", $"{k}@example.com")]))], Ct);
        await page.StoreCompletionsAsync([.. completions.Select(c => new CompletionRow(c, SubjectOf(c.Key.NaturalKey), CompletionHash.Of(c), CompletionHash.Of(c), 1, null, null))], Ct);
        if (plan)
        {
            await page.PlanAsync([.. completions.Select(c => Planned(c.Key.NaturalKey))], Ct);
        }
    }

    private async Task<(int Planned, int Held)> PlanAsync(ILedger ledger, IssuanceRow row)
    {
        await using IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct);
        (int, int) result = await page.PlanAsync([row], Ct);
        await page.CommitAsync(new Cursor("planned"), new PageCounts(), Ct);
        return result;
    }

    private async Task<RunLease> BeginAsync(ILedger ledger)
    {
        await ledger.EnsureSourcesAsync(["s"], Ct);
        return (await ledger.TryBeginRunAsync("s", Here, Lease, Ct))!;
    }

    private async Task<Guid> SendAsync(ILedger ledger)
    {
        ClaimedIssuance claim = (await ledger.ClaimAsync(1, Lease, Ct)).Single();
        Guid id = claim.Id;
        await ledger.MarkSentAsync([claim], Ct);
        return id;
    }

    private static IssuanceOutcome Issued(Guid id) => new() { Id = id, State = IssuanceState.Issued, At = Start, CredentialId = "urn:credential" };

    private static Guid SubjectOf(string key) => NameBasedUuid.Create(Guid.Empty, key);

    private protected static Completion Done(string key) => new()
    {
        Key = new CompletionKey("s", key),
        Identifiers = [new PersonIdentifier("external_id", key), new PersonIdentifier("email", $"{key}@example.com")],
        PersonName = $"Person {key}",
        Course = new Course { Key = "C-1", Title = "Führung & Coaching" },
        Status = CompletionStatus.Completed,
        CompletedAt = Start,
        CompletedAtPrecision = TimePrecision.Derived,
        Score = new Score { Scaled = 0.925m, Raw = 37m, Min = 0m, Max = 40m },
    };

    private static IssuanceRow Planned(string key) => new()
    {
        Key = new IssuanceKey("badge", SubjectOf(key), "once"),
        State = IssuanceState.Planned,
        Issuer = "issuer",
        Credential = new CredentialFacts { Id = "badge", Name = "Badge", Description = "A badge.", Criteria = "Finish it." },
        Award = new AwardFacts { EarnedAt = Start },
        RuleBookRevision = "r1",
        Reason = "earned",
        Trace = new RuleTrace { Node = "course C-1", Met = true, Facts = [$"s/{key}"] },
    };
}
