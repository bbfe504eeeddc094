using System.Text;
using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.Issuers;

namespace CredSync.Host.Tests.Issue;

// Status numbers, revocations and documents.
public abstract partial class JournalSuite
{
    /// <summary>What is kept beside the journal that was opened last.</summary>
    private protected abstract IIssuerStore Store { get; }

    [Fact]
    public async Task Each_line_that_wants_one_gets_a_number_of_its_issuers_own_and_keeps_it()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        long?[] first = await NumbersAsync(journal, "mint", 1, 2, 3);
        first.Order().ShouldBe([0, 1, 2]);
        (await NumbersAsync(journal, "other", 11)).ShouldBe([0]);
        (await BeginAsync(journal, 21)).Single().StatusNumber.ShouldBeNull();
        (await NumbersAsync(journal, "mint", 3, 1, 2)).ShouldBe([first[2], first[0], first[1]]);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        await journal.FailAsync([new JournalFailure(Id(2), false, "no", "No."), new JournalFailure(Id(3), true, "in-doubt", "?")], Ct);
        (await NumbersAsync(journal, "mint", 1, 2, 3)).ShouldBe(first);
    }

    [Fact]
    public async Task What_may_have_been_minted_without_a_number_never_gets_one()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, 1, 2);
        await journal.FailAsync([new JournalFailure(Id(1), true, "in-doubt", "?"), new JournalFailure(Id(2), false, "no", "No.")], Ct);
        long?[] numbers = await NumbersAsync(journal, "mint", 1, 2);
        numbers[0].ShouldBeNull();
        numbers[1].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_line_that_goes_to_another_issuer_takes_a_number_of_that_one()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await NumbersAsync(journal, "mint", 1, 2, 3);
        await journal.FailAsync([new JournalFailure(Id(3), false, "no", "No.")], Ct);
        (await NumbersAsync(journal, "other", 3)).ShouldBe([0]);
    }

    [Fact]
    public async Task Workers_that_ask_at_the_same_moment_never_get_the_same_number()
    {
        IIssueJournal theirs = await OpenAsync(Elsewhere);
        IIssueJournal ours = await OpenAsync(LocalProcess.Self);
        long?[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            w => Task.Run(() => NumbersAsync(w % 2 == 0 ? theirs : ours, "mint", [.. Enumerable.Range(w * 100, 50)]), Ct)));
        all.SelectMany(n => n).Distinct().Count().ShouldBe(400);
        all.SelectMany(n => n).ShouldAllBe(n => n >= 0);
    }

    [Fact]
    public async Task A_revocation_is_noted_once_and_counts_when_it_is_confirmed()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        long number = (await NumbersAsync(journal, "mint", 1)).Single()!.Value;
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1))], Ct);
        RevocationNote note = (await Store.NoteRevocationsAsync([Note(1, "Wrong.")], Ct)).Single();
        (note.StatusNumber, note.IsConfirmed, note.Reason).ShouldBe((number, false, "Wrong."));
        (await Store.StatusNumbersAsync("mint", Ct)).Revoked.ShouldBeEmpty();
        (await Store.CredentialAsync("mint", "urn:1", Ct))!.RevokedAt.ShouldBeNull();
        await Store.ConfirmRevocationsAsync([Id(1)], Ct);
        Time.Advance(TimeSpan.FromDays(1));
        RevocationNote again = (await Store.NoteRevocationsAsync([Note(1, "Other.") with { RevokedAt = Time.GetUtcNow() }], Ct)).Single();
        (again.IsConfirmed, again.Reason, again.RevokedAt).ShouldBe((true, "Wrong.", WholeSecond));
        StatusNumbers numbers = await Store.StatusNumbersAsync("mint", Ct);
        numbers.Revoked.ShouldBe([number]);
        numbers.Next.ShouldBeGreaterThan(number);
        KeptCredential kept = (await Store.CredentialAsync("mint", "urn:1", Ct))!;
        (kept.IssuanceId, kept.RevokedAt, kept.RevocationReason).ShouldBe((Id(1), WholeSecond, "Wrong."));
        ShouldBe(kept.Credential, Credential(1));
        (await Store.CredentialAsync("other", "urn:1", Ct)).ShouldBeNull();
        (await Store.CredentialAsync("mint", "urn:2", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_credential_that_was_minted_elsewhere_can_be_noted_as_revoked()
    {
        await OpenAsync(LocalProcess.Self);
        RevocationNote note = (await Store.NoteRevocationsAsync([Note(9, "Wrong.")], Ct)).Single();
        note.StatusNumber.ShouldBeNull();
        await Store.ConfirmRevocationsAsync([Id(9)], Ct);
        (await Store.StatusNumbersAsync("mint", Ct)).ShouldBe(new StatusNumbers(0, []), new SameNumbers());
    }

    [Fact]
    public async Task Of_two_versions_of_a_document_the_newer_one_stays_whichever_comes_last()
    {
        await OpenAsync(LocalProcess.Self);
        (await Store.DocumentAsync("mint", "/status/0", Ct)).ShouldBeNull();
        await Store.KeepAsync("mint", "/status/0", Document("two", 2, 0), Ct);
        await Store.KeepAsync("mint", "/status/0", Document("one", 1, 9), Ct);
        await Store.KeepAsync("other", "/status/0", Document("theirs", 0, 0), Ct);
        Encoding.UTF8.GetString((await Store.DocumentAsync("mint", "/status/0", Ct))!.Content.Span).ShouldBe("two");
        await Store.KeepAsync("mint", "/status/0", Document("later", 2, 5), Ct);
        KeptDocument kept = (await Store.DocumentAsync("mint", "/status/0", Ct))!;
        (Encoding.UTF8.GetString(kept.Content.Span), kept.Version, kept.MediaType, kept.MadeAt, kept.ValidUntil).ShouldBe(("later", 2L, "application/json", WholeSecond.AddMinutes(5), WholeSecond.AddDays(7)));
    }

    [Fact]
    public async Task Logged_credentials_get_positions_without_gaps_once_and_for_good()
    {
        IIssueJournal journal = await OpenAsync(LocalProcess.Self);
        await BeginAsync(journal, [.. Enumerable.Range(1, 30)]);
        (await Store.SequenceLogAsync("mint", Ct)).ShouldBe(0);
        for (int n = 1; n <= 30; n++)
        {
            await journal.FinishAsync([new JournalFinish(Id(n), Credential(n) with { LogEntry = n % 10 == 0 ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes($"entry {n}") })], Ct);
        }

        long[] sizes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Store.SequenceLogAsync("mint", Ct), Ct)));
        sizes.ShouldAllBe(size => size == 27);
        await journal.FinishAsync([new JournalFinish(Id(1), Credential(1) with { LogEntry = Encoding.UTF8.GetBytes("another") })], Ct);
        (await Store.SequenceLogAsync("mint", Ct)).ShouldBe(27);
        (await Store.SequenceLogAsync("other", Ct)).ShouldBe(0);
        IReadOnlyList<ReadOnlyMemory<byte>> entries = await Store.LogEntriesAsync("mint", 0, 100, Ct);
        entries.Select(e => Encoding.UTF8.GetString(e.Span)).ShouldBe(Enumerable.Range(1, 30).Where(n => n % 10 != 0).Select(n => $"entry {n}"));
        (await Store.LogEntriesAsync("mint", 25, 100, Ct)).Count.ShouldBe(2);
        (await Store.LogPositionAsync("mint", Id(1), Ct)).ShouldBe(0);
        (await Store.LogPositionAsync("mint", Id(10), Ct)).ShouldBeNull();
        (await Store.LogPositionAsync("other", Id(1), Ct)).ShouldBeNull();
    }

    private static KeptDocument Document(string text, long version, int minutes) => new()
    {
        MediaType = "application/json", Content = Encoding.UTF8.GetBytes(text), Version = version, MadeAt = WholeSecond.AddMinutes(minutes), ValidUntil = WholeSecond.AddDays(7),
    };

    private static RevocationNote Note(int number, string reason) => new() { Issuance = Id(number), Issuer = "mint", CredentialId = $"urn:{number}", Reason = reason, RevokedAt = WholeSecond };

    private async Task<long?[]> NumbersAsync(IIssueJournal journal, string issuer, params int[] lines) =>
        [.. (await journal.BeginAsync([.. lines.Select(n => new JournalRequest(Id(n), issuer, WantsNumber: true))], Lease, Ct)).Select(o => o.StatusNumber)];

    private sealed class SameNumbers : IEqualityComparer<StatusNumbers>
    {
        public bool Equals(StatusNumbers? x, StatusNumbers? y) => x?.Next == y?.Next && x!.Revoked.SequenceEqual(y!.Revoked);

        public int GetHashCode(StatusNumbers obj) => obj.Next.GetHashCode();
    }
}
