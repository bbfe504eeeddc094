using CredSync.Host.Storage;
using CredSync.Issuers;
using Npgsql;

namespace CredSync.Host.Issue;

/// <summary>What is kept beside the journal, in its PostgreSQL schema.</summary>
internal sealed class PostgresIssuerStore(PostgresDatabase database, TimeProvider time) : IIssuerStore
{
    public Task<IReadOnlyList<RevocationNote>> NoteRevocationsAsync(IReadOnlyList<RevocationNote> revocations, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<RevocationNote>>(
            async (connection, transaction) =>
            {
                List<RevocationNote> distinct = [.. revocations.DistinctBy(r => r.Issuance).OrderBy(r => r.Issuance)];
                await new BulkCommand(
                    connection,
                    transaction,
                    """
                    INSERT INTO revocations (issuance_id, issuer, credential_id, reason, revoked_at, status_number)
                    SELECT t.id, t.issuer, t.credential, t.reason, t.revoked_at, j.status_number
                    FROM unnest(@ids, @issuers, @credentials, @reasons, @revoked) AS t (id, issuer, credential, reason, revoked_at)
                    LEFT JOIN issue_journal AS j ON j.issuance_id = t.id AND j.issuer = t.issuer
                    ORDER BY t.id
                    ON CONFLICT DO NOTHING
                    """)
                    .Ids("ids", distinct.Select(r => r.Issuance)).Text("issuers", distinct.Select(r => r.Issuer)).Text("credentials", distinct.Select(r => r.CredentialId))
                    .Text("reasons", distinct.Select(r => r.Reason)).Times("revoked", distinct.Select(r => (DateTimeOffset?)r.RevokedAt))
                    .RunAsync(ct).ConfigureAwait(false);
                Dictionary<Guid, RevocationNote> notes = (await new BulkCommand(
                    connection,
                    transaction,
                    "SELECT issuance_id, issuer, credential_id, reason, revoked_at, status_number, confirmed_at FROM revocations WHERE issuance_id = ANY(@ids)")
                    .Ids("ids", distinct.Select(r => r.Issuance))
                    .ReadAsync(
                        r => new RevocationNote
                        {
                            Issuance = r.GetGuid(0), Issuer = r.GetString(1), CredentialId = r.GetString(2), Reason = r.GetString(3), RevokedAt = r.Time(4),
                            StatusNumber = r.IsDBNull(5) ? null : r.GetInt64(5), IsConfirmed = !r.IsDBNull(6),
                        },
                        ct).ConfigureAwait(false)).ToDictionary(n => n.Issuance);
                return [.. revocations.Select(r => notes[r.Issuance])];
            },
            ct);

    public Task ConfirmRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => new BulkCommand(
                connection,
                transaction,
                """
                WITH mine AS (SELECT issuance_id FROM revocations WHERE issuance_id = ANY(@ids) AND confirmed_at IS NULL ORDER BY issuance_id FOR UPDATE)
                UPDATE revocations AS r SET confirmed_at = @now FROM mine WHERE r.issuance_id = mine.issuance_id
                """)
                .Ids("ids", issuances).Time("now", time.GetUtcNow()).RunAsync(ct),
            ct);

    public async Task<KeptDocument?> DocumentAsync(string issuer, string path, CancellationToken ct) =>
        (await RowsAsync(
            "SELECT media_type, content, version, made_at, valid_until FROM kept_documents WHERE issuer = @issuer AND path = @path",
            c => c.Word("issuer", issuer).Word("path", path),
            r => new KeptDocument { MediaType = r.GetString(0), Content = r.GetFieldValue<byte[]>(1), Version = r.GetInt64(2), MadeAt = r.Time(3), ValidUntil = r.TimeOrNull(4) },
            ct).ConfigureAwait(false)).FirstOrDefault();

    public Task KeepAsync(string issuer, string path, KeptDocument document, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => new BulkCommand(
                connection,
                transaction,
                """
                INSERT INTO kept_documents AS k (issuer, path, version, media_type, content, made_at, valid_until)
                SELECT @issuer, @path, @version, @type, content, @made, @until FROM unnest(@content) AS t (content)
                ON CONFLICT (issuer, path) DO UPDATE SET version = excluded.version, media_type = excluded.media_type, content = excluded.content, made_at = excluded.made_at, valid_until = excluded.valid_until
                WHERE k.version < excluded.version OR (k.version = excluded.version AND k.made_at <= excluded.made_at)
                """)
                .Word("issuer", issuer).Word("path", path).Number("version", document.Version).Word("type", document.MediaType).Bytes("content", [document.Content])
                .Time("made", document.MadeAt).Time("until", document.ValidUntil).RunAsync(ct),
            ct);

    public async Task<KeptCredential?> CredentialAsync(string issuer, string credentialId, CancellationToken ct)
    {
        IReadOnlyList<(Guid Id, DateTimeOffset IssuedAt, string? PublicUrl, DateTimeOffset? RevokedAt, string? Reason)> found = await RowsAsync(
            """
            SELECT j.issuance_id, j.issued_at, j.public_url, CASE WHEN r.confirmed_at IS NOT NULL THEN r.revoked_at END, CASE WHEN r.confirmed_at IS NOT NULL THEN r.reason END
            FROM issue_journal AS j LEFT JOIN revocations AS r ON r.issuance_id = j.issuance_id
            WHERE j.credential_id = @credential AND j.issuer = @issuer AND j.state = 'Finished'
            """,
            c => c.Word("credential", credentialId).Word("issuer", issuer),
            r => (r.GetGuid(0), r.Time(1), r.Text(2), r.TimeOrNull(3), r.Text(4)),
            ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        IReadOnlyList<CredentialDocument> documents = await RowsAsync(
            "SELECT media_type, extension, content FROM credential_documents WHERE issuance_id = @id ORDER BY extension",
            c => c.Id("id", found[0].Id),
            r => new CredentialDocument(r.GetString(0), r.GetString(1), r.GetFieldValue<byte[]>(2)),
            ct).ConfigureAwait(false);
        return new KeptCredential
        {
            IssuanceId = found[0].Id,
            Credential = new IssuedCredential { CredentialId = credentialId, IssuedAt = found[0].IssuedAt, PublicUrl = found[0].PublicUrl, Documents = documents },
            RevokedAt = found[0].RevokedAt,
            RevocationReason = found[0].Reason,
        };
    }

    public Task<StatusNumbers> StatusNumbersAsync(string issuer, CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                // The revoked ones first: what is revoked was given before, so the next number read afterwards is above all of them.
                List<long> revoked = await new BulkCommand(
                    connection, null, "SELECT status_number FROM revocations WHERE issuer = @issuer AND confirmed_at IS NOT NULL AND status_number IS NOT NULL ORDER BY status_number")
                    .Word("issuer", issuer).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false);
                List<long> next = await new BulkCommand(connection, null, "SELECT next_number FROM status_numbers WHERE issuer = @issuer").Word("issuer", issuer).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false);
                return new StatusNumbers(next.Count == 0 ? 0 : next[0], revoked);
            },
            ct);

    public Task<long> SequenceLogAsync(string issuer, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) =>
            {
                // One at a time for each log: two that counted at once would give the same position.
                await new BulkCommand(connection, transaction, "SELECT pg_advisory_xact_lock(hashtextextended('credsync log ' || @issuer, 0))").Word("issuer", issuer).RunAsync(ct).ConfigureAwait(false);
                return (await new BulkCommand(
                    connection,
                    transaction,
                    """
                    WITH had AS (SELECT COALESCE(max(position) + 1, 0) AS size FROM log_entries WHERE issuer = @issuer AND position IS NOT NULL),
                    waiting AS (SELECT entry_id, row_number() OVER (ORDER BY entry_id) - 1 AS n FROM log_entries WHERE issuer = @issuer AND position IS NULL),
                    placed AS (UPDATE log_entries AS l SET position = had.size + w.n FROM waiting AS w, had WHERE l.entry_id = w.entry_id RETURNING 1)
                    SELECT had.size + (SELECT count(*) FROM placed) FROM had
                    """)
                    .Word("issuer", issuer).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false))[0];
            },
            ct);

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(string issuer, long from, int count, CancellationToken ct) => RowsAsync(
        "SELECT entry FROM log_entries WHERE issuer = @issuer AND position >= @from ORDER BY position LIMIT @count",
        c => c.Word("issuer", issuer).Number("from", from).Number("count", count),
        r => new ReadOnlyMemory<byte>(r.GetFieldValue<byte[]>(0)),
        ct);

    public async Task<long?> LogPositionAsync(string issuer, Guid issuance, CancellationToken ct) =>
        (await RowsAsync(
            "SELECT position FROM log_entries WHERE issuance_id = @id AND issuer = @issuer AND position IS NOT NULL",
            c => c.Id("id", issuance).Word("issuer", issuer),
            r => (long?)r.GetInt64(0),
            ct).ConfigureAwait(false)).FirstOrDefault();

    private Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<BulkCommand, BulkCommand> parameters, Func<NpgsqlDataReader, T> row, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<T>>(async connection => await parameters(new BulkCommand(connection, null, sql)).ReadAsync(row, ct).ConfigureAwait(false), ct);
}
