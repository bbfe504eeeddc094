using Dapper;
using DbUp;
using DbUp.Builder;
using DbUp.Postgresql;
using Npgsql;

namespace CredSync.Host.Storage;

/// <summary>Brings a schema of PostgreSQL up to date, once, however many workers start together: the others wait at an advisory lock and find nothing left to do.</summary>
internal static class PostgresMigrations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Creates the schema if it is not there and applies what is not applied yet.</summary>
    /// <param name="database">The database.</param>
    /// <param name="folder">The resource folder, for example <c>Ledger.Migrations.Postgres</c>.</param>
    /// <param name="what">What lives there, to begin a sentence with, for example <c>The ledger</c>.</param>
    /// <param name="ct">Cancels the waiting, not a script under way.</param>
    /// <exception cref="StorageException">The database cannot be used, or a newer version wrote it.</exception>
    public static Task ApplyAsync(PostgresDatabase database, string folder, string what, CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                await LockAsync(connection, database, ct).ConfigureAwait(false);
                try
                {
                    await CreateSchemaAsync(connection, database.Schema, ct).ConfigureAwait(false);

                    UpgradeEngineBuilder target = DeployChanges.To.PostgresqlDatabase(database.ConnectionString).JournalToPostgresqlTable(database.Schema, "schema_versions");

                    // Without a schema's name: DbUp would create the schema whether it is there or not, which needs more rights than using it.
                    target.Configure(c => c.ScriptExecutor = new PostgresqlScriptExecutor(() => c.ConnectionManager, () => c.Log, null, () => c.VariablesEnabled, c.ScriptPreprocessors, () => c.Journal));
                    MigrationScripts.Apply(target, folder, $"{what} in {database.Name}");
                    return true;
                }
                catch (StorageException e) when (e.InnerException is NpgsqlException inner)
                {
                    throw PostgresErrors.Translate(inner, $"{what} in {database.Name}");
                }
                finally
                {
                    await connection.ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended('credsync migrates ' || @schema, 0))", new { schema = database.Schema }).ConfigureAwait(false);
                }
            },
            ct);

    private static async Task LockAsync(NpgsqlConnection connection, PostgresDatabase database, CancellationToken ct)
    {
        // Waiting for another process takes real time, whatever clock the worker's decisions run on.
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        while (!await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT pg_try_advisory_lock(hashtextextended('credsync migrates ' || @schema, 0))", new { schema = database.Schema }, cancellationToken: ct)).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new StorageException($"{database.Name} is being migrated by another worker for more than a minute; see what that worker says, then start again.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, ct).ConfigureAwait(false);
        }
    }

    // Asked first: CREATE SCHEMA IF NOT EXISTS wants the right to create even where there is nothing to create.
    private static async Task CreateSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        if (!await connection.QuerySingleAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @schema)", new { schema }, cancellationToken: ct)).ConfigureAwait(false))
        {
            await connection.ExecuteAsync(new CommandDefinition($"CREATE SCHEMA \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken: ct)).ConfigureAwait(false);
        }
    }
}
