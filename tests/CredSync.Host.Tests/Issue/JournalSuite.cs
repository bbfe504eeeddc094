using System.Text;
using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Issue;

/// <summary>What every issue journal holds to, whatever database is under it. A journal's own test class only says how to open one.</summary>
public abstract partial class JournalSuite
{
    private protected static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, 123, TimeSpan.Zero);
    private static readonly DateTimeOffset WholeSecond = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly LeaseOwner Elsewhere = new("another-machine", 7, 42);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The journal as a worker sees it, migrated; the same journal at every call of one test.</summary>
    private protected abstract Task<IIssueJournal> OpenAsync(LeaseOwner owner);

    [Fact]
    public async Task A_line_that_is_new_is_begun_with_the_issue_date_in_whole_seconds()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        (await BeginAsync(journal, 1, 2)).ShouldBe([new JournalOpening(Id(1), JournalState.Begun, WholeSecond, null), new JournalOpening(Id(2), JournalState.Begun, WholeSecond, null)]);
    }

    [Fact]
    public async Task Openings_come_in_the_order_of_the_requests()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 3, 5);
        await journal.FinishAsync([new JournalFinish(Id(5), Credential(5))], Ct);
        (await BeginAsync(journal, 9, 5, 1, 3)).Select(o => o.Issuance).ShouldBe([Id(9), Id(5), Id(1), Id(3)]);
    }

    [Fact]
    public async Task A_finished_line_repeats_its_credential_with_every_document()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        Time.Advance(TimeSpan.FromDays(400));
        JournalOpening again = (await BeginAsync(journal, 1)).Single();
        (again.State, again.IssuedAt).ShouldBe((JournalState.Finished, WholeSecond));
        ShouldBe(again.Credential!, Credential(1));
        ShouldBe((await journal.FindAsync(Id(1), Ct))!, Credential(1));
    }

    [Fact]
    public async Task A_line_that_another_worker_has_begun_is_busy_until_its_lease_is_over_and_unfinished_then()
    {
        IIssueJournal theirs = await OpenAsync(Elsewhere);
        IIssueJournal ours = await OpenAsync(LocalProcess.Self);
        await BeginAsync(theirs, 1);
        (await BeginAsync(ours, 1)).Single().State.ShouldBe(JournalState.Busy);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        JournalOpening opening = (await BeginAsync(ours, 1)).Single();
        (opening.State, opening.IssuedAt).ShouldBe((JournalState.Unfinished, WholeSecond));
        (await BeginAsync(theirs, 1)).Single().State.ShouldBe(JournalState.Busy);
    }

    [Fact]
    public async Task A_line_that_this_very_worker_began_is_told_apart_and_keeps_its_date()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        Time.Advance(TimeSpan.FromSeconds(30));
        (await BeginAsync(journal, 1)).Single().ShouldBe(new JournalOpening(Id(1), JournalState.BegunHere, WholeSecond, null));
    }

    [Fact]
    public async Task A_line_of_a_process_that_died_on_this_machine_is_unfinished_at_once()
    {
        await BeginAsync(await OpenAsync(LocalProcess.Self with { ProcessStart = LocalProcess.Self.ProcessStart - TimeSpan.TicksPerDay }), 1);
        (await BeginAsync(await OpenAsync(LocalProcess.Self), 1)).Single().State.ShouldBe(JournalState.Unfinished);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_taken_over_in_doubt_stays_in_doubt_when_it_is_taken_twice_because_the_answer_was_lost(bool died)
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        IIssueJournal theirs = await OpenAsync(LocalProcess.Self with { ProcessStart = LocalProcess.Self.ProcessStart - TimeSpan.TicksPerDay });
        await BeginAsync(theirs, 1);
        if (!died)
        {
            await theirs.FailAsync([new JournalFailure(Id(1), InDoubt: true, "timed-out", "No answer came.")], Ct);
        }

        (await BeginAsync(journal, 1)).Single().State.ShouldBe(JournalState.Unfinished);
        (await BeginAsync(journal, 1)).Single().State.ShouldBe(JournalState.Unfinished);

        // Settled, it is a line like any other.
        await journal.FailAsync([new JournalFailure(Id(1), InDoubt: false, "refused", "It said no.")], Ct);
        (await BeginAsync(journal, 1)).Single().State.ShouldBe(JournalState.Begun);
        (await BeginAsync(journal, 1)).Single().State.ShouldBe(JournalState.BegunHere);
    }

    [Fact]
    public async Task A_line_that_certainly_was_not_minted_is_begun_again_with_a_fresh_date()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        await journal.FailAsync([new JournalFailure(Id(1), InDoubt: false, "away", "It is away.")], Ct);
        Time.Advance(TimeSpan.FromHours(1));
        (await BeginAsync(journal, 1)).Single().ShouldBe(new JournalOpening(Id(1), JournalState.Begun, WholeSecond.AddHours(1), null));
    }

    [Fact]
    public async Task A_line_in_doubt_stays_unfinished_with_its_own_date()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        await journal.FailAsync([new JournalFailure(Id(1), InDoubt: true, "timed-out", "No answer came.")], Ct);
        Time.Advance(TimeSpan.FromHours(1));
        (await BeginAsync(journal, 1)).Single().ShouldBe(new JournalOpening(Id(1), JournalState.Unfinished, WholeSecond, null));
    }

    [Fact]
    public async Task A_finished_line_does_not_fail_any_more()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        await journal.FailAsync([new JournalFailure(Id(1), InDoubt: true, "late", "Too late.")], Ct);
        (await BeginAsync(journal, 1)).Single().State.ShouldBe(JournalState.Finished);
    }

    [Fact]
    public async Task Finishing_twice_leaves_one_of_each_document()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        (await journal.FindAsync(Id(1), Ct))!.Documents.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_not_minted_is_not_found()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1);
        (await journal.FindAsync(Id(1), Ct)).ShouldBeNull();
        (await journal.FindAsync(Id(2), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_workers_that_ask_at_the_same_moment_one_begins()
    {
        IIssueJournal theirs = await OpenAsync(Elsewhere);
        IIssueJournal ours = await OpenAsync(LocalProcess.Self);
        int[] numbers = [.. Enumerable.Range(1, 200)];
        IReadOnlyList<JournalOpening>[] both = await Task.WhenAll(
            Task.Run(() => BeginAsync(theirs, numbers), Ct), Task.Run(() => BeginAsync(ours, [.. numbers.Reverse()]), Ct));
        both.SelectMany(o => o).Where(o => o.State == JournalState.Begun).Select(o => o.Issuance).Order().ShouldBe(numbers.Select(Id).Order());
        both.SelectMany(o => o).Count(o => o.State == JournalState.Busy).ShouldBe(200);
    }

    private Task<IReadOnlyList<JournalOpening>> BeginAsync(IIssueJournal journal, params int[] numbers) =>
        journal.BeginAsync([.. numbers.Select(n => new JournalRequest(Id(n), "mint"))], Lease, Ct);

    private static void ShouldBe(IssuedCredential found, IssuedCredential expected)
    {
        (found.CredentialId, found.IssuedAt, found.PublicUrl).ShouldBe((expected.CredentialId, expected.IssuedAt, expected.PublicUrl));
        found.Documents.Select(d => (d.Extension, d.MediaType, Encoding.UTF8.GetString(d.Content.Span))).ShouldBe(
            expected.Documents.Select(d => (d.Extension, d.MediaType, Encoding.UTF8.GetString(d.Content.Span))), ignoreOrder: true);
    }

    private static Guid Id(int number) => NameBasedUuid.Create(Guid.Empty, $"{number}");

    private static IssuedCredential Credential(int number) => new()
    {
        CredentialId = $"urn:{number}",
        IssuedAt = WholeSecond,
        PublicUrl = $"https://badges.example/{number}",
        Documents = [new CredentialDocument("application/json", "json", Encoding.UTF8.GetBytes($"{{\"n\":{number}}}")), new CredentialDocument("application/jwt", "jwt", Encoding.UTF8.GetBytes($"a.b.{number}"))],
    };
}
