using CredSync.Host.Issue;
using CredSync.Host.Storage;

namespace CredSync.Host.Tests.Issue;

/// <summary>The suite on SQLite.</summary>
public sealed class SqliteJournalTests : JournalSuite, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteDatabase> databases = [];

    public void Dispose()
    {
        databases.ForEach(d => d.Dispose());
        folder.Dispose();
    }

    private protected override IIssuerStore Store => new SqliteIssuerStore(databases[^1], Time);

    private protected override async Task<IIssueJournal> OpenAsync(LeaseOwner owner)
    {
        var database = new SqliteDatabase(folder.File("journal.db"));
        databases.Add(database);
        var journal = new SqliteIssueJournal(database, owner, Time);
        await journal.MigrateAsync(Ct);
        return journal;
    }
}
