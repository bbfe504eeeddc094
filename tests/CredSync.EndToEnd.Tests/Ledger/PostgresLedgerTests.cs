using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Ledger;
using CredSync.Sources;
using Dapper;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>The suite on PostgreSQL, and what only a ledger with many writers has.</summary>
public sealed class PostgresLedgerTests(PostgresFixture postgres) : LedgerSuite, IAsyncDisposable
{
    private readonly LeaseOwner owner = LocalProcess.Self;
    private string? connectionString;
    private PostgresDatabase? database;

    private protected override ISql Sql => new PostgresSql(database!);

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await CheckOutboxAsync();
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_refused_in_one_sentence()
    {
        await OpenAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync("INSERT INTO credsync.schema_versions (scriptname, applied) VALUES ('CredSync.Host.Ledger.Migrations.Postgres.9999_future.sql', now())");
        (await Should.ThrowAsync<StorageException>(OpenAsync)).Message.ShouldContain("was written by a newer version of CredSync (it has '9999_future.sql')");
    }

    [Fact]
    public async Task Workers_that_start_together_migrate_once()
    {
        connectionString = await postgres.NewDatabaseAsync(Ct);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var own = new PostgresDatabase(connectionString, PostgresLedger.Schema, "Ledger:ConnectionString");
            await new PostgresLedger(own, Time).MigrateAsync(Ct);
        }));
        await using var connection = new NpgsqlConnection(connectionString);
        (await connection.QuerySingleAsync<int>("SELECT count(*) FROM credsync.schema_versions WHERE scriptname LIKE '%0001_ledger.sql'")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_pages_that_each_bring_half_of_a_right_do_not_both_miss_the_other_half()
    {
        ILedger ledger = await OpenAsync();
        RunLease[] runs = await RunsAsync(ledger);
        await using IIntakeTransaction first = await ledger.BeginPageAsync(runs[0], Ct);
        await StoreAsync(first, "one", "half-1");
        Task<PersonHistory> second = Task.Run(
            async () =>
            {
                await using IIntakeTransaction page = await ledger.BeginPageAsync(runs[1], Ct);
                await StoreAsync(page, "two", "half-2");
                PersonHistory seen = (await page.HistoriesAsync([Person], Ct)).Single();
                await page.CommitAsync(new Cursor("2"), new PageCounts(), Ct);
                return seen;
            },
            Ct);
        await UntilSomebodyWaitsAsync();
        (await first.HistoriesAsync([Person], Ct)).Single().Completions.Count.ShouldBe(1);
        await first.CommitAsync(new Cursor("1"), new PageCounts(), Ct);
        (await second).Completions.Select(c => c.Key.NaturalKey).ShouldBe(["half-1", "half-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_pages_that_name_one_person_at_the_same_moment_make_one_person()
    {
        ILedger ledger = await OpenAsync();
        RunLease[] runs = await RunsAsync(ledger);
        var address = new IdentifierKey("email", "", "same@example.com");
        await using IIntakeTransaction first = await ledger.BeginPageAsync(runs[0], Ct);
        await using IIntakeTransaction second = await ledger.BeginPageAsync(runs[1], Ct);
        (await first.SubjectsAsync([address], Ct)).Owners.ShouldBeEmpty();
        (await second.SubjectsAsync([address], Ct)).Owners.ShouldBeEmpty();
        await first.StorePeopleAsync([new PersonRow(Person, "A", "same@example.com", [address])], Ct);
        Task late = Task.Run(() => second.StorePeopleAsync([new PersonRow(NameBasedUuid.Create(Guid.Empty, "other"), "A", "same@example.com", [address])], Ct), Ct);
        await UntilSomebodyWaitsAsync();
        await first.CommitAsync(new Cursor("1"), new PageCounts(), Ct);
        await Should.ThrowAsync<CollisionException>(late);
    }

    [Fact]
    public async Task Dispatchers_that_claim_together_never_claim_the_same()
    {
        ILedger ledger = await OpenAsync();
        await SeedAsync(1000);
        IReadOnlyList<ClaimedIssuance>[] claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ledger.ClaimAsync(150, TimeSpan.FromMinutes(1), Ct), Ct)));
        Guid[] all = [.. claims.SelectMany(c => c).Select(c => c.Id)];
        all.Distinct().Count().ShouldBe(all.Length);
        all.Length.ShouldBeLessThanOrEqualTo(1000);
        (all.Length + (await ledger.ClaimAsync(1000, TimeSpan.FromMinutes(1), Ct)).Count).ShouldBe(1000);
    }

    [Fact]
    public async Task Marks_and_outcomes_in_opposite_orders_do_not_block_each_other()
    {
        ILedger ledger = await OpenAsync();
        await SeedAsync(2000);
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(2000, TimeSpan.FromMinutes(1), Ct);
        await Task.WhenAll(
            Task.Run(() => ledger.MarkSentAsync(claims, Ct), Ct),
            Task.Run(() => ledger.CloseAsync([.. claims.Select(c => c.Id).Reverse().Select(id => new IssuanceOutcome { Id = id, State = Core.Issuance.IssuanceState.Issued, At = Start, CredentialId = "urn:c" })], Ct), Ct),
            Task.Run(() => ledger.PlanUnansweredAgainAsync(Start, Ct), Ct));
        (await ledger.CountIssuancesAsync(Ct)).Single().State.ShouldBe(Core.Issuance.IssuanceState.Issued);
    }

    [Fact]
    public async Task A_character_that_PostgreSQL_cannot_store_does_not_keep_a_page_out()
    {
        ILedger ledger = await OpenAsync();
        RunLease run = (await RunsAsync(ledger))[0];
        Completion odd = Half("one", "odd\0key") with { PersonName = "N\0ul \ud800 \\u0000" };
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await page.StoreCompletionsAsync([new CompletionRow(odd, null, "h", "h", 1, null, null)], Ct);
            await page.CommitAsync(new Cursor("1"), new PageCounts(), Ct);
        }

        await using IIntakeTransaction again = await ledger.BeginPageAsync((await ledger.TryBeginRunAsync("one", owner, TimeSpan.FromMinutes(1), Ct))!, Ct);
        (await again.DifferencesAsync([new ReceivedHash("odd\0key", "h")], Ct)).ShouldBeEmpty();
        (await again.CompletionsAsync(["odd\0key"], Ct))["odd\0key"].Completion.PersonName.ShouldBe("N\uFFFDul \uFFFD \\u0000");
    }

    [Fact]
    public async Task A_key_that_PostgreSQL_cannot_store_as_it_is_is_not_missing_when_it_was_shown()
    {
        ILedger ledger = await OpenAsync();
        Completion[] halves = [Half("one", "even"), Half("one", "odd\0key")];
        await using (IIntakeTransaction page = await ledger.BeginPageAsync((await RunsAsync(ledger))[0], Ct))
        {
            await page.StoreCompletionsAsync([.. halves.Select(c => new CompletionRow(c, null, "h", "h", 1, null, null))], Ct);
            await page.CommitAsync(new Cursor("1"), new PageCounts(), Ct);
        }

        Time.Advance(TimeSpan.FromDays(4));
        var absence = new Absence(ledger, "one", SourceAbsence.Withdraw, reading: 7, Time);
        await absence.LookAsync(new SourcePage { Completions = halves, Next = new Cursor("2"), BeginsWhole = true, EndsWhole = true }, Ct);
        (await absence.ConcludeAsync(new Cursor("2"), Ct).ToListAsync(Ct)).ShouldBeEmpty();
        var without = new Absence(ledger, "one", SourceAbsence.Withdraw, reading: 8, Time);
        await without.LookAsync(new SourcePage { Completions = halves[..1], Next = new Cursor("2"), BeginsWhole = true, EndsWhole = true }, Ct);
        (await without.ConcludeAsync(new Cursor("2"), Ct).ToListAsync(Ct)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_committed_page_that_planned_something_tells_whoever_listens()
    {
        ILedger ledger = await OpenAsync();
        await using var listener = new NpgsqlConnection(connectionString);
        await listener.OpenAsync(Ct);
        await listener.ExecuteAsync($"LISTEN {PostgresLedger.PlannedChannel}");
        await PageAsync(ledger, [Done("a")], plan: false);
        (await listener.WaitAsync(TimeSpan.FromMilliseconds(100), Ct)).ShouldBeFalse();
        await PageAsync(ledger, [Done("b")]);
        (await listener.WaitAsync(TimeSpan.FromSeconds(30), Ct)).ShouldBeTrue();
    }

    private protected override async Task<ILedger> OpenAsync()
    {
        connectionString ??= await postgres.NewDatabaseAsync(Ct);
        database ??= new PostgresDatabase(connectionString, PostgresLedger.Schema, "Ledger:ConnectionString");
        var ledger = new PostgresLedger(database, Time);
        await ledger.MigrateAsync(Ct);
        return ledger;
    }

    private static Guid Person => NameBasedUuid.Create(Guid.Empty, "person");

    private async Task<RunLease[]> RunsAsync(ILedger ledger)
    {
        await ledger.EnsureSourcesAsync(["one", "two"], Ct);
        return [(await ledger.TryBeginRunAsync("one", owner, TimeSpan.FromMinutes(1), Ct))!, (await ledger.TryBeginRunAsync("two", owner, TimeSpan.FromMinutes(1), Ct))!];
    }

    private async Task StoreAsync(IIntakeTransaction page, string source, string key)
    {
        await page.StorePeopleAsync([new PersonRow(Person, "A Person", null, [new IdentifierKey("external_id", "", "p")])], Ct);
        await page.StoreCompletionsAsync([new CompletionRow(Half(source, key), Person, "h", "h", 1, null, null)], Ct);
    }

    private static Completion Half(string source, string key) => new()
    {
        Key = new CompletionKey(source, key),
        Identifiers = [new PersonIdentifier("external_id", "p")],
        Course = new Course { Key = "C-1", Title = "Course" },
        Status = CompletionStatus.Completed,
        CompletedAt = Start,
        CompletedAtPrecision = TimePrecision.Instant,
    };

    private async Task SeedAsync(int count)
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [.. Enumerable.Range(0, count).Select(i => Done($"k{i}"))]);
    }

    // After every test of the suite: the outbox has a row for each line that is planned or sent, as the line says, and no other. One that is missing there would never be sent.
    private async Task CheckOutboxAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        if (await connection.QuerySingleAsync<bool>("SELECT to_regclass('credsync.outbox') IS NOT NULL"))
        {
            (await connection.QueryAsync<string>(
                """
                SELECT format('%s is %s, due %s, sent %s; in the outbox due %s, sent %s', COALESCE(i.issuance_id, o.issuance_id), i.state, GREATEST(i.planned_at, i.not_before), i.sent_at, o.due_at, o.sent_at)
                FROM (SELECT * FROM credsync.issuances WHERE state IN ('Planned', 'Sent')) AS i FULL JOIN credsync.outbox AS o ON o.issuance_id = i.issuance_id
                WHERE i.issuance_id IS NULL OR o.issuance_id IS NULL
                    OR o.due_at IS DISTINCT FROM CASE WHEN i.state = 'Planned' THEN GREATEST(i.planned_at, i.not_before) END OR o.sent_at IS DISTINCT FROM CASE WHEN i.state = 'Sent' THEN i.sent_at END
                """)).ShouldBeEmpty();
        }
    }

    // The server itself says when a transaction waits for another.
    private async Task UntilSomebodyWaitsAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        while (await connection.QuerySingleAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }
}
