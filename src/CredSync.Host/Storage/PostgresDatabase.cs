using System.Data.Common;
using Npgsql;

namespace CredSync.Host.Storage;

/// <summary>
/// One schema of one PostgreSQL database. Every operation is one transaction, tried again when it collided with another; whatever Npgsql throws comes out as a
/// <see cref="StorageException"/> of one sentence.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>The oldest supported server.</summary>
    public static readonly Version OldestServer = new(15, 0);

    private const int Attempts = 5;
    private readonly NpgsqlDataSource source;
    private readonly Version oldest;

    /// <summary>Describes a database; nothing is connected yet.</summary>
    /// <param name="connectionString">An Npgsql connection string. Its own settings win over those that are set here.</param>
    /// <param name="schema">The schema that holds our tables; a 'Search Path' in the connection string wins.</param>
    /// <param name="setting">The setting that the string came from, for error sentences, for example <c>Ledger:ConnectionString</c>.</param>
    /// <param name="oldest">The oldest server to accept; null for <see cref="OldestServer"/>.</param>
    /// <exception cref="StorageSettingException">The connection string cannot be read.</exception>
    public PostgresDatabase(string connectionString, string schema, string setting, Version? oldest = null)
    {
        NpgsqlConnectionStringBuilder settings = Read(connectionString, setting);
        settings.SearchPath ??= schema;
        settings.ApplicationName ??= "credsync";
        HashSet<string> said = Said(connectionString);
        settings.MaxPoolSize = said.Contains("maximumpoolsize") || said.Contains("maxpoolsize") ? settings.MaxPoolSize : 40;
        settings.MaxAutoPrepare = said.Contains("maxautoprepare") ? settings.MaxAutoPrepare : 100;
        settings.AutoPrepareMinUsages = said.Contains("autoprepareminusages") ? settings.AutoPrepareMinUsages : 2;
        settings.GssEncryptionMode = said.Contains("gssencryptionmode") ? settings.GssEncryptionMode : GssEncryptionMode.Disable;

        // Nothing that a connection is told lasts beyond its transaction, so it need not be told to forget when it goes back to the pool.
        settings.NoResetOnClose = !said.Contains("noresetonclose") || settings.NoResetOnClose;
        settings.TcpKeepAlive = true;

        // A worker that froze or was cut off in a page must not hold people's rows for ever.
        settings.Options ??= "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=30000 -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4 -c random_page_cost=1.1 -c jit=off";
        Schema = settings.SearchPath.Split(',')[0].Trim().Trim('"');
        Name = $"PostgreSQL at {settings.Host}:{settings.Port}, database '{settings.Database ?? settings.Username}', user '{settings.Username}',";
        ConnectionString = settings.ConnectionString;
        this.oldest = oldest ?? OldestServer;
        source = new NpgsqlDataSourceBuilder(ConnectionString).Build();
    }

    /// <summary>The server, database and user in words, to begin a sentence with; no password.</summary>
    public string Name { get; }

    /// <summary>The schema that holds our tables.</summary>
    public string Schema { get; }

    /// <summary>The connection string with everything that was set here. Secret.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="StorageException">It cannot be opened, or the server is too old.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
            if (connection.PostgreSqlVersion < oldest)
            {
                Version found = connection.PostgreSqlVersion;
                throw new StorageException($"{Name} is version {found.Major}.{found.Minor}; CredSync needs {oldest.Major} or newer: upgrade the server.");
            }

            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if (IsOurs(e, ct))
            {
                throw PostgresErrors.Translate(e, Name);
            }

            throw;
        }
    }

    /// <summary>Reads.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken ct) => GuardAsync(
        async () =>
        {
            await using NpgsqlConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            return await read(connection).ConfigureAwait(false);
        },
        ct);

    /// <summary>Writes, in one transaction; what it returns has been committed.</summary>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> write, CancellationToken ct) => GuardAsync(
        async () =>
        {
            await using NpgsqlConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            await using NpgsqlTransaction transaction = await BeginAsync(connection, ct).ConfigureAwait(false);
            T result = await write(connection, transaction).ConfigureAwait(false);
            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return result;
        },
        ct);

    /// <summary>
    /// Begins a transaction of the pipeline, which only ever looks at few rows of large tables, by their keys. The server plans a statement when it is first used: on a
    /// table that is still empty it would walk through all of it, and keep to that while it grows by a hundred thousand rows; and for a page of a thousand keys it would
    /// rather read a whole index than look a thousand times.
    /// </summary>
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await new BulkCommand(connection, transaction, "SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)").RunAsync(ct).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>Runs a part of a longer transaction: errors become sentences, and a collision is left to whoever can repeat the whole.</summary>
    /// <exception cref="CollisionException">Another transaction was in the way; do the whole transaction again.</exception>
    public async Task<T> PartAsync<T>(Func<Task<T>> part, CancellationToken ct)
    {
        try
        {
            return await part().ConfigureAwait(false);
        }
        catch (PostgresException e) when (PostgresErrors.IsCollision(e))
        {
            throw new CollisionException($"{Name} found two transactions in each other's way.", e);
        }
        catch (Exception e) when (IsOurs(e, ct))
        {
            throw PostgresErrors.Translate(e, Name);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await PartAsync(work, ct).ConfigureAwait(false);
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // The server has undone ours and let the other pass; nothing is in the way now.
            }
        }
    }

    private static bool IsOurs(Exception e, CancellationToken ct) => e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException && !ct.IsCancellationRequested;

    private static NpgsqlConnectionStringBuilder Read(string text, string setting)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            return settings.Host is null
                ? throw new StorageSettingException($"{setting} names no Host; it looks like 'Host=db;Database=credsync;Username=credsync;Password=…'.")
                : settings;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StorageSettingException($"{setting} is not a PostgreSQL connection string; it looks like 'Host=db;Database=credsync;Username=credsync;Password=…'.", e);
        }
    }

    // What the string itself says, without spaces; the builder claims to contain every setting that there is.
    private static HashSet<string> Said(string connectionString) =>
        [.. new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>().Select(k => k.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant())];
}
