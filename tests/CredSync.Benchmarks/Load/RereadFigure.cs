using CredSync.Core.Completions;
using CredSync.Core.Configuration;
using CredSync.Host;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Sources;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// P3: pages of completions that are all known already, taken in again; the yardstick is a bare bulk upsert of the same rows that changes nothing. Once as pages of any reading, and once as
/// a whole reading of a source with <c>absence: withdraw</c>, which also remembers what it showed and compares it with all that is known.
/// </summary>
internal static class RereadFigure
{
    private const int PageSize = 1_000;

    private static string Table(string time, string json) =>
        $"CREATE TABLE bare (source text NOT NULL, natural_key text NOT NULL, course_key text NOT NULL, status text NOT NULL, completed_at {time} NULL, received_hash text NOT NULL, payload {json} NOT NULL, PRIMARY KEY (source, natural_key))";

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options, Servers servers) =>
    [
        .. await MeasureAsync(options, await servers.DatabaseAsync().ConfigureAwait(false)).ConfigureAwait(false),
        .. await MeasureAsync(options, null).ConfigureAwait(false),
    ];

    /// <summary>The part that needs no container.</summary>
    public static Task<IReadOnlyList<Figure>> RunEmbeddedAsync(LoadOptions options) => MeasureAsync(options, null);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(LoadOptions options, string? database)
    {
        int count = options.Count;
        var work = new LoadWork { People = count / 4, OneEarnsOf = int.MaxValue };
        await using LoadWorker worker = LoadWorker.Create(work, database, null, Roles.Intake);
        ILedger ledger = worker.Ledger;
        await ledger.MigrateAsync(CancellationToken.None).ConfigureAwait(false);
        await ledger.EnsureSourcesAsync(["load"], CancellationToken.None).ConfigureAwait(false);
        RunLease run = (await ledger.TryBeginRunAsync("load", worker.Services.GetRequiredService<LeaseOwner>(), TimeSpan.FromHours(1), CancellationToken.None).ConfigureAwait(false))!;
        CompletionIntake intake = worker.Services.GetRequiredService<CompletionIntake>();
        Configuration configuration = worker.Services.GetRequiredService<ActiveConfiguration>().Current;
        SourcePage[] pages = [.. Enumerable.Range(0, count).Chunk(PageSize).Select(c => new SourcePage { Completions = [.. c.Select(work.Completion)], Next = new Cursor($"{c[^1]}") })];

        await using IBare bare = database is null ? new BareSqlite(Path.Combine(worker.DataFolder, "bare.db")) : await BarePostgres.CreateAsync(database).ConfigureAwait(false);
        Row[][] rows = [.. pages.Select(p => p.Completions.Select(Row.Of).ToArray())];
        SourcePage[] whole = [.. pages.Select((p, i) => p with { BeginsWhole = i == 0, EndsWhole = i == pages.Length - 1 })];
        var ours = new List<double>();
        var compared = new List<double>();
        var yardstick = new List<double>();
        string ledgerName = database is null ? "SQLite" : "PostgreSQL";

        // The first round stores everything, and does not count; all others find it there.
        for (int round = -1; round < options.Rounds; round++)
        {
            (double a, double cpuOfA) = await SecondsAsync(pages, TakeAsync).ConfigureAwait(false);
            var absence = new Absence(ledger, "load", SourceAbsence.Withdraw, round, new Later());
            (double w, double cpuOfW) = await SecondsAsync(whole, async page =>
            {
                await TakeAsync(await absence.LookAsync(page, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
                if (page.EndsWhole)
                {
                    await foreach (SourcePage behind in absence.ConcludeAsync(page.Next, CancellationToken.None).ConfigureAwait(false))
                    {
                        throw new InvalidOperationException($"Everything was shown, and yet: {behind.Unreadable.FirstOrDefault()?.Sentence}");
                    }
                }
            }).ConfigureAwait(false);
            (double b, double cpuOfB) = await SecondsAsync(rows, bare.UpsertAsync).ConfigureAwait(false);
            if (round >= 0)
            {
                ours.Add(a);
                compared.Add(w);
                yardstick.Add(b);
            }

            Console.Error.WriteLine(Measure.Words(
                $"  {ledgerName} {round}: {1e6 * a / count:0.00} µs each (CPU {1e6 * cpuOfA / count:0.00}), whole {1e6 * w / count:0.00} ({1e6 * cpuOfW / count:0.00}); bare {1e6 * b / count:0.00} ({1e6 * cpuOfB / count:0.00})"));
        }

        return [Of($"re-reading {count:N0} known completions, {ledgerName}", ours), Of($"the same as a whole reading, with absence: withdraw, {ledgerName}", compared)];

        Figure Of(string what, List<double> seconds)
        {
            double ratio = Measure.Median([.. yardstick.Zip(seconds, (y, o) => y / o)]);
            return new Figure("P3", what, Measure.Words($"{count / Measure.Median([.. seconds]):N0}/s"), Measure.Words($"{count / Measure.Median([.. yardstick]):N0}/s"), Measure.Words($"{ratio:0.00}"), "≥ 0.6");
        }

        async Task TakeAsync(SourcePage page) => await intake.TakeAsync(run, page, configuration, CancellationToken.None).ConfigureAwait(false);
    }

    // Seconds that passed, and seconds of CPU of this process: SQLite works in it.
    private static async Task<(double Passed, double Cpu)> SecondsAsync<T>(T[] pages, Func<T, Task> take)
    {
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        foreach (T page in pages)
        {
            await take(page).ConfigureAwait(false);
        }

        return (TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    // Some days later, so that what was stored just now is settled and counts among what should be shown.
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(4);
    }

    // A completion as a table holds it, made beforehand: the yardstick only writes.
    private sealed record Row(string Key, string Course, string Status, DateTimeOffset At, string Hash, string Payload)
    {
        public static Row Of(Completions.Completion c) =>
            new(c.Key.NaturalKey, c.Course.Key, c.Status.ToString(), c.CompletedAt!.Value, CompletionHash.Of(c), LedgerJson.Write(c));
    }

    private interface IBare : IAsyncDisposable
    {
        Task UpsertAsync(Row[] rows);
    }

    private sealed class BarePostgres(NpgsqlConnection connection) : IBare
    {
        public static async Task<BarePostgres> CreateAsync(string database)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2 }.ConnectionString);
            await connection.OpenAsync().ConfigureAwait(false);
            await new BulkCommand(connection, null, Table("timestamptz", "jsonb")).RunAsync(CancellationToken.None).ConfigureAwait(false);
            return new BarePostgres(connection);
        }

        public async Task UpsertAsync(Row[] rows)
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
            await new BulkCommand(connection, transaction, "INSERT INTO bare SELECT 'load', * FROM unnest(@keys, @courses, @statuses, @at, @hashes, @payloads) ON CONFLICT DO NOTHING")
                .Text("keys", rows.Select(r => r.Key)).Text("courses", rows.Select(r => r.Course)).Text("statuses", rows.Select(r => r.Status))
                .Times("at", rows.Select(r => (DateTimeOffset?)r.At)).Text("hashes", rows.Select(r => r.Hash)).Json("payloads", rows.Select(r => r.Payload))
                .RunAsync(CancellationToken.None).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    private sealed class BareSqlite : IBare
    {
        private readonly SqliteConnection connection;

        public BareSqlite(string path)
        {
            connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            using SqliteCommand create = connection.CreateCommand();
            create.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {Table("text", "text")}";
            create.ExecuteNonQuery();
        }

        public async Task UpsertAsync(Row[] rows)
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            using SqliteCommand insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO bare VALUES ('load', @key, @course, @status, @at, @hash, @payload) ON CONFLICT DO NOTHING";
            SqliteParameter[] parameters = [.. ((string[])["@key", "@course", "@status", "@at", "@hash", "@payload"]).Select(n => insert.Parameters.Add(n, SqliteType.Text))];
            foreach (Row row in rows)
            {
                object[] values = [row.Key, row.Course, row.Status, SqliteText.Of(row.At), row.Hash, row.Payload];
                for (int i = 0; i < values.Length; i++)
                {
                    parameters[i].Value = values[i];
                }

                await insert.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            await transaction.CommitAsync().ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
