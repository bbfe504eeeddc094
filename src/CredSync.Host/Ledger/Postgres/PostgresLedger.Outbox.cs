using System.Collections.Concurrent;
using CredSync.Core.Issuance;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// Pages in, issuances out, outcomes back. Rows of issuances are always locked in the order of their ids, so that two that meet wait and do not block each other.
internal sealed partial class PostgresLedger
{
    public async Task<IIntakeTransaction> BeginPageAsync(PageOrigin origin, CancellationToken ct)
    {
        NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            return new PostgresIntakeTransaction(database, connection, await PostgresDatabase.BeginAsync(connection, ct).ConfigureAwait(false), origin, time);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<IReadOnlyList<ClaimedIssuance>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        await IsAnythingDueAsync(ct).ConfigureAwait(false) ? await ClaimDueAsync(limit, lease, ct).ConfigureAwait(false) : [];

    // Asked without a transaction first: where workers send what they took in themselves, there is mostly nothing.
    private Task<bool> IsAnythingDueAsync(CancellationToken ct) =>
        database.ReadAsync(
            async connection => (await new BulkCommand(
                connection, null, "SELECT EXISTS (SELECT 1 FROM outbox WHERE due_at <= @now) OR EXISTS (SELECT 1 FROM sendings WHERE claimed_until <= @now)")
                .Time("now", Now).ReadAsync(r => r.GetBoolean(0), ct).ConfigureAwait(false))[0],
            ct);

    private Task<IReadOnlyList<ClaimedIssuance>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<ClaimedIssuance>>(
            async (connection, transaction) =>
            {
                DateTimeOffset now = Now;
                await PlanLapsedAgainAsync(connection, transaction, now, ct).ConfigureAwait(false);
                List<ClaimRow> rows = await new BulkCommand(
                    connection,
                    transaction,
                    """
                    WITH due AS MATERIALIZED (
                        SELECT i.issuance_id FROM outbox AS o JOIN issuances AS i ON i.issuance_id = o.issuance_id
                        WHERE o.due_at <= @now AND i.state = 'Planned' AND GREATEST(i.planned_at, i.not_before) <= @now AND (i.claimed_until IS NULL OR i.claimed_until <= @now)
                        ORDER BY o.due_at LIMIT @limit
                        FOR UPDATE OF i SKIP LOCKED),
                    batch AS (
                        INSERT INTO sendings (sent_at, claimed_until, lines) SELECT @now, @until, count(*) FROM due HAVING count(*) > 0 RETURNING sending_id),
                    claimed AS (
                        UPDATE issuances AS i SET state = 'Sent', sent_at = @now, sending = batch.sending_id, attempts = attempts + 1, claimed_until = NULL, not_before = NULL
                        FROM due, batch WHERE i.issuance_id = due.issuance_id
                        RETURNING i.issuance_id, i.issuer, i.facts_id, i.subject_id, i.attempts, i.planned_at, i.sending)
                    SELECT c.issuance_id, c.issuer, c.facts_id, c.subject_id, c.attempts, a.award::text, COALESCE(r.name, p.name), COALESCE(r.email, p.email), c.sending
                    FROM claimed AS c JOIN issuance_awards AS a ON a.issuance_id = c.issuance_id JOIN people AS p ON p.subject_id = c.subject_id LEFT JOIN people AS r ON r.subject_id = p.merged_into
                    ORDER BY c.planned_at
                    """)
                    .Time("now", now).Time("until", now + lease).Number("limit", limit)
                    .ReadAsync(r => new ClaimRow(r.GetGuid(0), r.GetString(1), r.GetGuid(2), r.GetGuid(3), r.GetInt32(4), r.GetString(5), r.Text(6), r.Text(7), r.GetInt64(8)), ct).ConfigureAwait(false);
                await ReadFactsAsync(connection, transaction, rows.Select(r => r.Facts), ct).ConfigureAwait(false);
                return [.. rows.Select(r => r.ToClaim(facts))];
            },
            ct);

    public Task MarkSentAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) =>
            {
                // By far the most batches are confirmed whole: one row goes, and no line is written.
                var batches = claims.GroupBy(c => c.Sending).OrderBy(g => g.Key).ToList();
                HashSet<long> whole =
                [
                    .. await new BulkCommand(
                        connection,
                        transaction,
                        "DELETE FROM sendings AS s USING unnest(@sendings, @counts) AS t (sending, lines) WHERE s.sending_id = t.sending AND s.lines = t.lines RETURNING s.sending_id")
                        .LongNumbers("sendings", batches.Select(b => b.Key)).Numbers("counts", batches.Select(b => b.Count())).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false),
                ];
                return await DetachAsync(connection, transaction, [.. batches.Where(b => !whole.Contains(b.Key)).SelectMany(b => b)], "sending = NULL", ct).ConfigureAwait(false);
            },
            ct);

    public Task ReleaseAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct) =>
        database.WriteAsync((connection, transaction) => DetachAsync(connection, transaction, claims, "state = 'Planned', sending = NULL", ct), ct);

    public Task<int> CountSentAsync(int limit, CancellationToken ct) =>
        database.ReadAsync(
            async connection => (await new BulkCommand(connection, null, "SELECT count(*)::integer FROM (SELECT 1 FROM outbox WHERE sent_at IS NOT NULL LIMIT @limit) AS sent")
                .Number("limit", limit).ReadAsync(r => r.GetInt32(0), ct).ConfigureAwait(false))[0],
            ct);

    public Task<int> PlanUnansweredAgainAsync(DateTimeOffset sentBefore, CancellationToken ct) =>
        WriteAsync(
            """
            WITH unanswered AS (
                SELECT i.issuance_id FROM outbox AS o JOIN issuances AS i ON i.issuance_id = o.issuance_id
                WHERE o.sent_at <= @before AND i.state = 'Sent' AND i.sent_at <= @before ORDER BY i.issuance_id FOR UPDATE OF i SKIP LOCKED)
            UPDATE issuances AS i SET state = 'Planned', sending = NULL FROM unanswered WHERE i.issuance_id = unanswered.issuance_id
            """,
            command => command.Time("before", sentBefore),
            ct);

    public Task CloseAsync(IReadOnlyList<IssuanceOutcome> outcomes, CancellationToken ct)
    {
        // In the order of their ids, in which the rows are then found and written one by one: locking them in a step of its own cost as much as writing them. Should the server ever choose another
        // order, and meet somebody who goes the other way, it undoes one of the two and that one is done again.
        List<IssuanceOutcome> last = [.. outcomes.GroupBy(o => o.Id).Select(Final).OrderBy(o => o.Id)];
        return WriteAsync(
            """
            UPDATE issuances AS i SET state = t.state, outcome_at = t.at, credential_id = COALESCE(t.credential_id, i.credential_id), public_url = COALESCE(t.public_url, i.public_url),
                not_before = t.not_before, claimed_until = NULL, cause = t.cause, sentence = t.sentence, fingerprint = t.fingerprint
            FROM unnest(@ids, @states, @at, @credentials, @urls, @notBefore, @causes, @sentences, @fingerprints)
                AS t (id, state, at, credential_id, public_url, not_before, cause, sentence, fingerprint)
            WHERE i.issuance_id = t.id AND i.state <> 'Issued' AND (i.state <> 'Refused' OR t.state = 'Issued')
            """,
            command => command
                .Ids("ids", last.Select(o => o.Id)).Text("states", last.Select(o => o.State.ToString())).Times("at", last.Select(o => (DateTimeOffset?)o.At))
                .Text("credentials", last.Select(o => o.CredentialId)).Text("urls", last.Select(o => o.PublicUrl)).Times("notBefore", last.Select(o => o.NotBefore))
                .Text("causes", last.Select(o => o.Cause)).Text("sentences", last.Select(o => o.Sentence)).Text("fingerprints", last.Select(o => FailureFingerprint.Of(o.Sentence))),
            ct);
    }

    // What a dispatcher had in hand when it died.
    private static async Task PlanLapsedAgainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken ct)
    {
        List<(long Sending, DateTimeOffset SentAt)> lapsed = await new BulkCommand(
            connection,
            transaction,
            "SELECT sending_id, sent_at FROM sendings WHERE claimed_until <= @now FOR UPDATE SKIP LOCKED")
            .Time("now", now).ReadAsync(r => (r.GetInt64(0), r.Time(1)), ct).ConfigureAwait(false);
        if (lapsed.Count == 0)
        {
            return;
        }

        await new BulkCommand(
            connection,
            transaction,
            """
            WITH gone AS (DELETE FROM sendings WHERE sending_id = ANY(@sendings)),
            mine AS (
                SELECT i.issuance_id FROM outbox AS o JOIN issuances AS i ON i.issuance_id = o.issuance_id
                WHERE o.sent_at = ANY(@sent) AND i.state = 'Sent' AND i.sending = ANY(@sendings) ORDER BY i.issuance_id FOR UPDATE OF i)
            UPDATE issuances AS i SET state = 'Planned', sending = NULL FROM mine WHERE i.issuance_id = mine.issuance_id
            """)
            .LongNumbers("sendings", lapsed.Select(l => l.Sending)).Times("sent", lapsed.Select(l => (DateTimeOffset?)l.SentAt)).RunAsync(ct).ConfigureAwait(false);
    }

    // Takes single lines out of their batches; what the batch has in hand is fewer by them, whether their outcome came first or not.
    private static async Task<int> DetachAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<ClaimedIssuance> claims, string change, CancellationToken ct)
    {
        if (claims.Count == 0)
        {
            return 0;
        }

        int changed = await new BulkCommand(
            connection,
            transaction,
            $"""
            WITH mine AS (
                SELECT i.issuance_id FROM issuances AS i JOIN unnest(@ids, @sendings) AS t (id, sending) ON t.id = i.issuance_id
                WHERE i.state = 'Sent' AND i.sending = t.sending ORDER BY i.issuance_id FOR UPDATE OF i)
            UPDATE issuances AS i SET {change} FROM mine WHERE i.issuance_id = mine.issuance_id
            """)
            .Ids("ids", claims.Select(c => c.Id)).LongNumbers("sendings", claims.Select(c => c.Sending)).RunAsync(ct).ConfigureAwait(false);
        var batches = claims.GroupBy(c => c.Sending).OrderBy(g => g.Key).ToList();
        await new BulkCommand(
            connection,
            transaction,
            """
            WITH fewer AS (
                UPDATE sendings AS s SET lines = s.lines - t.lines FROM unnest(@sendings, @counts) AS t (sending, lines)
                WHERE s.sending_id = t.sending AND s.lines > t.lines RETURNING s.sending_id)
            DELETE FROM sendings WHERE sending_id = ANY(@sendings) AND sending_id NOT IN (SELECT sending_id FROM fewer)
            """)
            .LongNumbers("sendings", batches.Select(b => b.Key)).Numbers("counts", batches.Select(b => b.Count())).RunAsync(ct).ConfigureAwait(false);
        return changed;
    }

    // What one after the other would leave: an issued line never goes back, a refused one only becomes issued.
    private static IssuanceOutcome Final(IEnumerable<IssuanceOutcome> ofOne) =>
        ofOne.Aggregate((now, next) => now.State == IssuanceState.Issued || (now.State == IssuanceState.Refused && next.State != IssuanceState.Issued) ? now : next);

    private Task<int> WriteAsync(string sql, Func<BulkCommand, BulkCommand> parameters, CancellationToken ct) =>
        database.WriteAsync((connection, transaction) => parameters(new BulkCommand(connection, transaction, sql)).RunAsync(ct), ct);

    private async Task ReadFactsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<Guid> wanted, CancellationToken ct)
    {
        Guid[] missing = [.. wanted.Distinct().Where(id => !facts.ContainsKey(id))];
        if (missing.Length == 0)
        {
            return;
        }

        foreach ((Guid id, string json) in await new BulkCommand(connection, transaction, "SELECT facts_id, credential::text FROM credential_facts WHERE facts_id = ANY(@ids)")
            .Ids("ids", missing).ReadAsync(r => (r.GetGuid(0), r.GetString(1)), ct).ConfigureAwait(false))
        {
            facts[id] = LedgerJson.ReadCredential(json);
        }
    }

    private sealed record ClaimRow(Guid Id, string Issuer, Guid Facts, Guid Subject, int Attempts, string Award, string? Name, string? Email, long Sending)
    {
        public ClaimedIssuance ToClaim(ConcurrentDictionary<Guid, CredentialFacts> facts) =>
            new(Id, Issuer, facts[Facts], new Recipient { SubjectId = Subject, Name = Name, Email = Email }, LedgerJson.ReadAward(Award), Attempts) { Sending = Sending };
    }
}
