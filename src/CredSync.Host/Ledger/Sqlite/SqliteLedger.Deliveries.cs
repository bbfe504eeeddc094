using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// Deliveries of platforms.
internal sealed partial class SqliteLedger
{
    private const string DeliveryColumns = "delivery_no AS number, delivery_id AS id, received_at AS receivedAt, target, body, state, attempts, cause, sentence";

    public Task<int> StoreDeliveriesAsync(IReadOnlyList<DeliveryRow> deliveries, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                int stored = 0;
                foreach (DeliveryRow row in deliveries)
                {
                    stored += await connection.ExecuteAsync(Command(
                        """
                        INSERT INTO deliveries (source, delivery_id, received_at, target, body, state, done_at, cause, sentence)
                        VALUES (@Source, @Id, @receivedAt, @Target, @body, @state, @doneAt, @Cause, @Sentence)
                        ON CONFLICT (source, delivery_id) DO NOTHING
                        """,
                        new
                        {
                            row.Source,
                            row.Delivery.Id,
                            receivedAt = SqliteText.Of(row.Delivery.ReceivedAt),
                            row.Delivery.Target,
                            body = row.Delivery.Body.ToArray(),
                            state = (row.Cause is null ? DeliveryState.Waiting : DeliveryState.SetAside).ToString(),
                            doneAt = row.Cause is null ? null : SqliteText.Of(row.Delivery.ReceivedAt),
                            row.Cause,
                            row.Sentence,
                        },
                        transaction,
                        ct)).ConfigureAwait(false);
                }

                return stored;
            },
            ct);

    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimDeliveriesAsync(string source, LeaseOwner owner, int limit, TimeSpan lease, CancellationToken ct)
    {
        // A look takes no write lock; most looks find nothing.
        const string Due = "source = @source AND state = 'Waiting' AND (claimed_until IS NULL OR claimed_until <= @now) AND (not_before IS NULL OR not_before <= @now)";
        bool any = await ReadAsync(connection => connection.QuerySingleAsync<bool>(Command($"SELECT EXISTS (SELECT 1 FROM deliveries WHERE {Due})", new { source, now = Now }, null, ct)), ct).ConfigureAwait(false);
        return !any ? [] : await WriteAsync<IReadOnlyList<ClaimedDelivery>>(
            async (connection, transaction) =>
            {
                IEnumerable<DeliveryRead> rows = await connection.QueryAsync<DeliveryRead>(Command(
                    $"""
                    UPDATE deliveries SET claimed_by = @owner, claimed_until = @until, attempts = attempts + 1
                    WHERE delivery_no IN (SELECT delivery_no FROM deliveries WHERE {Due} ORDER BY delivery_no LIMIT @limit)
                    RETURNING {DeliveryColumns}
                    """,
                    new { source, owner = owner.ToString(), until = SqliteText.Of(time.GetUtcNow() + lease), now = Now, limit },
                    transaction,
                    ct)).ConfigureAwait(false);
                return [.. rows.OrderBy(r => r.Number).Select(r => r.ToClaim())];
            },
            ct).ConfigureAwait(false);
    }

    public Task ReleaseDeadClaimsAsync(LeaseOwner self, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                IEnumerable<string> owners = await connection.QueryAsync<string>(
                    Command("SELECT DISTINCT claimed_by FROM deliveries WHERE state = 'Waiting' AND claimed_by IS NOT NULL", null, transaction, ct)).ConfigureAwait(false);
                string gone = LedgerJson.Write([.. owners.Where(o => LocalProcess.IsGone(o, self))]);
                return await connection.ExecuteAsync(Command(
                    "UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL WHERE state = 'Waiting' AND claimed_by IN (SELECT value FROM json_each(@gone))", new { gone }, transaction, ct)).ConfigureAwait(false);
            },
            ct);

    public Task EndDeliveriesAsync(LeaseOwner owner, IReadOnlyList<DeliveryEnd> ends, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                foreach (DeliveryEnd end in ends)
                {
                    await connection.ExecuteAsync(Command(
                        """
                        UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL, not_before = @notBefore, cause = @Cause, sentence = @Sentence,
                            state = CASE WHEN @notBefore IS NULL THEN 'SetAside' ELSE 'Waiting' END, done_at = CASE WHEN @notBefore IS NULL THEN @now END
                        WHERE delivery_no = @Number AND state = 'Waiting' AND claimed_by = @owner
                        """,
                        new { end.Number, end.Cause, end.Sentence, notBefore = SqliteText.Of(end.NotBefore), now = Now, owner = owner.ToString() },
                        transaction,
                        ct)).ConfigureAwait(false);
                }

                return ends.Count;
            },
            ct);

    public Task<IReadOnlyList<DeliveryLine>> DeliveriesAsync(DeliveryFilter filter, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DeliveryLine>>(
            async connection =>
            {
                IEnumerable<DeliveryRead> rows = await connection.QueryAsync<DeliveryRead>(Command(
                    $"""
                    SELECT {DeliveryColumns} FROM deliveries
                    WHERE source = @Source AND delivery_no > @After AND (@Id IS NULL OR delivery_id = @Id) AND (@from IS NULL OR received_at >= @from)
                        AND (@to IS NULL OR received_at < @to) AND (@state IS NULL OR state = @state)
                    ORDER BY delivery_no LIMIT @limit
                    """,
                    new { filter.Source, filter.After, filter.Id, from = SqliteText.Of(filter.From), to = SqliteText.Of(filter.To), state = filter.State?.ToString(), limit },
                    null,
                    ct)).ConfigureAwait(false);
                return [.. rows.Select(r => r.ToLine())];
            },
            ct);

    public Task<int> ReplayAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                """
                UPDATE deliveries SET state = 'Waiting', attempts = 0, not_before = NULL, done_at = NULL, claimed_by = NULL, claimed_until = NULL
                WHERE delivery_no IN (SELECT value FROM json_each(@json)) AND state <> 'Waiting'
                """,
                new { json = LedgerJson.Write([.. numbers]) },
                transaction,
                ct)),
            ct);

    public Task<int> DropDeliveriesAsync(string source, DateTimeOffset doneBefore, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(
                Command("DELETE FROM deliveries WHERE source = @source AND state <> 'Waiting' AND done_at < @before", new { source, before = SqliteText.Of(doneBefore) }, transaction, ct)),
            ct);

    public Task<IReadOnlyList<DeliveryCount>> CountDeliveriesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DeliveryCount>>(
            async connection =>
            {
                // Two small indexes rather than the whole table: what was taken may be millions of lines.
                IEnumerable<(string Source, long Waiting, string? Oldest)> waiting = await connection.QueryAsync<(string, long, string?)>(
                    Command("SELECT source, count(*), min(received_at) FROM deliveries WHERE state = 'Waiting' GROUP BY source", null, null, ct)).ConfigureAwait(false);
                IEnumerable<(string Source, long Number)> aside = await connection.QueryAsync<(string, long)>(
                    Command("SELECT source, count(*) FROM deliveries WHERE state = 'SetAside' GROUP BY source", null, null, ct)).ConfigureAwait(false);
                Dictionary<string, DeliveryCount> counts = waiting.ToDictionary(w => w.Source, w => new DeliveryCount(w.Source, w.Waiting, 0, SqliteText.TimeOrNull(w.Oldest)), StringComparer.Ordinal);
                foreach ((string source, long number) in aside)
                {
                    counts[source] = counts.GetValueOrDefault(source, new DeliveryCount(source, 0, 0, null)) with { SetAside = number };
                }

                return [.. counts.Values.OrderBy(c => c.Source, StringComparer.Ordinal)];
            },
            ct);

    private sealed record DeliveryRead
    {
        public long Number { get; init; }

        public string Id { get; init; } = "";

        public string ReceivedAt { get; init; } = "";

        public string Target { get; init; } = "";

        public byte[] Body { get; init; } = [];

        public string State { get; init; } = "";

        public long Attempts { get; init; }

        public string? Cause { get; init; }

        public string? Sentence { get; init; }

        public ClaimedDelivery ToClaim() => new(Number, ToDelivery(), (int)Attempts);

        public DeliveryLine ToLine() => new()
        {
            Number = Number,
            Delivery = ToDelivery(),
            State = Enum.Parse<DeliveryState>(State),
            Attempts = (int)Attempts,
            Cause = Cause,
            Sentence = Sentence,
        };

        private WebhookDelivery ToDelivery() => new() { Id = Id, ReceivedAt = SqliteText.Time(ReceivedAt), Target = Target, Body = Body };
    }
}
