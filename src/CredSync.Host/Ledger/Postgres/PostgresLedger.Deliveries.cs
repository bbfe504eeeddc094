using CredSync.Host.Storage;
using CredSync.Sources;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// Deliveries of platforms.
internal sealed partial class PostgresLedger
{
    private const string DeliveryColumns = "d.delivery_no, d.delivery_id, d.received_at, d.target, d.body, d.state, d.attempts, d.cause, d.sentence";

    public Task<int> StoreDeliveriesAsync(IReadOnlyList<DeliveryRow> deliveries, CancellationToken ct)
    {
        // In one order, so that two workers that are sent the same messages wait for each other and do not block each other.
        List<DeliveryRow> rows = [.. deliveries.DistinctBy(d => (d.Source, d.Delivery.Id)).OrderBy(d => d.Source, StringComparer.Ordinal).ThenBy(d => d.Delivery.Id, StringComparer.Ordinal)];
        return WriteAsync(
            """
            INSERT INTO deliveries (source, delivery_id, received_at, target, body, state, done_at, cause, sentence)
            SELECT source, delivery_id, received_at, target, body, state, done_at, cause, sentence
            FROM unnest(@sources, @ids, @received, @targets, @bodies, @states, @done, @causes, @sentences) AS t (source, delivery_id, received_at, target, body, state, done_at, cause, sentence)
            ON CONFLICT (source, delivery_id) DO NOTHING
            """,
            command => command
                .Text("sources", rows.Select(r => r.Source)).Text("ids", rows.Select(r => r.Delivery.Id)).Times("received", rows.Select(r => (DateTimeOffset?)r.Delivery.ReceivedAt))
                .Text("targets", rows.Select(r => r.Delivery.Target)).Bytes("bodies", rows.Select(r => r.Delivery.Body))
                .Text("states", rows.Select(r => (r.Cause is null ? DeliveryState.Waiting : DeliveryState.SetAside).ToString()))
                .Times("done", rows.Select(r => r.Cause is null ? (DateTimeOffset?)null : r.Delivery.ReceivedAt))
                .Text("causes", rows.Select(r => r.Cause)).Text("sentences", rows.Select(r => r.Sentence)),
            ct);
    }

    public Task<IReadOnlyList<ClaimedDelivery>> ClaimDeliveriesAsync(string source, LeaseOwner owner, int limit, TimeSpan lease, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<ClaimedDelivery>>(
            async (connection, transaction) =>
            {
                List<DeliveryLine> lines = await new BulkCommand(
                    connection,
                    transaction,
                    $"""
                    WITH due AS (
                        SELECT delivery_no FROM deliveries
                        WHERE source = @source AND state = 'Waiting' AND (claimed_until IS NULL OR claimed_until <= @now) AND (not_before IS NULL OR not_before <= @now)
                        ORDER BY delivery_no LIMIT @limit
                        FOR UPDATE SKIP LOCKED)
                    UPDATE deliveries AS d SET claimed_by = @owner, claimed_until = @until, attempts = attempts + 1
                    FROM due WHERE d.delivery_no = due.delivery_no
                    RETURNING {DeliveryColumns}
                    """)
                    .Word("source", source).Word("owner", owner.ToString()).Time("now", Now).Time("until", Now + lease).Number("limit", limit)
                    .ReadAsync(ReadDelivery, ct).ConfigureAwait(false);
                return [.. lines.OrderBy(l => l.Number).Select(l => new ClaimedDelivery(l.Number, l.Delivery, l.Attempts))];
            },
            ct);

    public Task ReleaseDeadClaimsAsync(LeaseOwner self, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) =>
            {
                List<string> owners = await new BulkCommand(connection, transaction, "SELECT DISTINCT claimed_by FROM deliveries WHERE state = 'Waiting' AND claimed_by IS NOT NULL")
                    .ReadAsync(r => r.GetString(0), ct).ConfigureAwait(false);
                return await new BulkCommand(connection, transaction, "UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL WHERE state = 'Waiting' AND claimed_by = ANY(@gone)")
                    .Text("gone", owners.Where(o => LocalProcess.IsGone(o, self))).RunAsync(ct).ConfigureAwait(false);
            },
            ct);

    public Task EndDeliveriesAsync(LeaseOwner owner, IReadOnlyList<DeliveryEnd> ends, CancellationToken ct)
    {
        List<DeliveryEnd> rows = [.. ends.OrderBy(e => e.Number)];
        return WriteAsync(
            """
            UPDATE deliveries AS d SET claimed_by = NULL, claimed_until = NULL, not_before = t.not_before, cause = t.cause, sentence = t.sentence,
                state = CASE WHEN t.not_before IS NULL THEN 'SetAside' ELSE 'Waiting' END, done_at = CASE WHEN t.not_before IS NULL THEN @now END
            FROM unnest(@numbers, @notBefore, @causes, @sentences) AS t (delivery_no, not_before, cause, sentence)
            WHERE d.delivery_no = t.delivery_no AND d.state = 'Waiting' AND d.claimed_by = @owner
            """,
            command => command
                .LongNumbers("numbers", rows.Select(r => r.Number)).Times("notBefore", rows.Select(r => r.NotBefore)).Text("causes", rows.Select(r => r.Cause))
                .Text("sentences", rows.Select(r => r.Sentence)).Time("now", Now).Word("owner", owner.ToString()),
            ct);
    }

    public Task<IReadOnlyList<DeliveryLine>> DeliveriesAsync(DeliveryFilter filter, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<DeliveryLine>>(
            async connection => await new BulkCommand(
                connection,
                null,
                $"""
                SELECT {DeliveryColumns} FROM deliveries AS d
                WHERE d.source = @source AND d.delivery_no > @after AND (@id IS NULL OR d.delivery_id = @id) AND (@from IS NULL OR d.received_at >= @from)
                    AND (@to IS NULL OR d.received_at < @to) AND (@state IS NULL OR d.state = @state)
                ORDER BY d.delivery_no LIMIT @limit
                """)
                .Word("source", filter.Source).Number("after", filter.After).Word("id", filter.Id).Time("from", filter.From).Time("to", filter.To)
                .Word("state", filter.State?.ToString()).Number("limit", limit).ReadAsync(ReadDelivery, ct).ConfigureAwait(false),
            ct);

    public Task<int> ReplayAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) =>
        WriteAsync(
            """
            UPDATE deliveries SET state = 'Waiting', attempts = 0, not_before = NULL, done_at = NULL, claimed_by = NULL, claimed_until = NULL
            WHERE delivery_no = ANY(@numbers) AND state <> 'Waiting'
            """,
            command => command.LongNumbers("numbers", numbers),
            ct);

    public Task<int> DropDeliveriesAsync(string source, DateTimeOffset doneBefore, CancellationToken ct) =>
        WriteAsync(
            "DELETE FROM deliveries WHERE source = @source AND state <> 'Waiting' AND done_at < @before",
            command => command.Word("source", source).Time("before", doneBefore),
            ct);

    public Task<IReadOnlyList<DeliveryCount>> CountDeliveriesAsync(CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<DeliveryCount>>(
            async connection => await new BulkCommand(
                connection,
                null,
                """
                SELECT source, sum(waiting)::bigint, sum(aside)::bigint, min(oldest) FROM (
                    SELECT source, count(*) AS waiting, 0 AS aside, min(received_at) AS oldest FROM deliveries WHERE state = 'Waiting' GROUP BY source
                    UNION ALL
                    SELECT source, 0, count(*), NULL FROM deliveries WHERE state = 'SetAside' GROUP BY source) AS t
                GROUP BY source ORDER BY source COLLATE "C"
                """)
                .ReadAsync(r => new DeliveryCount(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.TimeOrNull(3)), ct).ConfigureAwait(false),
            ct);

    private static DeliveryLine ReadDelivery(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Delivery = new WebhookDelivery { Id = row.GetString(1), ReceivedAt = row.Time(2), Target = row.GetString(3), Body = row.GetFieldValue<byte[]>(4) },
        State = Enum.Parse<DeliveryState>(row.GetString(5)),
        Attempts = row.GetInt32(6),
        Cause = row.Text(7),
        Sentence = row.Text(8),
    };
}
