using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Plans;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>The steps of docs/operating.md, on SQLite.</summary>
public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_taken_while_the_ledger_is_written_restores_whole_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(PlanWorld.Now);
        using (var database = new SqliteDatabase(folder.File("ledger.db")))
        {
            var ledger = new SqliteLedger(database, time);
            await ledger.MigrateAsync(Ct);
            await TakeAsync(ledger, 1, 50);

            // What sqlite3's .backup does, in the middle of a write that is not committed.
            await using (SqliteWrite write = await database.BeginWriteAsync(Ct))
            {
                using var from = new SqliteConnection(database.ConnectionString);
                using var to = new SqliteConnection($"Data Source={folder.File("backup.db")};Pooling=False");
                await from.OpenAsync(Ct);
                await to.OpenAsync(Ct);
                from.BackupDatabase(to);
            }

            await TakeAsync(ledger, 51, 20);
        }

        File.Copy(folder.File("backup.db"), folder.File("restored.db"));
        using var restored = new SqliteDatabase(folder.File("restored.db"));
        var again = new SqliteLedger(restored, time);
        await again.MigrateAsync(Ct);
        (await again.TotalsAsync(Ct)).ShouldSatisfyAllConditions(t => t.Completions.ShouldBe(50), t => t.Issuances.ShouldBe(50));
        await TakeAsync(again, 1, 70);
        (await again.TotalsAsync(Ct)).Issuances.ShouldBe(70, "reading again from the restored cursor neither loses nor doubles");
        (await again.IssuancesInStateAsync(IssuanceState.Planned, 100, Ct)).Count.ShouldBe(70);
    }

    private static async Task TakeAsync(SqliteLedger ledger, int from, int count)
    {
        await ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        Core.Rules.RuleBook book = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("C-1")));
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            int[] people = [.. Enumerable.Range(from, count)];
            await page.StorePeopleAsync([.. people.Select(p => new PersonRow(PlanWorld.SubjectOf(p), null, null, []))], Ct);
            await page.StoreCompletionsAsync([.. people.Select(p => new CompletionRow(PlanWorld.Completed(p, "C-1", 90, PlanWorld.Now), PlanWorld.SubjectOf(p), "h", "h", 1, null, null))], Ct);
            await page.PlanAsync([.. (await page.HistoriesAsync([.. people.Select(PlanWorld.SubjectOf)], Ct)).SelectMany(h => CredSync.Host.Intake.IssuanceRows.Of(book.Decide(h, PlanWorld.Now), book))], Ct);
            await page.CommitAsync(new CredSync.Sources.Cursor($"{from + count}"), new PageCounts(), Ct);
        }

        await ledger.EndRunAsync(run, new RunEnd(), Ct);
    }
}
