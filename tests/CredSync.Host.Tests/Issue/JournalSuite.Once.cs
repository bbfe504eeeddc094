using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.Issuers;

namespace CredSync.Host.Tests.Issue;

// Lines that are written once, when they are finished.
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_request_that_needs_no_line_leaves_none_before_it_is_finished()
    {
        IIssueJournal ours = await OpenAsync(LocalProcess.Self), theirs = await OpenAsync(Elsewhere);
        JournalOpening opening = (await LookAsync(ours, 1)).Single();
        (opening.State, opening.HasLine, opening.IssuedAt).ShouldBe((JournalState.Begun, false, WholeSecond));
        (await LookAsync(theirs, 1)).Single().State.ShouldBe(JournalState.Begun);
        (await ours.FindAsync(Id(1), Ct)).ShouldBeNull();
        (await FinishAsync(ours, opening, Credential(1))).ShouldBeEmpty();
        JournalOpening again = (await LookAsync(theirs, 1)).Single();
        (again.State, again.IssuedAt).ShouldBe((JournalState.Finished, WholeSecond));
        ShouldBe(again.Credential!, Credential(1));
    }

    [Fact]
    public async Task Of_two_who_finish_the_same_the_first_stands_and_the_second_is_told()
    {
        IIssueJournal ours = await OpenAsync(LocalProcess.Self), theirs = await OpenAsync(Elsewhere);
        JournalOpening slow = (await LookAsync(ours, 1, 2))[0], fast = (await LookAsync(theirs, 1)).Single();
        await FinishAsync(theirs, fast, Credential(1));
        IssuedCredential second = Credential(1) with { Documents = [new CredentialDocument("application/json", "json", new byte[] { 1, 2, 3 })] };
        ShouldBe((await FinishAsync(ours, slow, second))[Id(1)]!, Credential(1));
        ShouldBe((await ours.FindAsync(Id(1), Ct))!, Credential(1));
    }

    [Fact]
    public async Task A_finish_whose_answer_was_lost_is_told_again_without_a_change()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        JournalOpening opening = (await LookAsync(journal, 1)).Single();
        await FinishAsync(journal, opening, Credential(1));
        ShouldBe((await FinishAsync(journal, opening, Credential(1)))[Id(1)]!, Credential(1));
    }

    [Fact]
    public async Task A_line_that_somebody_opened_is_not_overwritten_by_one_that_needs_none()
    {
        IIssueJournal ours = await OpenAsync(LocalProcess.Self), theirs = await OpenAsync(Elsewhere);
        JournalOpening opening = (await LookAsync(ours, 1)).Single();
        await BeginAsync(theirs, 1);
        (await FinishAsync(ours, opening, Credential(1)))[Id(1)].ShouldBeNull();
        (await LookAsync(ours, 1)).Single().State.ShouldBe(JournalState.Busy);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        JournalOpening taken = (await LookAsync(ours, 1)).Single();
        (taken.State, taken.HasLine).ShouldBe((JournalState.Unfinished, true));
        (await FinishAsync(ours, taken, Credential(1))).ShouldBeEmpty();
        ShouldBe((await ours.FindAsync(Id(1), Ct))!, Credential(1));
    }

    [Fact]
    public async Task Numbers_of_lines_that_are_written_once_are_given_once_however_many_ask()
    {
        IIssueJournal ours = await OpenAsync(LocalProcess.Self), theirs = await OpenAsync(Elsewhere);
        IReadOnlyList<JournalOpening>[] given = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            w => Task.Run(() => LookAsync(w % 2 == 0 ? theirs : ours, [.. Enumerable.Range(w * 100, 7 + w)]), Ct)));
        given.SelectMany(g => g).Select(o => o.StatusNumber!.Value).ShouldBeUnique();
        JournalOpening one = given[3][2];
        await FinishAsync(ours, one, Credential(302));
        (await Store.NoteRevocationsAsync([new RevocationNote { Issuance = one.Issuance, Issuer = "mint", CredentialId = "urn:x", Reason = "Wrong.", RevokedAt = Start }], Ct)).Single().StatusNumber.ShouldBe(one.StatusNumber);
        (await Store.StatusNumbersAsync("mint", Ct)).Next.ShouldBeGreaterThan(given.SelectMany(g => g).Max(o => o.StatusNumber!.Value));
    }

    [Fact]
    public async Task A_doubt_outlives_an_answer_that_was_lost()
    {
        IIssueJournal theirs = await OpenAsync(Elsewhere), ours = await OpenAsync(LocalProcess.Self);
        await BeginAsync(theirs, 1);
        await theirs.FailAsync([new JournalFailure(Id(1), InDoubt: true, "silent", "It did not answer.")], Ct);
        (await BeginAsync(ours, 1)).Single().State.ShouldBe(JournalState.Unfinished);

        // Nobody heard that; asked again, the worker must not take the line for one that it began itself.
        (await BeginAsync(ours, 1)).Single().State.ShouldBe(JournalState.Unfinished);
        await ours.FailAsync([new JournalFailure(Id(1), InDoubt: false, "no", "It was not minted.")], Ct);
        (await BeginAsync(ours, 1)).Single().State.ShouldBe(JournalState.Begun);
        (await BeginAsync(ours, 1)).Single().State.ShouldBe(JournalState.BegunHere);
    }

    [Fact]
    public async Task What_a_dead_worker_asked_may_be_under_way_from_when_its_death_is_seen()
    {
        IIssueJournal dead = await OpenAsync(LocalProcess.Self with { ProcessStart = LocalProcess.Self.ProcessStart - TimeSpan.TicksPerDay }), ours = await OpenAsync(LocalProcess.Self);
        JournalRequest request = new(Id(1), "mint") { UnderWay = TimeSpan.FromSeconds(30) };
        await dead.BeginAsync([request], Lease, Ct);

        // It had many to ask for, and died at one of the last.
        Time.Advance(TimeSpan.FromMinutes(2));
        JournalOpening seen = (await ours.BeginAsync([request], Lease, Ct)).Single();
        (seen.State, seen.BusyUntil).ShouldBe((JournalState.Busy, Time.GetUtcNow() + TimeSpan.FromSeconds(30)));
        Time.Advance(TimeSpan.FromSeconds(20));
        (await ours.BeginAsync([request], Lease, Ct)).Single().State.ShouldBe(JournalState.Busy);
        Time.Advance(TimeSpan.FromSeconds(10));
        (await ours.BeginAsync([request], Lease, Ct)).Single().State.ShouldBe(JournalState.Unfinished);
    }

    private Task<IReadOnlyList<JournalOpening>> LookAsync(IIssueJournal journal, params int[] lines) =>
        journal.BeginAsync([.. lines.Select(n => new JournalRequest(Id(n), "mint", WantsNumber: true) { NeedsLine = false })], Lease, Ct);

    private Task<IReadOnlyDictionary<Guid, IssuedCredential?>> FinishAsync(IIssueJournal journal, JournalOpening opening, IssuedCredential credential) =>
        journal.FinishAsync([new JournalFinish(opening.Issuance, credential) { NewLineOf = opening.HasLine ? null : "mint", StatusNumber = opening.StatusNumber }], Ct);
}
