using System.Collections.Concurrent;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Dapper;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>The ledger in PostgreSQL, for any number of workers. Each part of its work has a file of its own beside this one.</summary>
internal sealed partial class PostgresLedger(PostgresDatabase database, TimeProvider time) : ILedger
{
    /// <summary>The schema of the ledger's tables.</summary>
    public const string Schema = "credsync";

    /// <summary>The channel on which a committed page says that it planned something.</summary>
    public const string PlannedChannel = "credsync_planned";

    // Facts never change under their id, so what was read once stays right; there are as many as there are revisions of definitions.
    private readonly ConcurrentDictionary<Guid, CredentialFacts> facts = new();

    public Task MigrateAsync(CancellationToken ct) => PostgresMigrations.ApplyAsync(database, "Ledger.Migrations.Postgres", "The ledger", ct);

    private DateTimeOffset Now => time.GetUtcNow().ToUniversalTime();

    private static CommandDefinition Command(string sql, object? parameters, NpgsqlTransaction? transaction, CancellationToken ct) =>
        new(sql, parameters, transaction, cancellationToken: ct);

    private static DateTimeOffset? Time(DateTime? value) => value is { } v ? new DateTimeOffset(v) : null;
}
