using CredSync.Core.Issuance;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// Pages in, issuances out, outcomes back.
internal sealed partial class SqliteLedger
{
    public async Task<IIntakeTransaction> BeginPageAsync(PageOrigin origin, CancellationToken ct) =>
        new SqliteIntakeTransaction(await database.BeginWriteAsync(ct).ConfigureAwait(false), origin, time);

    public Task<IReadOnlyList<ClaimedIssuance>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        WriteAsync<IReadOnlyList<ClaimedIssuance>>(
            async (connection, transaction) =>
            {
                string[] ids = [.. await connection.QueryAsync<string>(Command(
                    """
                    UPDATE issuances SET claimed_until = @until, attempts = attempts + 1
                    WHERE issuance_id IN (
                        SELECT issuance_id FROM issuances
                        WHERE state = 'Planned' AND (claimed_until IS NULL OR claimed_until <= @now) AND (not_before IS NULL OR not_before <= @now)
                        ORDER BY planned_at LIMIT @limit)
                    RETURNING issuance_id
                    """,
                    new { until = SqliteText.Of(time.GetUtcNow() + lease), now = Now, limit },
                    transaction,
                    ct)).ConfigureAwait(false)];
                if (ids.Length == 0)
                {
                    return [];
                }

                IEnumerable<ClaimRow> rows = await connection.QueryAsync<ClaimRow>(Command(
                    """
                    SELECT i.issuance_id AS id, i.issuer, i.credential, i.award, i.attempts, i.subject_id AS subject, COALESCE(r.name, p.name) AS name, COALESCE(r.email, p.email) AS email
                    FROM issuances AS i JOIN people AS p ON p.subject_id = i.subject_id LEFT JOIN people AS r ON r.subject_id = p.merged_into
                    WHERE i.issuance_id IN (SELECT value FROM json_each(@ids)) ORDER BY i.planned_at
                    """,
                    new { ids = LedgerJson.Write(ids) },
                    transaction,
                    ct)).ConfigureAwait(false);
                return [.. rows.Select(r => r.ToClaim())];
            },
            ct);

    public Task MarkSentAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE issuances SET state = 'Sent', sent_at = @now, claimed_until = NULL, not_before = NULL WHERE state = 'Planned' AND claimed_until IS NOT NULL AND issuance_id IN (SELECT value FROM json_each(@ids))",
                new { now = Now, ids = Ids(issuances) },
                transaction,
                ct)),
            ct);

    public Task ReleaseAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE issuances SET claimed_until = NULL WHERE state = 'Planned' AND issuance_id IN (SELECT value FROM json_each(@ids))", new { ids = Ids(issuances) }, transaction, ct)),
            ct);

    public Task<int> CountSentAsync(int limit, CancellationToken ct) =>
        ReadAsync(
            connection => connection.QuerySingleAsync<int>(Command("SELECT count(*) FROM (SELECT 1 FROM issuances WHERE state = 'Sent' LIMIT @limit)", new { limit }, null, ct)),
            ct);

    public Task<int> PlanUnansweredAgainAsync(DateTimeOffset sentBefore, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE issuances SET state = 'Planned', claimed_until = NULL WHERE state = 'Sent' AND sent_at <= @before",
                new { before = SqliteText.Of(sentBefore) },
                transaction,
                ct)),
            ct);

    public Task CloseAsync(IReadOnlyList<IssuanceOutcome> outcomes, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                int closed = 0;
                foreach (IssuanceOutcome outcome in outcomes)
                {
                    closed += await connection.ExecuteAsync(Command(
                        """
                        UPDATE issuances SET state = @state, outcome_at = @at, credential_id = COALESCE(@CredentialId, credential_id), public_url = COALESCE(@PublicUrl, public_url),
                            not_before = @notBefore, claimed_until = NULL, cause = @Cause, sentence = @Sentence, fingerprint = @fingerprint
                        WHERE issuance_id = @id AND state <> 'Issued' AND (state <> 'Refused' OR @state = 'Issued')
                        """,
                        new { id = SqliteText.Of(outcome.Id), state = outcome.State.ToString(), at = SqliteText.Of(outcome.At), outcome.CredentialId, outcome.PublicUrl, notBefore = SqliteText.Of(outcome.NotBefore), outcome.Cause, outcome.Sentence, fingerprint = FailureFingerprint.Of(outcome.Sentence) },
                        transaction,
                        ct)).ConfigureAwait(false);
                }

                return closed;
            },
            ct);

    private sealed record ClaimRow
    {
        public string Id { get; init; } = "";

        public string Issuer { get; init; } = "";

        public string Credential { get; init; } = "";

        public string Award { get; init; } = "";

        public long Attempts { get; init; }

        public string Subject { get; init; } = "";

        public string? Name { get; init; }

        public string? Email { get; init; }

        public ClaimedIssuance ToClaim() => new(
            SqliteLedger.Id(Id), Issuer, LedgerJson.ReadCredential(Credential), new Recipient { SubjectId = SqliteLedger.Id(Subject), Name = Name, Email = Email }, LedgerJson.ReadAward(Award), (int)Attempts);
    }
}
