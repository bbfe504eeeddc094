using Npgsql;

namespace CredSync.Host.Storage;

/// <summary>Plain SQL on PostgreSQL.</summary>
internal sealed class PostgresSql(PostgresDatabase database) : ISql
{
    public bool IsShared => true;

    public string IsOneOf(string column, string list) => $"{column} = ANY(@{list})";

    public Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct) =>
        database.ReadAsync(connection => ReadAsync(connection, null, text, values, row, ct), ct);

    public Task<T> WriteAsync<T>(Func<ISqlTransaction, Task<T>> work, CancellationToken ct) =>
        database.WriteAsync((connection, transaction) => work(new Transaction(connection, transaction)), ct);

    // Which transactions are over, of the whole server.
    public async Task<string> ChangeMarkAsync(CancellationToken ct) => (await ReadAsync("SELECT pg_current_snapshot()::text", SqlValues.None, r => r.Text(0), ct).ConfigureAwait(false))[0];

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, NpgsqlTransaction? transaction, string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct)
    {
        await using NpgsqlCommand command = Create(connection, transaction, text, values);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var rows = new List<T>();
        var current = new SqlRow(reader);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            rows.Add(row(current));
        }

        return rows;
    }

    private static NpgsqlCommand Create(NpgsqlConnection connection, NpgsqlTransaction? transaction, string text, SqlValues values)
    {
#pragma warning disable CA2100 // The text is made of constants of the ledger; values travel as parameters.
        var command = new NpgsqlCommand(text, connection, transaction);
#pragma warning restore CA2100
        foreach ((string name, object? value) in values.All)
        {
            command.Parameters.AddWithValue(name, Of(value));
        }

        return command;
    }

    private static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        string text => PostgresText.Safe(text)!,
        DateTimeOffset time => time.ToUniversalTime(),
        IEnumerable<Guid> ids => ids.ToArray(),
        _ => value,
    };

    private sealed class Transaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : ISqlTransaction
    {
        public Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct) =>
            PostgresSql.ReadAsync(connection, transaction, text, values, row, ct);

        public async Task<int> RunAsync(string text, SqlValues values, CancellationToken ct)
        {
            await using NpgsqlCommand command = Create(connection, transaction, text, values);
            return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
    }
}
