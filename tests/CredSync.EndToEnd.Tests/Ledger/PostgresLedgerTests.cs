using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Ledger;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgresLedgerTests(PostgresFixture postgres) : LedgerSuite, IAsyncDisposable
{
    private PostgresDatabase? database;

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private protected override async Task<ILedger> OpenAsync()
    {
        database ??= new PostgresDatabase(await postgres.NewDatabaseAsync(Ct), PostgresLedger.Schema, "Ledger:ConnectionString");
        var ledger = new PostgresLedger(database, Time);
        await ledger.MigrateAsync(Ct);
        return ledger;
    }
}
