using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Tests.Ledger;

/// <summary>The suite on SQLite, and what only SQLite has.</summary>
public sealed class SqliteLedgerTests : LedgerSuite, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteDatabase> databases = [];

    public void Dispose()
    {
        databases.ForEach(d => d.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_refused_in_one_sentence()
    {
        await OpenAsync();
        await using (var connection = new SqliteConnection($"Data Source={folder.File("ledger.db")}"))
        {
            await connection.ExecuteAsync("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('CredSync.Host.Ledger.Migrations.Sqlite.9999_future.sql', '2030-01-01')");
        }

        (await Should.ThrowAsync<StorageException>(() => OpenAsync())).Message.ShouldContain("newer version of CredSync (it has '9999_future.sql')");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_in_one_sentence()
    {
        await File.WriteAllTextAsync(folder.File("ledger.db"), new string('x', 5000), Ct);
        (await Should.ThrowAsync<StorageException>(() => OpenAsync())).Message.ShouldContain("is not a SQLite database or is damaged");
    }

    [Fact]
    public async Task A_full_disk_is_said_in_one_sentence_and_nothing_is_half_done()
    {
        await OpenAsync();
        using var full = new SqliteDatabase(folder.File("ledger.db"), mostPages: 200);
        var ledger = new SqliteLedger(full, Time);
        int stored = 0;
        StorageException e = await Should.ThrowAsync<StorageException>(async () =>
        {
            for (; stored < 10_000; stored++)
            {
                await ledger.UseRuleBookAsync($"{stored}-{new string('x', 4_000)}", 1, Ct);
            }
        });
        e.Message.ShouldBe($"'{folder.File("ledger.db")}' cannot be used: the disk is full; free space, nothing was half done.");
        e.IsOutage.ShouldBeTrue("a worker waits for space");
        (await ledger.RuleBooksAsync(Ct)).Count.ShouldBe(stored);
    }

    [Fact]
    public async Task A_page_that_brings_nothing_keeps_no_other_process_from_writing_until_its_cursor_moves()
    {
        ILedger ledger = await OpenAsync();
        await OpenAsync();
        var another = new SqliteLedger(databases[^1], Time);
        await PageAsync(ledger, [Done("a")]);
        RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(1), Ct))!;
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            (await page.DifferencesAsync([new ReceivedHash("a", Core.Completions.CompletionHash.Of(Done("a")))], Ct)).ShouldBeEmpty();
            await another.UseRuleBookAsync("written meanwhile", 1, Ct);
            await page.CommitAsync(new Sources.Cursor("behind-a"), new PageCounts(), Ct);
        }

        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Sources.Cursor("behind-a"));
    }

    [Fact]
    public async Task Only_a_write_that_may_be_lost_does_not_wait_for_the_disk_and_the_next_one_waits_again()
    {
        await OpenAsync();
        await using (SqliteWrite write = await databases[0].EnterWriteAsync(Ct))
        {
            write.BeginUnhurried();
            (await write.Connection.ExecuteScalarAsync<long>("PRAGMA synchronous", transaction: write.Transaction)).ShouldBe(1);
            Should.Throw<InvalidOperationException>(write.BeginUnhurried);
            await write.CommitAsync(Ct);
        }

        // The connection comes from the pool, and nothing is said about it anew.
        await using var pooled = new SqliteConnection(databases[0].ConnectionString);
        (await pooled.ExecuteScalarAsync<long>("PRAGMA synchronous")).ShouldBe(2);
    }

    [Fact]
    public async Task Processes_that_start_together_migrate_one_after_the_other() =>
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => OpenAsync(TimeProvider.System), Ct)));

    [Theory]
    [InlineData("SELECT 1 FROM issuances WHERE state = 'Planned' AND (claimed_until IS NULL OR claimed_until <= 'x') ORDER BY planned_at LIMIT 10", "issuances_planned")]
    [InlineData("SELECT 1 FROM issuances WHERE state = 'Sent' AND sent_at <= 'x'", "issuances_sent")]
    [InlineData("SELECT definition, issuer, state, count(*), min(planned_at) FROM issuances GROUP BY definition, issuer, state ORDER BY definition, issuer, state", "issuances_counts")]
    [InlineData("SELECT * FROM issuances WHERE state = 'Issued' ORDER BY outcome_at, issuance_id LIMIT 5", "issuances_issued")]
    [InlineData("SELECT 1 FROM completions WHERE source = 's' AND course_key = 'c'", "completions_course")]
    [InlineData("SELECT natural_key FROM completions WHERE source = 's' AND natural_key > 'a' ORDER BY natural_key LIMIT 5000", "COVERING INDEX sqlite_autoindex_completions_1 (source=? AND natural_key>?)")]
    [InlineData("SELECT 1 FROM completions WHERE subject_id = 's'", "completions_subject")]
    [InlineData("SELECT 1 FROM person_identifiers WHERE subject_id = 's'", "person_identifiers_subject")]
    public async Task A_frequent_query_uses_its_index(string query, string index)
    {
        await OpenAsync();
        await using var connection = new SqliteConnection($"Data Source={folder.File("ledger.db")}");
        string plan = string.Join('\n', (await connection.QueryAsync($"EXPLAIN QUERY PLAN {query}")).Select(r => (string)r.detail));
        plan.ShouldContain(index);
    }

    private protected override Task<ILedger> OpenAsync() => OpenAsync(Time);

    private protected override ISql Sql => new SqliteSql(databases[^1]);

    private async Task<ILedger> OpenAsync(TimeProvider time)
    {
        var database = new SqliteDatabase(folder.File("ledger.db"));
        lock (databases)
        {
            databases.Add(database);
        }

        var ledger = new SqliteLedger(database, time);
        await ledger.MigrateAsync(Ct);
        return ledger;
    }
}
