using Microsoft.Data.Sqlite;

namespace CredSync.Host.Storage;

/// <summary>One statement for all rows of a batch: SQLite has no array parameters, and reading a statement anew costs more than the row that it writes.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand command;

    /// <summary>Makes it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="sql">The text, a constant.</param>
    /// <param name="names">Its parameters, without their sign, in the order in which their values are given.</param>
    public SqliteStatement(SqliteConnection connection, SqliteTransaction transaction, string sql, params ReadOnlySpan<string> names)
    {
        command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is a constant of the caller; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
        }
    }

    /// <summary>Runs it with values.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> RunAsync(CancellationToken ct, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command.ExecuteNonQueryAsync(ct);
    }

    public void Dispose() => command.Dispose();
}
