using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// Credentials that are taken back.
internal sealed partial class SqliteLedger
{
    private const string RevocationLines =
        """
        SELECT r.issuance_id AS id, i.definition, i.issuer, r.state, r.reason, r.revoked_at AS revokedAt, r.attempts, r.sent_at AS sentAt, r.outcome_at AS outcomeAt, r.not_before AS notBefore, r.cause, r.sentence
        FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
        """;

    public Task<IReadOnlyList<ClaimedRevocation>> ClaimRevocationsAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        WriteAsync<IReadOnlyList<ClaimedRevocation>>(
            async (connection, transaction) =>
            {
                string[] ids = [.. await connection.QueryAsync<string>(Command(
                    """
                    UPDATE revocations SET claimed_until = @until, attempts = attempts + 1
                    WHERE issuance_id IN (
                        SELECT r.issuance_id FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
                        WHERE r.state = 'Planned' AND i.state = 'Issued' AND (r.claimed_until IS NULL OR r.claimed_until <= @now) AND (r.not_before IS NULL OR r.not_before <= @now)
                        ORDER BY r.planned_at LIMIT @limit)
                    RETURNING issuance_id
                    """,
                    new { until = SqliteText.Of(time.GetUtcNow() + lease), now = Now, limit },
                    transaction,
                    ct)).ConfigureAwait(false)];
                return ids.Length == 0 ? [] : [.. (await connection.QueryAsync<(string Id, string Issuer, string CredentialId, string Reason, string RevokedAt)>(Command(
                    """
                    SELECT i.issuance_id, i.issuer, i.credential_id, r.reason, r.revoked_at FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
                    WHERE r.issuance_id IN (SELECT value FROM json_each(@ids)) ORDER BY r.planned_at, r.issuance_id
                    """,
                    new { ids = LedgerJson.Write(ids) },
                    transaction,
                    ct)).ConfigureAwait(false))
                    .Select(r => new ClaimedRevocation(Id(r.Id), r.Issuer, r.CredentialId, r.Reason, SqliteText.Time(r.RevokedAt)))];
            },
            ct);

    public Task MarkRevocationsSentAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE revocations SET state = 'Sent', sent_at = @now, claimed_until = NULL, not_before = NULL WHERE state = 'Planned' AND claimed_until IS NOT NULL AND issuance_id IN (SELECT value FROM json_each(@ids))",
                new { now = Now, ids = Ids(issuances) },
                transaction,
                ct)),
            ct);

    public Task ReleaseRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE revocations SET claimed_until = NULL WHERE state = 'Planned' AND issuance_id IN (SELECT value FROM json_each(@ids))", new { ids = Ids(issuances) }, transaction, ct)),
            ct);

    public Task<int> PlanUnansweredRevocationsAgainAsync(DateTimeOffset sentBefore, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE revocations SET state = 'Planned', claimed_until = NULL WHERE state = 'Sent' AND sent_at <= @before", new { before = SqliteText.Of(sentBefore) }, transaction, ct)),
            ct);

    public Task CloseRevocationsAsync(IReadOnlyList<RevocationOutcome> outcomes, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                foreach (RevocationOutcome outcome in outcomes)
                {
                    await connection.ExecuteAsync(Command(
                        """
                        INSERT INTO revocations (issuance_id, state, reason, revoked_at, planned_at, outcome_at)
                        SELECT issuance_id, @state, 'It was revoked at its issuer.', @at, @now, @at FROM issuances WHERE issuance_id = @id AND state = 'Issued' AND @state = 'Revoked'
                        ON CONFLICT (issuance_id) DO NOTHING
                        """,
                        new { id = SqliteText.Of(outcome.Id), state = outcome.State.ToString(), at = SqliteText.Of(outcome.At), now = Now },
                        transaction,
                        ct)).ConfigureAwait(false);
                    await connection.ExecuteAsync(Command(
                        """
                        UPDATE revocations SET state = @state, outcome_at = @at, not_before = @notBefore, claimed_until = NULL, cause = @Cause, sentence = @Sentence
                        WHERE issuance_id = @id AND state <> 'Revoked'
                        """,
                        new { id = SqliteText.Of(outcome.Id), state = outcome.State.ToString(), at = SqliteText.Of(outcome.At), notBefore = SqliteText.Of(outcome.NotBefore), outcome.Cause, outcome.Sentence },
                        transaction,
                        ct)).ConfigureAwait(false);
                    if (outcome.State == RevocationState.Revoked)
                    {
                        await SqliteRevocations.MarkAsync(connection, transaction, outcome.Id, ct).ConfigureAwait(false);
                    }
                }

                return outcomes.Count;
            },
            ct);

    public async Task<IReadOnlyDictionary<Guid, RevocationLine>> RevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        (await RevocationLinesAsync("r.issuance_id IN (SELECT value FROM json_each(@ids))", new { ids = Ids(issuances) }, ct).ConfigureAwait(false)).ToDictionary(l => l.Id);

    public Task<IReadOnlyList<RevocationLine>> OpenRevocationsAsync(int limit, CancellationToken ct) =>
        RevocationLinesAsync("r.state IN ('Held', 'Refused') ORDER BY r.planned_at LIMIT @limit", new { limit }, ct);

    public Task<IReadOnlyList<RevokedCredential>> UnfollowedAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<RevokedCredential>>(
            async connection => [.. (await connection.QueryAsync<(string Issuance, string Subject)>(Command(
                """
                SELECT r.issuance_id, i.subject_id FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id
                WHERE r.state = 'Revoked' AND r.followed_at IS NULL ORDER BY r.planned_at, r.issuance_id LIMIT @limit
                """,
                new { limit }, null, ct)).ConfigureAwait(false)).Select(r => new RevokedCredential(Id(r.Issuance), Id(r.Subject)))],
            ct);

    public Task<IReadOnlyList<IssuanceLine>> RevocableAsync(RevocableFilter filter, CancellationToken ct) =>
        IssuancesAsync(
            """
            (state IN ('Sent', 'Issued') OR sent_at IS NOT NULL) AND state <> 'Refused' AND revoked_at IS NULL AND (@issuance IS NULL OR issuance_id = @issuance)
            AND (@subject IS NULL OR subject_id = @subject) AND (@Definition IS NULL OR definition = @Definition) AND (@Issuer IS NULL OR issuer = @Issuer)
            AND (@CredentialId IS NULL OR credential_id = @CredentialId)
            ORDER BY issuance_id
            """,
            new { issuance = filter.Issuance is { } i ? SqliteText.Of(i) : null, subject = filter.Subject is { } s ? SqliteText.Of(s) : null, filter.Definition, filter.Issuer, filter.CredentialId },
            ct);

    private Task<IReadOnlyList<RevocationLine>> RevocationLinesAsync(string where, object parameters, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<RevocationLine>>(
            async connection => [.. (await connection.QueryAsync<RevocationRecord>(Command($"{RevocationLines} WHERE {where}", parameters, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine())],
            ct);

    private sealed record RevocationRecord
    {
        public string Id { get; init; } = "";

        public string Definition { get; init; } = "";

        public string Issuer { get; init; } = "";

        public string State { get; init; } = "";

        public string Reason { get; init; } = "";

        public string RevokedAt { get; init; } = "";

        public long Attempts { get; init; }

        public string? SentAt { get; init; }

        public string? OutcomeAt { get; init; }

        public string? NotBefore { get; init; }

        public string? Cause { get; init; }

        public string? Sentence { get; init; }

        public RevocationLine ToLine() => new()
        {
            Id = SqliteLedger.Id(Id),
            Definition = Definition,
            Issuer = Issuer,
            State = Enum.Parse<RevocationState>(State),
            Reason = Reason,
            RevokedAt = SqliteText.Time(RevokedAt),
            Attempts = (int)Attempts,
            SentAt = SqliteText.TimeOrNull(SentAt),
            OutcomeAt = SqliteText.TimeOrNull(OutcomeAt),
            NotBefore = SqliteText.TimeOrNull(NotBefore),
            Cause = Cause,
            Sentence = Sentence,
        };
    }
}
