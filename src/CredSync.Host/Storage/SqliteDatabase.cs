using Microsoft.Data.Sqlite;

namespace CredSync.Host.Storage;

/// <summary>
/// One SQLite file in WAL mode: many readers, one writer at a time. Writers of this process queue here instead of spinning on SQLite's lock;
/// writers of other processes wait up to the busy time-out.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly SemaphoreSlim writers = new(1, 1);
    private readonly string connectionString;

    public SqliteDatabase(string path)
    {
        Path = path;
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Cache = SqliteCacheMode.Default, Pooling = true, DefaultTimeout = 30 }.ToString();
    }

    public string Path { get; }

    public string ConnectionString => connectionString;

    public async Task<SqliteConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(ct).ConfigureAwait(false);
            using SqliteCommand pragmas = connection.CreateCommand();

            // FULL: a commit survives a power cut, not only a killed process; the cost is one fsync a page, not a row.
            pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
            await pragmas.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            return connection;
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new StorageException($"Cannot open '{Path}': {Explain(e)}", e);
        }
    }

    /// <summary>Begins a write: alone in this process, with SQLite's write lock taken at once, so that nothing read in it can be stale.</summary>
    public async Task<SqliteWrite> BeginWriteAsync(CancellationToken ct)
    {
        await writers.WaitAsync(ct).ConfigureAwait(false);
        SqliteConnection? connection = null;
        try
        {
            connection = await OpenAsync(ct).ConfigureAwait(false);
            SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            return new SqliteWrite(connection, transaction, writers);
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            writers.Release();
            throw;
        }
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        writers.Dispose();
    }

    private static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        14 => "the file or its folder cannot be opened; check that the folder exists and is writable.",
        8 => "the file is read-only.",
        11 or 26 => "the file is not a SQLite database or is damaged; restore it from a backup.",
        13 => "the disk is full; free space and start again, nothing was half done.",
        _ => $"SQLite error {e.SqliteErrorCode}: {e.Message}",
    };
}

/// <summary>A write under way. Disposing it without <see cref="CommitAsync"/> undoes it.</summary>
internal sealed class SqliteWrite(SqliteConnection connection, SqliteTransaction transaction, SemaphoreSlim writers) : IAsyncDisposable
{
    public SqliteConnection Connection => connection;

    public SqliteTransaction Transaction => transaction;

    public Task CommitAsync(CancellationToken ct) => transaction.CommitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        writers.Release();
    }
}
