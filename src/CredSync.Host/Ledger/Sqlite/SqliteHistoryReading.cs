using System.Globalization;
using CredSync.Core.Plans;
using CredSync.Host.Storage;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>A read transaction in WAL mode: it sees the ledger as it was when it was opened, and stops nobody from writing.</summary>
internal sealed class SqliteHistoryReading(SqliteConnection connection, SqliteTransaction transaction) : IHistoryReading
{
    // Before every subject id, and after none.
    private const string First = "";

    public static async Task<SqliteHistoryReading> OpenAsync(SqliteDatabase database, CancellationToken ct)
    {
        SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            var reading = new SqliteHistoryReading(connection, transaction);

            // The view is taken at the first read, not when the transaction begins.
            await reading.WatermarkAsync(ct).ConfigureAwait(false);
            return reading;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<string> WatermarkAsync(CancellationToken ct)
    {
        using SqliteCommand command = Command();
        command.CommandText = "SELECT (SELECT COALESCE(sum(new), 0) || '.' || COALESCE(sum(revised), 0) FROM runs) || '.' || (SELECT count(*) FROM acts WHERE verb NOT IN ('apply', 'export'))";
        return (string)(await command.ExecuteScalarAsync(ct).ConfigureAwait(false))!;
    }

    public async Task<Guid?> LastOfPageAsync(Guid? after, int size, CancellationToken ct)
    {
        using SqliteCommand command = Command();
        command.CommandText = "SELECT max(subject_id) FROM (SELECT subject_id FROM people WHERE subject_id > @after ORDER BY subject_id LIMIT @size)";
        command.Parameters.AddWithValue("@after", Text(after));
        command.Parameters.AddWithValue("@size", size);
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) is string last ? Guid.Parse(last, CultureInfo.InvariantCulture) : null;
    }

    public Task<IReadOnlyList<PlanPerson>> PeopleAsync(Guid? after, Guid last, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<PlanPerson>>(SqlitePeople.Read(Command, onlyFacts: true, SqlitePeople.InRange, ("@after", Text(after)), ("@last", Text(last))));

    public async Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct)
    {
        PersonTies ties = await SqliteTies.OfAsync(connection, transaction, [subject], ct).ConfigureAwait(false);
        return SqlitePeople.Read(Command, onlyFacts: true, SqlitePeople.Among, ("@ids", LedgerJson.Write([.. ties.Members.Select(SqliteText.Of)]))).FirstOrDefault();
    }

    public async Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct)
    {
        using SqliteCommand command = Command();
        command.CommandText = "SELECT source, course_key, count(*) FROM completions WHERE subject_id IS NULL GROUP BY source, course_key ORDER BY source, course_key";
        using SqliteDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var courses = new List<UnmatchedCourse>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            courses.Add(new UnmatchedCourse(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return courses;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private SqliteCommand Command()
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    private static string Text(Guid? subject) => subject is { } id ? SqliteText.Of(id) : First;
}
