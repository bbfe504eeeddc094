using CredSync.Host.Storage;
using CredSync.Issuers;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Issue;

/// <summary>What is kept beside the journal, in its SQLite file.</summary>
internal sealed class SqliteIssuerStore(SqliteDatabase database, TimeProvider time) : IIssuerStore
{
    public async Task<IReadOnlyList<RevocationNote>> NoteRevocationsAsync(IReadOnlyList<RevocationNote> revocations, CancellationToken ct)
    {
        var notes = new List<RevocationNote>(revocations.Count);
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        foreach (RevocationNote note in revocations)
        {
            string id = SqliteText.Of(note.Issuance);
            await session.Connection.ExecuteAsync(Command(
                """
                INSERT INTO revocations (issuance_id, issuer, credential_id, reason, revoked_at, status_number)
                VALUES (@id, @Issuer, @CredentialId, @Reason, @revokedAt, (SELECT status_number FROM issue_journal WHERE issuance_id = @id AND issuer = @Issuer))
                ON CONFLICT DO NOTHING
                """,
                new { id, note.Issuer, note.CredentialId, note.Reason, revokedAt = SqliteText.Of(note.RevokedAt) }, session.Transaction, ct)).ConfigureAwait(false);
            (string Issuer, string Credential, string Reason, string RevokedAt, long? Number, string? Confirmed) row = await session.Connection.QuerySingleAsync<(string, string, string, string, long?, string?)>(Command(
                "SELECT issuer, credential_id, reason, revoked_at, status_number, confirmed_at FROM revocations WHERE issuance_id = @id", new { id }, session.Transaction, ct)).ConfigureAwait(false);
            notes.Add(new RevocationNote
            {
                Issuance = note.Issuance, Issuer = row.Issuer, CredentialId = row.Credential, Reason = row.Reason, RevokedAt = SqliteText.Time(row.RevokedAt), StatusNumber = row.Number, IsConfirmed = row.Confirmed is not null,
            });
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
        return notes;
    }

    public async Task ConfirmRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct)
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        foreach (Guid issuance in issuances)
        {
            await session.Connection.ExecuteAsync(Command(
                "UPDATE revocations SET confirmed_at = @now WHERE issuance_id = @id AND confirmed_at IS NULL", new { id = SqliteText.Of(issuance), now = SqliteText.Of(time.GetUtcNow()) }, session.Transaction, ct)).ConfigureAwait(false);
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
    }

    public async Task<KeptDocument?> DocumentAsync(string issuer, string path, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return (await connection.QueryAsync<(string MediaType, byte[] Content, long Version, string MadeAt, string? ValidUntil)>(Command(
            "SELECT media_type, content, version, made_at, valid_until FROM kept_documents WHERE issuer = @issuer AND path = @path", new { issuer, path }, null, ct)).ConfigureAwait(false))
            .Select(r => new KeptDocument { MediaType = r.MediaType, Content = r.Content, Version = r.Version, MadeAt = SqliteText.Time(r.MadeAt), ValidUntil = SqliteText.TimeOrNull(r.ValidUntil) })
            .FirstOrDefault();
    }

    public async Task KeepAsync(string issuer, string path, KeptDocument document, CancellationToken ct)
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        await session.Connection.ExecuteAsync(Command(
            """
            INSERT INTO kept_documents (issuer, path, version, media_type, content, made_at, valid_until) VALUES (@issuer, @path, @Version, @MediaType, @content, @madeAt, @validUntil)
            ON CONFLICT (issuer, path) DO UPDATE SET version = excluded.version, media_type = excluded.media_type, content = excluded.content, made_at = excluded.made_at, valid_until = excluded.valid_until
            WHERE kept_documents.version < excluded.version OR (kept_documents.version = excluded.version AND kept_documents.made_at <= excluded.made_at)
            """,
            new { issuer, path, document.Version, document.MediaType, content = document.Content.ToArray(), madeAt = SqliteText.Of(document.MadeAt), validUntil = SqliteText.Of(document.ValidUntil) },
            session.Transaction,
            ct)).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
    }

    public async Task<KeptCredential?> CredentialAsync(string issuer, string credentialId, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        (string Id, string IssuedAt, string? PublicUrl, string? RevokedAt, string? Reason)[] rows = [.. await connection.QueryAsync<(string, string, string?, string?, string?)>(Command(
            """
            SELECT j.issuance_id, j.issued_at, j.public_url, CASE WHEN r.confirmed_at IS NOT NULL THEN r.revoked_at END, CASE WHEN r.confirmed_at IS NOT NULL THEN r.reason END
            FROM issue_journal AS j LEFT JOIN revocations AS r ON r.issuance_id = j.issuance_id
            WHERE j.credential_id = @credentialId AND j.issuer = @issuer AND j.state = 'Finished'
            """,
            new { issuer, credentialId }, null, ct)).ConfigureAwait(false)];
        if (rows.Length == 0)
        {
            return null;
        }

        (string id, string issuedAt, string? publicUrl, string? revokedAt, string? reason) = rows[0];
        IEnumerable<(string MediaType, string Extension, byte[] Content)> documents = await connection.QueryAsync<(string, string, byte[])>(Command(
            "SELECT media_type, extension, content FROM credential_documents WHERE issuance_id = @id ORDER BY extension", new { id }, null, ct)).ConfigureAwait(false);
        return new KeptCredential
        {
            IssuanceId = Guid.Parse(id),
            Credential = new IssuedCredential
            {
                CredentialId = credentialId, IssuedAt = SqliteText.Time(issuedAt), PublicUrl = publicUrl, Documents = [.. documents.Select(d => new CredentialDocument(d.MediaType, d.Extension, d.Content))],
            },
            RevokedAt = SqliteText.TimeOrNull(revokedAt),
            RevocationReason = reason,
        };
    }

    public async Task<StatusNumbers> StatusNumbersAsync(string issuer, CancellationToken ct)
    {
        // One transaction: no number may be revoked that is not below the next one.
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        await using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        long next = await connection.QuerySingleOrDefaultAsync<long>(Command("SELECT next_number FROM status_numbers WHERE issuer = @issuer", new { issuer }, transaction, ct)).ConfigureAwait(false);
        IEnumerable<long> revoked = await connection.QueryAsync<long>(Command(
            "SELECT status_number FROM revocations WHERE issuer = @issuer AND confirmed_at IS NOT NULL AND status_number IS NOT NULL ORDER BY status_number", new { issuer }, transaction, ct)).ConfigureAwait(false);
        return new StatusNumbers(next, [.. revoked]);
    }

    public async Task<long> SequenceLogAsync(string issuer, CancellationToken ct)
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        long size = await session.Connection.QuerySingleAsync<long>(Command(
            "SELECT COALESCE(max(position) + 1, 0) FROM log_entries WHERE issuer = @issuer AND position IS NOT NULL", new { issuer }, session.Transaction, ct)).ConfigureAwait(false);
        long added = await session.Connection.ExecuteAsync(Command(
            """
            WITH waiting AS (SELECT entry_id, row_number() OVER (ORDER BY entry_id) - 1 AS n FROM log_entries WHERE issuer = @issuer AND position IS NULL)
            UPDATE log_entries SET position = @size + waiting.n FROM waiting WHERE log_entries.entry_id = waiting.entry_id
            """,
            new { issuer, size }, session.Transaction, ct)).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        return size + added;
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(string issuer, long from, int count, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<byte[]>(Command(
            "SELECT entry FROM log_entries WHERE issuer = @issuer AND position >= @from ORDER BY position LIMIT @count", new { issuer, from, count }, null, ct)).ConfigureAwait(false)).Select(e => new ReadOnlyMemory<byte>(e))];
    }

    public async Task<long?> LogPositionAsync(string issuer, Guid issuance, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return await connection.QuerySingleOrDefaultAsync<long?>(Command(
            "SELECT position FROM log_entries WHERE issuance_id = @id AND issuer = @issuer", new { id = SqliteText.Of(issuance), issuer }, null, ct)).ConfigureAwait(false);
    }

    private static CommandDefinition Command(string sql, object parameters, SqliteTransaction? transaction, CancellationToken ct) => new(sql, parameters, transaction, cancellationToken: ct);
}
