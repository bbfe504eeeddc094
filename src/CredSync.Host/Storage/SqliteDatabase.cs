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

        // A page of completions touches thousands of pages of the file, the more of them apart the larger it is, and the next one many of them again: written back every 16 MB instead of every 4, they are written less often.
        pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;"
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
        SqliteWrite write = await EnterWriteAsync(ct).ConfigureAwait(false);
        try
        {
            write.Begin();
            return write;
        }
        catch
        {
            await write.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>As <see cref="BeginWriteAsync"/>, but SQLite's lock is taken only when the write is begun: writers of other processes go on until then.</summary>
    public async Task<SqliteWrite> EnterWriteAsync(CancellationToken ct)
    {
        await writers.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return new SqliteWrite(await OpenAsync(ct).ConfigureAwait(false), writers);
        }
        catch
        {
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
internal sealed class SqliteWrite(SqliteConnection connection, SemaphoreSlim writers) : IAsyncDisposable
{
    private SqliteTransaction? transaction;
    private bool isUnhurried;

    public SqliteConnection Connection => connection;

    /// <summary>The transaction, begun if it was not.</summary>
    public SqliteTransaction Transaction => transaction ?? Begin();

    /// <summary>Whether SQLite's write lock was taken.</summary>
    public bool HasBegun => transaction is not null;

    /// <summary>Takes SQLite's write lock, unless it was taken before.</summary>
    public SqliteTransaction Begin() => transaction ??= connection.BeginTransaction(deferred: false);

    /// <summary>Takes SQLite's write lock for something that may be lost when the power fails: its commit does not wait for the disk. The next one that waits takes it along; a killed process loses nothing.</summary>
    /// <exception cref="InvalidOperationException">The lock was taken before.</exception>
    public void BeginUnhurried()
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("How a write ends up on the disk must be said before it begins.");
        }

        isUnhurried = true;
        Set("PRAGMA synchronous = NORMAL");
        Begin();
    }

    public Task CommitAsync(CancellationToken ct) => Transaction.CommitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync().ConfigureAwait(false);
            }

            if (isUnhurried)
            {
                // The connection goes back to those who take what they write for safe.
                Set("PRAGMA synchronous = FULL");
            }
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            writers.Release();
        }
    }

    private void Set(string pragma)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
        command.CommandText = pragma;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
