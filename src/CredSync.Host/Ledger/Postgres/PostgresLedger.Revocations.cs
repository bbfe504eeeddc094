using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// Credentials that are taken back. Rows are locked as those of issuances are: in the order of their ids, the issuance before its revocation.
internal sealed partial class PostgresLedger
{
    private const string RevocationLines =
        """
        SELECT r.issuance_id, i.definition, i.issuer, r.state, r.reason, r.revoked_at, r.attempts, r.sent_at, r.outcome_at, r.not_before, r.cause, r.sentence
        FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
        """;

    public Task<IReadOnlyList<ClaimedRevocation>> ClaimRevocationsAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<ClaimedRevocation>>(
            async (connection, transaction) => await new BulkCommand(
                connection,
                transaction,
                """
                WITH due AS (
                    SELECT r.issuance_id FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
                    WHERE r.state = 'Planned' AND i.state = 'Issued' AND (r.not_before IS NULL OR r.not_before <= @now) AND (r.claimed_until IS NULL OR r.claimed_until <= @now)
                    ORDER BY r.planned_at LIMIT @limit
                    FOR UPDATE OF r SKIP LOCKED),
                claimed AS (
                    UPDATE revocations AS r SET claimed_until = @until, attempts = attempts + 1
                    FROM due WHERE r.issuance_id = due.issuance_id
                    RETURNING r.issuance_id, r.reason, r.revoked_at, r.planned_at)
                SELECT i.issuance_id, i.issuer, i.credential_id, c.reason, c.revoked_at FROM claimed AS c JOIN issuances AS i ON i.issuance_id = c.issuance_id
                ORDER BY c.planned_at, c.issuance_id
                """)
                .Time("now", Now).Time("until", Now + lease).Number("limit", limit)
                .ReadAsync(r => new ClaimedRevocation(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Time(4)), ct).ConfigureAwait(false),
            ct);

    public Task MarkRevocationsSentAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            """
            WITH mine AS (
                SELECT issuance_id FROM revocations WHERE issuance_id = ANY(@ids) AND state = 'Planned' AND claimed_until IS NOT NULL ORDER BY issuance_id FOR UPDATE)
            UPDATE revocations AS r SET state = 'Sent', sent_at = @now, claimed_until = NULL, not_before = NULL FROM mine WHERE r.issuance_id = mine.issuance_id
            """,
            command => command.Ids("ids", issuances).Time("now", Now),
            ct);

    public Task ReleaseRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            """
            WITH mine AS (SELECT issuance_id FROM revocations WHERE issuance_id = ANY(@ids) AND state = 'Planned' ORDER BY issuance_id FOR UPDATE)
            UPDATE revocations AS r SET claimed_until = NULL FROM mine WHERE r.issuance_id = mine.issuance_id
            """,
            command => command.Ids("ids", issuances),
            ct);

    public Task<int> PlanUnansweredRevocationsAgainAsync(DateTimeOffset sentBefore, CancellationToken ct) =>
        WriteAsync(
            """
            WITH unanswered AS (SELECT issuance_id FROM revocations WHERE state = 'Sent' AND sent_at <= @before ORDER BY issuance_id FOR UPDATE SKIP LOCKED)
            UPDATE revocations AS r SET state = 'Planned', claimed_until = NULL FROM unanswered WHERE r.issuance_id = unanswered.issuance_id
            """,
            command => command.Time("before", sentBefore),
            ct);

    public Task CloseRevocationsAsync(IReadOnlyList<RevocationOutcome> outcomes, CancellationToken ct)
    {
        // What one after the other would leave: a revoked credential never comes back.
        List<RevocationOutcome> last = [.. outcomes.GroupBy(o => o.Id).Select(g => g.FirstOrDefault(o => o.State == RevocationState.Revoked) ?? g.Last()).OrderBy(o => o.Id)];
        return WriteAsync(
            """
            WITH told AS (
                SELECT t.id, t.state, t.at, t.not_before, t.cause, t.sentence FROM unnest(@ids, @states, @at, @notBefore, @causes, @sentences) AS t (id, state, at, not_before, cause, sentence)
                JOIN issuances AS i ON i.issuance_id = t.id ORDER BY t.id FOR UPDATE OF i),
            unasked AS (
                INSERT INTO revocations (issuance_id, state, reason, revoked_at, planned_at, outcome_at)
                SELECT t.id, 'Revoked', 'It was revoked at its issuer.', t.at, @now, t.at FROM told AS t JOIN issuances AS i ON i.issuance_id = t.id
                WHERE t.state = 'Revoked' AND i.state = 'Issued' AND NOT EXISTS (SELECT 1 FROM revocations AS r WHERE r.issuance_id = t.id)
                RETURNING issuance_id, revoked_at),
            closed AS (
                UPDATE revocations AS r SET state = t.state, outcome_at = t.at, not_before = t.not_before, claimed_until = NULL, cause = t.cause, sentence = t.sentence
                FROM told AS t WHERE r.issuance_id = t.id AND r.state <> 'Revoked'
                RETURNING r.issuance_id, r.state, r.revoked_at)
            UPDATE issuances AS i SET revoked_at = done.revoked_at
            FROM (SELECT issuance_id, revoked_at FROM unasked UNION ALL SELECT issuance_id, revoked_at FROM closed WHERE state = 'Revoked') AS done
            WHERE i.issuance_id = done.issuance_id AND i.state = 'Issued' AND i.revoked_at IS NULL
            """,
            command => command
                .Ids("ids", last.Select(o => o.Id)).Text("states", last.Select(o => o.State.ToString())).Times("at", last.Select(o => (DateTimeOffset?)o.At)).Times("notBefore", last.Select(o => o.NotBefore))
                .Text("causes", last.Select(o => o.Cause)).Text("sentences", last.Select(o => o.Sentence)).Time("now", Now),
            ct);
    }

    public async Task<IReadOnlyDictionary<Guid, RevocationLine>> RevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        (await RowsAsync($"{RevocationLines} WHERE r.issuance_id = ANY(@ids)", c => c.Ids("ids", issuances), LineOf, ct).ConfigureAwait(false)).ToDictionary(l => l.Id);

    public Task<IReadOnlyList<RevocationLine>> OpenRevocationsAsync(int limit, CancellationToken ct) =>
        RowsAsync($"{RevocationLines} WHERE r.state IN ('Held', 'Refused') ORDER BY r.planned_at LIMIT @limit", c => c.Number("limit", limit), LineOf, ct);

    public Task<IReadOnlyList<RevokedCredential>> UnfollowedAsync(int limit, CancellationToken ct) =>
        RowsAsync(
            """
            SELECT r.issuance_id, i.subject_id FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
            WHERE r.state = 'Revoked' AND r.followed_at IS NULL ORDER BY r.planned_at, r.issuance_id LIMIT @limit
            """,
            c => c.Number("limit", limit), r => new RevokedCredential(r.GetGuid(0), r.GetGuid(1)), ct);

    public Task<IReadOnlyList<IssuanceLine>> RevocableAsync(RevocableFilter filter, CancellationToken ct) =>
        IssuancesAsync(
            $"""
            (i.state IN ('Sent', 'Issued') OR i.sent_at IS NOT NULL) AND i.state <> 'Refused' AND i.revoked_at IS NULL{(filter.Issuance is null ? "" : " AND i.issuance_id = @Issuance")}
            {(filter.Subject is null ? "" : "AND i.subject_id = @Subject")} {(filter.Definition is null ? "" : "AND i.definition = @Definition")} {(filter.Issuer is null ? "" : "AND i.issuer = @Issuer")}
            {(filter.CredentialId is null ? "" : "AND i.credential_id = @CredentialId")}
            ORDER BY i.issuance_id
            """,
            filter with { Definition = PostgresText.Safe(filter.Definition), Issuer = PostgresText.Safe(filter.Issuer), CredentialId = PostgresText.Safe(filter.CredentialId) },
            ct);

    private static RevocationLine LineOf(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0),
        Definition = r.GetString(1),
        Issuer = r.GetString(2),
        State = Enum.Parse<RevocationState>(r.GetString(3)),
        Reason = r.GetString(4),
        RevokedAt = r.Time(5),
        Attempts = r.GetInt32(6),
        SentAt = r.TimeOrNull(7),
        OutcomeAt = r.TimeOrNull(8),
        NotBefore = r.TimeOrNull(9),
        Cause = r.Text(10),
        Sentence = r.Text(11),
    };
}
