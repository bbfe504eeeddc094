using System.Data;
using CredSync.Core.Plans;
using CredSync.Host.Storage;
using Dapper;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>A repeatable-read transaction: it sees the ledger as it was at its first read, and stops nobody from writing.</summary>
internal sealed class PostgresHistoryReading(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction) : IHistoryReading
{
    public static Task<PostgresHistoryReading> OpenAsync(PostgresDatabase database, CancellationToken ct) => database.PartAsync(
        async () =>
        {
            NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
            try
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct).ConfigureAwait(false);
                await connection.ExecuteAsync(new CommandDefinition("SET TRANSACTION READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0", transaction: transaction, cancellationToken: ct)).ConfigureAwait(false);
                var reading = new PostgresHistoryReading(database, connection, transaction);

                // The view is taken at the first read, not when the transaction begins.
                await reading.WatermarkAsync(ct).ConfigureAwait(false);
                return reading;
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        },
        ct);

    public Task<string> WatermarkAsync(CancellationToken ct) => database.PartAsync(
        () => connection.QuerySingleAsync<string>(Command(
            "SELECT (SELECT COALESCE(sum(new), 0) || '.' || COALESCE(sum(revised), 0) FROM runs) || '.' || (SELECT count(*) FROM acts WHERE verb <> 'apply')", null, ct)),
        ct);

    public Task<Guid?> LastOfPageAsync(Guid? after, int size, CancellationToken ct) => database.PartAsync(
        () => connection.QuerySingleOrDefaultAsync<Guid?>(Command(
            $"SELECT subject_id FROM (SELECT subject_id FROM people {(after is null ? "" : "WHERE subject_id > @after")} ORDER BY subject_id LIMIT @size) AS page ORDER BY subject_id DESC LIMIT 1", new { after, size }, ct)),
        ct);

    public Task<IReadOnlyList<PlanPerson>> PeopleAsync(Guid? after, Guid last, CancellationToken ct) =>
        database.PartAsync(() => PostgresPeople.InRangeAsync(connection, transaction, after, last, ct), ct);

    public Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct) =>
        database.PartAsync(async () => (await PostgresPeople.AmongAsync(connection, transaction, [subject], ct).ConfigureAwait(false)).FirstOrDefault(), ct);

    public Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct) => database.PartAsync<IReadOnlyList<UnmatchedCourse>>(
        async () => [.. (await connection.QueryAsync<(string Source, string Course, long Count)>(Command(
            "SELECT source, course_key, count(*) FROM completions WHERE subject_id IS NULL GROUP BY source, course_key ORDER BY source COLLATE \"C\", course_key COLLATE \"C\"", null, ct)).ConfigureAwait(false))
            .Select(r => new UnmatchedCourse(r.Source, r.Course, r.Count))],
        ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection broke; there is nothing to undo.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken ct) => new(sql, parameters, transaction, commandTimeout: 300, cancellationToken: ct);
}
