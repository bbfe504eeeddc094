using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Storage;

/// <summary>Plain SQL on a SQLite file: times and ids travel as text, lists as JSON.</summary>
internal sealed class SqliteSql(SqliteDatabase database) : ISql
{
    public bool IsShared => false;

    public string IsOneOf(string column, string list) => $"{column} IN (SELECT value FROM json_each(@{list}))";

    public async Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return await ReadAsync(connection, null, text, values, row, ct).ConfigureAwait(false);
    }

    public async Task<T> WriteAsync<T>(Func<ISqlTransaction, Task<T>> work, CancellationToken ct)
    {
        await using SqliteWrite write = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        T result = await work(new Transaction(write)).ConfigureAwait(false);
        await write.CommitAsync(ct).ConfigureAwait(false);
        return result;
    }

    public Task<string> ChangeMarkAsync(CancellationToken ct) => database.ChangeMarkAsync(ct);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(SqliteConnection connection, SqliteTransaction? transaction, string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct)
    {
        await using SqliteCommand command = Create(connection, transaction, text, values);
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var rows = new List<T>();
        var current = new SqlRow(reader);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            rows.Add(row(current));
        }

        return rows;
    }

    private static SqliteCommand Create(SqliteConnection connection, SqliteTransaction? transaction, string text, SqlValues values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is made of constants of the ledger; values travel as parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values.All)
        {
            command.Parameters.AddWithValue("@" + name, Of(value));
        }

        return command;
    }

    private static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => SqliteText.Of(time),
        Guid id => SqliteText.Of(id),
        IEnumerable<Guid> ids => JsonSerializer.Serialize(ids.Select(SqliteText.Of)),
        _ => value,
    };

    private sealed class Transaction(SqliteWrite write) : ISqlTransaction
    {
        public Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct) =>
            SqliteSql.ReadAsync(write.Connection, write.Transaction, text, values, row, ct);

        public async Task<int> RunAsync(string text, SqlValues values, CancellationToken ct)
        {
            await using SqliteCommand command = Create(write.Connection, write.Transaction, text, values);
            return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
    }
}
