using CredSync.Core.Issuance;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

// Pages in, issuances out, outcomes back.
internal sealed partial class SqliteLedger
{
    public async Task<IIntakeTransaction> BeginPageAsync(PageOrigin origin, CancellationToken ct) =>
        new SqliteIntakeTransaction(await database.EnterWriteAsync(ct).ConfigureAwait(false), origin, time);

    public Task<IReadOnlyList<ClaimedIssuance>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        WriteAsync<IReadOnlyList<ClaimedIssuance>>(
            async (connection, transaction) =>
            {
                string now = Now;
                await PlanLapsedAgainAsync(connection, transaction, now, ct).ConfigureAwait(false);
                string[] ids = [.. await connection.QueryAsync<string>(Command(
                    """
                    SELECT issuance_id FROM issuances
                    WHERE state = 'Planned' AND (claimed_until IS NULL OR claimed_until <= @now) AND (not_before IS NULL OR not_before <= @now)
                    ORDER BY planned_at LIMIT @limit
                    """,
                    new { now, limit },
                    transaction,
                    ct)).ConfigureAwait(false)];
                if (ids.Length == 0)
                {
                    return [];
                }

                long sending = await connection.QuerySingleAsync<long>(Command(
                    "INSERT INTO sendings (sent_at, claimed_until, lines) VALUES (@now, @until, @lines) RETURNING sending_id",
                    new { now, until = SqliteText.Of(time.GetUtcNow() + lease), lines = ids.Length },
                    transaction,
                    ct)).ConfigureAwait(false);
                string json = LedgerJson.Write(ids);
                await connection.ExecuteAsync(Command(
                    """
                    UPDATE issuances SET state = 'Sent', sent_at = @now, sending = @sending, attempts = attempts + 1, claimed_until = NULL, not_before = NULL
                    WHERE issuance_id IN (SELECT value FROM json_each(@json))
                    """,
                    new { now, sending, json },
                    transaction,
                    ct)).ConfigureAwait(false);
                IEnumerable<ClaimRow> rows = await connection.QueryAsync<ClaimRow>(Command(
                    """
                    SELECT i.issuance_id AS id, i.issuer, i.credential, i.award, i.attempts, i.subject_id AS subject, COALESCE(r.name, p.name) AS name, COALESCE(r.email, p.email) AS email
                    FROM issuances AS i JOIN people AS p ON p.subject_id = i.subject_id LEFT JOIN people AS r ON r.subject_id = p.merged_into
                    WHERE i.issuance_id IN (SELECT value FROM json_each(@json)) ORDER BY i.planned_at
                    """,
                    new { json },
                    transaction,
                    ct)).ConfigureAwait(false);
                // Those who get the same get the same object: it is read once, and stands once in a message.
                var facts = new Dictionary<string, CredentialFacts>(StringComparer.Ordinal);
                return [.. rows.Select(r => r.ToClaim(sending, facts))];
            },
            ct);

    public Task MarkSentAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                int changed = 0;
                foreach (IGrouping<long, ClaimedIssuance> batch in claims.GroupBy(c => c.Sending))
                {
                    // By far the most batches are confirmed whole: one row goes, and no line is written.
                    int whole = await connection.ExecuteAsync(Command(
                        "DELETE FROM sendings WHERE sending_id = @sending AND lines = @lines", new { sending = batch.Key, lines = batch.Count() }, transaction, ct)).ConfigureAwait(false);
                    changed += whole > 0 ? 0 : await DetachAsync(connection, transaction, batch, "sending = NULL", ct).ConfigureAwait(false);
                }

                return changed;
            },
            ct);

    public Task ReleaseAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                int changed = 0;
                foreach (IGrouping<long, ClaimedIssuance> batch in claims.GroupBy(c => c.Sending))
                {
                    changed += await DetachAsync(connection, transaction, batch, "state = 'Planned', sending = NULL", ct).ConfigureAwait(false);
                }

                return changed;
            },
            ct);

    public Task<int> CountSentAsync(int limit, CancellationToken ct) =>
        ReadAsync(
            connection => connection.QuerySingleAsync<int>(Command("SELECT count(*) FROM (SELECT 1 FROM issuances WHERE state = 'Sent' LIMIT @limit)", new { limit }, null, ct)),
            ct);

    public Task<int> PlanUnansweredAgainAsync(DateTimeOffset sentBefore, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "UPDATE issuances SET state = 'Planned', sending = NULL WHERE state = 'Sent' AND sent_at <= @before",
                new { before = SqliteText.Of(sentBefore) },
                transaction,
                ct)),
            ct);

    public Task CloseAsync(IReadOnlyList<IssuanceOutcome> outcomes, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                int closed = 0;
                using var close = new SqliteStatement(
                    connection,
                    transaction,
                    """
                    UPDATE issuances SET state = @state, outcome_at = @at, credential_id = COALESCE(@credential, credential_id), public_url = COALESCE(@url, public_url),
                        not_before = @notBefore, claimed_until = NULL, cause = @cause, sentence = @sentence, fingerprint = @fingerprint
                    WHERE issuance_id = @id AND state <> 'Issued' AND (state <> 'Refused' OR @state = 'Issued')
                    """,
                    "id", "state", "at", "credential", "url", "notBefore", "cause", "sentence", "fingerprint");
                foreach (IssuanceOutcome outcome in outcomes)
                {
                    closed += await close.RunAsync(
                        ct, SqliteText.Of(outcome.Id), outcome.State.ToString(), SqliteText.Of(outcome.At), outcome.CredentialId, outcome.PublicUrl, SqliteText.Of(outcome.NotBefore), outcome.Cause, outcome.Sentence,
                        FailureFingerprint.Of(outcome.Sentence)).ConfigureAwait(false);
                }

                return closed;
            },
            ct);

    // What a dispatcher had in hand when it died.
    private static async Task PlanLapsedAgainAsync(SqliteConnection connection, SqliteTransaction transaction, string now, CancellationToken ct)
    {
        await connection.ExecuteAsync(Command(
            """
            UPDATE issuances SET state = 'Planned', sending = NULL
            WHERE state = 'Sent' AND (sent_at, sending) IN (SELECT sent_at, sending_id FROM sendings WHERE claimed_until <= @now)
            """,
            new { now },
            transaction,
            ct)).ConfigureAwait(false);
        await connection.ExecuteAsync(Command("DELETE FROM sendings WHERE claimed_until <= @now", new { now }, transaction, ct)).ConfigureAwait(false);
    }

    // Takes single lines out of their batch; what it has in hand is fewer by them, whether their outcome came first or not.
    private static async Task<int> DetachAsync(SqliteConnection connection, SqliteTransaction transaction, IGrouping<long, ClaimedIssuance> claims, string change, CancellationToken ct)
    {
        int changed = await connection.ExecuteAsync(Command(
            $"UPDATE issuances SET {change} WHERE state = 'Sent' AND sending = @sending AND issuance_id IN (SELECT value FROM json_each(@ids))",
            new { sending = claims.Key, ids = Ids([.. claims.Select(c => c.Id)]) },
            transaction,
            ct)).ConfigureAwait(false);
        await connection.ExecuteAsync(Command("UPDATE sendings SET lines = lines - @lines WHERE sending_id = @sending", new { sending = claims.Key, lines = claims.Count() }, transaction, ct)).ConfigureAwait(false);
        await connection.ExecuteAsync(Command("DELETE FROM sendings WHERE sending_id = @sending AND lines <= 0", new { sending = claims.Key }, transaction, ct)).ConfigureAwait(false);
        return changed;
    }

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

        public ClaimedIssuance ToClaim(long sending, Dictionary<string, CredentialFacts> facts) => new(
            SqliteLedger.Id(Id), Issuer, FactsOf(facts), new Recipient { SubjectId = SqliteLedger.Id(Subject), Name = Name, Email = Email }, LedgerJson.ReadAward(Award), (int)Attempts) { Sending = sending };

        private CredentialFacts FactsOf(Dictionary<string, CredentialFacts> known)
        {
            if (!known.TryGetValue(Credential, out CredentialFacts? facts))
            {
                known.Add(Credential, facts = LedgerJson.ReadCredential(Credential));
            }

            return facts;
        }
    }
}
