using System.Globalization;
using CredSync.Host.Storage;
using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>The ledger in one SQLite file; the embedded default. Each part of its work has a file of its own beside this one.</summary>
internal sealed partial class SqliteLedger(SqliteDatabase database, TimeProvider time) : ILedger
{
    public async Task MigrateAsync(CancellationToken ct)
    {
        string? folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(database.Path));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        // The file lock lets processes that start together migrate one after the other; the second finds nothing to do.
        await using FileStream gate = await FileGate.EnterAsync(database.Path + ".migrate", time, ct).ConfigureAwait(false);
        await using (await database.OpenAsync(ct).ConfigureAwait(false))
        {
            MigrationScripts.Apply(DeployChanges.To.SqliteDatabase(database.ConnectionString), "Ledger.Migrations.Sqlite", $"The ledger '{database.Path}'");
        }
    }

    private string Now => SqliteText.Of(time.GetUtcNow());

    private Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read, CancellationToken ct) => database.GuardAsync(async () =>
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return await read(connection).ConfigureAwait(false);
    });

    private Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, Task<T>> write, CancellationToken ct) => database.GuardAsync(async () =>
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        T result = await write(session.Connection, session.Transaction).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        return result;
    });

    private static string Ids(IEnumerable<Guid> ids) => LedgerJson.Write([.. ids.Select(SqliteText.Of)]);

    private static Guid Id(string text) => Guid.Parse(text, CultureInfo.InvariantCulture);

    private static CommandDefinition Command(string sql, object? parameters, SqliteTransaction? transaction, CancellationToken ct) =>
        new(sql, parameters, transaction, cancellationToken: ct);
}
