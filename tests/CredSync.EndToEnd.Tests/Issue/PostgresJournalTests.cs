using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Issue;

namespace CredSync.EndToEnd.Tests.Issue;

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgresJournalTests(PostgresFixture postgres) : JournalSuite, IAsyncDisposable
{
    private PostgresDatabase? database;

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private protected override IIssuerStore Store => new PostgresIssuerStore(database!, Time);

    private protected override async Task<IIssueJournal> OpenAsync(LeaseOwner owner)
    {
        database ??= new PostgresDatabase(await postgres.NewDatabaseAsync(Ct), PostgresIssueJournal.Schema, "Issue:ConnectionString");
        var journal = new PostgresIssueJournal(database, owner, Time);
        await journal.MigrateAsync(Ct);
        return journal;
    }
}
