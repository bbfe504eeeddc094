using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>The steps of docs/operating.md, on PostgreSQL: <c>pg_dump</c> while workers write, <c>pg_restore</c> into an empty database, and on.</summary>
public sealed class PostgresBackupTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_taken_while_a_page_is_written_restores_whole_and_goes_on()
    {
        string original = await postgres.NewDatabaseAsync(Ct);
        string restored = await postgres.NewDatabaseAsync(Ct);
        string dump = $"/tmp/{NameBasedUuid.Create(Guid.Empty, restored)}.dump";
        await using (var database = new PostgresDatabase(original, PostgresLedger.Schema, "Ledger:ConnectionString"))
        await using (var journals = new PostgresDatabase(original, PostgresIssueJournal.Schema, "Ledger:ConnectionString"))
        {
            var ledger = new PostgresLedger(database, time);
            var journal = new PostgresIssueJournal(journals, LocalProcess.Self, time);
            await ledger.MigrateAsync(Ct);
            await journal.MigrateAsync(Ct);
            await TakeAsync(ledger, "a", "b", "c");
            Guid minted = (await ledger.ClaimAsync(1, TimeSpan.FromMinutes(1), Ct)).Single().Id;
            await journal.BeginAsync([new JournalRequest(minted, "issuer")], TimeSpan.FromMinutes(5), Ct);
            await journal.FinishAsync([new JournalFinish(minted, new IssuedCredential { CredentialId = "urn:c", IssuedAt = Now })], Ct);

            // In the middle of a page that is not committed.
            RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
            await using IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct);
            await FillAsync(page, ["lost"]);
            await postgres.RunAsync(["pg_dump", "--format=custom", $"--file={dump}"], original, Ct);
        }

        await postgres.RunAsync(["pg_restore", "--no-owner", "--exit-on-error", dump], restored, Ct);

        await using var again = new PostgresDatabase(restored, PostgresLedger.Schema, "Ledger:ConnectionString");
        await using var journalsAgain = new PostgresDatabase(restored, PostgresIssueJournal.Schema, "Ledger:ConnectionString");
        var after = new PostgresLedger(again, time);
        await after.MigrateAsync(Ct);
        (await after.TotalsAsync(Ct)).ShouldSatisfyAllConditions(t => t.Completions.ShouldBe(3), t => t.Issuances.ShouldBe(3));
        await TakeAsync(after, "a", "b", "c", "lost", "d");
        (await after.TotalsAsync(Ct)).Issuances.ShouldBe(5, "reading again from the restored cursor neither loses nor doubles");

        // What was minted before the backup and has no outcome in the ledger is found in the journal, and not minted again.
        time.Advance(TimeSpan.FromMinutes(10));
        Guid[] due = [.. (await after.ClaimAsync(10, TimeSpan.FromMinutes(1), Ct)).Select(c => c.Id)];
        due.Length.ShouldBe(5);
        var known = new PostgresIssueJournal(journalsAgain, LocalProcess.Self, time);
        (await known.BeginAsync([.. due.Select(id => new JournalRequest(id, "issuer"))], TimeSpan.FromMinutes(5), Ct)).Count(o => o.State == JournalState.Finished).ShouldBe(1);
    }

    private async Task TakeAsync(PostgresLedger ledger, params string[] keys)
    {
        await ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await FillAsync(page, keys);
            await page.CommitAsync(new Cursor("cursor"), new PageCounts(), Ct);
        }

        await ledger.EndRunAsync(run, new RunEnd(), Ct);
    }

    private static async Task FillAsync(IIntakeTransaction page, string[] keys)
    {
        await page.StorePeopleAsync([.. keys.Select(k => new PersonRow(SubjectOf(k), null, null, []))], Ct);
        await page.StoreCompletionsAsync([.. keys.Select(Done).Select(c => new CompletionRow(c, SubjectOf(c.Key.NaturalKey), CompletionHash.Of(c), CompletionHash.Of(c), 1, null, null))], Ct);
        await page.PlanAsync([.. (await page.HistoriesAsync([.. keys.Select(SubjectOf)], Ct)).SelectMany(h => CredSync.Host.Intake.IssuanceRows.Of(Book.Decide(h, Now), Book))], Ct);
    }

    private static readonly Core.Rules.RuleBook Book = Core.Rules.RuleBook.Create(
        [new Core.Rules.CredentialDefinition { Id = "badge", Name = "Badge", Description = "d", Criteria = "c", Issuers = [new Core.Rules.IssuerChoice("issuer", null)], Earn = new Core.Rules.CourseRule { Source = "s" } }],
        Core.Rules.RuleBookSetting.Default);

    private static Guid SubjectOf(string key) => NameBasedUuid.Create(Guid.Empty, key);

    private static Completion Done(string key) => new()
    {
        Key = new CompletionKey("s", key), Identifiers = [new PersonIdentifier("external_id", key)], Course = new Course { Key = "C-1" }, Status = CompletionStatus.Completed, CompletedAt = Now.AddDays(-1),
    };
}
