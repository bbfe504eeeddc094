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
    private const int Tries = 20;

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

    /// <summary>Opens several views of the same moment; only one when others write so much that no two see the same.</summary>
    public static async Task<IReadOnlyList<IHistoryReading>> OpenAsync(SqliteDatabase database, int most, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            var readings = new List<SqliteHistoryReading>();
            try
            {
                // A commit between two openings would make them see different things.
                string before = await database.ChangeMarkAsync(ct).ConfigureAwait(false);
                int count = attempt == Tries ? 1 : most;
                while (readings.Count < count)
                {
                    readings.Add(await OpenAsync(database, ct).ConfigureAwait(false));
                }

                if (count == 1 || await database.ChangeMarkAsync(ct).ConfigureAwait(false) == before)
                {
                    return readings;
                }
            }
            catch
            {
                await DisposeAsync(readings).ConfigureAwait(false);
                throw;
            }

            await DisposeAsync(readings).ConfigureAwait(false);
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

    public Task<PersonTies> TiesAsync(CancellationToken ct) => SqliteTies.AllAsync(connection, transaction, ct);

    public Task ScanAsync(int part, int parts, IHistorySink sink, CancellationToken ct)
    {
        SqliteScan.Read(Command, part, parts, sink, ct);
        return Task.CompletedTask;
    }

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

    private static async Task DisposeAsync(List<SqliteHistoryReading> readings)
    {
        foreach (SqliteHistoryReading reading in readings)
        {
            await reading.DisposeAsync().ConfigureAwait(false);
        }
    }

    private SqliteCommand Command()
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    private static string Text(Guid? subject) => subject is { } id ? SqliteText.Of(id) : First;
}
