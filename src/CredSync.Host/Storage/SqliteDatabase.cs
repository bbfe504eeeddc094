using System.Globalization;
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
    private readonly string pragmas;
    private readonly SemaphoreSlim watching = new(1, 1);
    private SqliteConnection? watcher;
    private int watchers;

    /// <summary>Describes a file; nothing is opened yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostPages">How many pages of 4 kB it may have at most, as if the disk ended there; null for as many as the disk takes.</param>
    public SqliteDatabase(string path, int? mostPages = null)
    {
        Path = path;
        pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
            + (mostPages is { } most ? string.Create(CultureInfo.InvariantCulture, $" PRAGMA max_page_count = {most};") : "");
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
            using SqliteCommand command = connection.CreateCommand();

            // Synchronous FULL: a commit survives a power cut, not only a killed process; the cost is one fsync a page, not a row.
#pragma warning disable CA2100 // Made of constants and a number.
            command.CommandText = pragmas;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            return connection;
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new StorageException($"Cannot open '{Path}': {SqliteErrors.Explain(e)}", e);
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

    /// <summary>A word that is another one whenever any other connection, of this process or another, has committed since.</summary>
    public async Task<string> ChangeMarkAsync(CancellationToken ct)
    {
        await watching.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            // SQLite tells each connection of the others' commits, so one stays open for it; another one begins to count anew.
            if (watcher is null)
            {
                watcher = await OpenAsync(ct).ConfigureAwait(false);
                watchers++;
            }

            using SqliteCommand command = watcher.CreateCommand();
            command.CommandText = "PRAGMA data_version";
            object? version = await command.ExecuteScalarAsync(ct).ConfigureAwait(false);
            return string.Create(CultureInfo.InvariantCulture, $"{watchers}:{version}");
        }
        catch (SqliteException e)
        {
            watcher?.Dispose();
            watcher = null;
            throw SqliteErrors.Translate(e, Path);
        }
        finally
        {
            watching.Release();
        }
    }

    /// <summary>Runs something; what SQLite throws comes out as one sentence.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, Path);
        }
    }

    public void Dispose()
    {
        watcher?.Dispose();
        watching.Dispose();
        using (var connection = new SqliteConnection(connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        writers.Dispose();
    }
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
