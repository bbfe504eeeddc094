using System.Data;
using CredSync.Core.Plans;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>A read-only transaction on one snapshot: it sees the ledger as it was when it was opened, and stops nobody from writing.</summary>
internal sealed class PostgresHistoryReading(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction, TableBlocks blocks) : IHistoryReading
{
    public static Task<PostgresHistoryReading> OpenAsync(PostgresDatabase database, CancellationToken ct) => OpenAsync(database, null, ct);

    /// <summary>Opens several views of the same moment: the first one lends the others its snapshot.</summary>
    public static async Task<IReadOnlyList<IHistoryReading>> OpenAsync(PostgresDatabase database, int count, CancellationToken ct)
    {
        var readings = new List<PostgresHistoryReading>();
        try
        {
            readings.Add(await OpenAsync(database, null, ct).ConfigureAwait(false));
            Lent lent = await readings[0].LendAsync(ct).ConfigureAwait(false);
            while (readings.Count < count)
            {
                readings.Add(await OpenAsync(database, lent, ct).ConfigureAwait(false));
            }

            return readings;
        }
        catch
        {
            foreach (PostgresHistoryReading reading in readings)
            {
                await reading.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private static async Task<PostgresHistoryReading> OpenAsync(PostgresDatabase database, Lent? lent, CancellationToken ct)
    {
        NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            return await database.PartAsync(
                async () =>
                {
                    NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct).ConfigureAwait(false);

                    // It locks nothing, so it may wait for the work on other pages for longer than a writer may.
                    await new BulkCommand(connection, transaction, $"{lent?.Statement}SET TRANSACTION READ ONLY; SET LOCAL idle_in_transaction_session_timeout = '30min'").RunAsync(ct).ConfigureAwait(false);

                    // The snapshot is taken at the first query, not when the transaction begins.
                    TableBlocks measured = await PostgresScan.MeasureAsync(connection, transaction, ct).ConfigureAwait(false);
                    return new PostgresHistoryReading(database, connection, transaction, lent?.Blocks ?? measured);
                },
                ct).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Lent> LendAsync(CancellationToken ct) =>
        new((await ReadAsync(Bulk("SELECT pg_export_snapshot()"), r => r.GetString(0), ct).ConfigureAwait(false))[0], blocks);

    public async Task<string> WatermarkAsync(CancellationToken ct) =>
        (await ReadAsync(
            Bulk("SELECT (SELECT COALESCE(sum(new), 0)::text || '.' || COALESCE(sum(revised), 0)::text FROM runs) || '.' || (SELECT count(*) FROM acts WHERE verb NOT IN ('apply', 'export'))::text"), r => r.GetString(0), ct).ConfigureAwait(false))[0];

    public async Task<Guid?> LastOfPageAsync(Guid? after, int size, CancellationToken ct)
    {
        BulkCommand page = after is { } id
            ? Bulk("SELECT subject_id FROM (SELECT subject_id FROM people WHERE subject_id > @after ORDER BY subject_id LIMIT @size) AS page ORDER BY subject_id DESC LIMIT 1").Id("after", id)
            : Bulk("SELECT subject_id FROM (SELECT subject_id FROM people ORDER BY subject_id LIMIT @size) AS page ORDER BY subject_id DESC LIMIT 1");
        List<Guid> last = await ReadAsync(page.Number("size", size), r => r.GetGuid(0), ct).ConfigureAwait(false);
        return last.Count == 0 ? null : last[0];
    }

    public Task<IReadOnlyList<PlanPerson>> PeopleAsync(Guid? after, Guid last, CancellationToken ct) => database.PartAsync(
        () => after is { } id
            ? PostgresPeople.ReadAsync(connection, transaction, onlyFacts: true, PostgresPeople.InRange, c => c.Id("after", id).Id("last", last), ct)
            : PostgresPeople.ReadAsync(connection, transaction, onlyFacts: true, PostgresPeople.UpTo, c => c.Id("last", last), ct),
        ct);

    public Task<PersonTies> TiesAsync(CancellationToken ct) => database.PartAsync(() => PostgresTies.AllAsync(connection, transaction, ct), ct);

    public Task ScanAsync(int part, int parts, IHistorySink sink, CancellationToken ct) => database.PartAsync(
        async () =>
        {
            await new PostgresScan(connection, transaction, blocks, part, parts, sink).ReadAsync(ct).ConfigureAwait(false);
            return true;
        },
        ct);

    public async Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct) =>
        (await database.PartAsync(
            async () =>
            {
                PersonTies ties = await PostgresTies.OfAsync(connection, transaction, [subject], ct).ConfigureAwait(false);
                return await PostgresPeople.ReadAsync(connection, transaction, onlyFacts: true, PostgresPeople.Among, c => c.Ids("ids", ties.Members), ct).ConfigureAwait(false);
            },
            ct).ConfigureAwait(false)).FirstOrDefault();

    public async Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct) =>
        await ReadAsync(
            Bulk("SELECT source, course_key, count(*) FROM completions WHERE subject_id IS NULL GROUP BY source, course_key ORDER BY source COLLATE \"C\", course_key COLLATE \"C\""),
            r => new UnmatchedCourse(r.GetString(0), r.GetString(1), r.GetInt64(2)),
            ct).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection broke; the server ends the transaction by itself.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private BulkCommand Bulk(string sql) => new(connection, transaction, sql);

    private Task<List<T>> ReadAsync<T>(BulkCommand command, Func<NpgsqlDataReader, T> row, CancellationToken ct) => database.PartAsync(() => command.ReadAsync(row, ct), ct);

    // What the server calls a snapshot: two numbers and a dash between them, nothing that would have to be quoted.
    private sealed record Lent(string Snapshot, TableBlocks Blocks)
    {
        public string Statement => $"SET TRANSACTION SNAPSHOT '{Snapshot}'; ";
    }
}
