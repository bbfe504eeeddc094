using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Plans revocations, for pages and for acts alike.</summary>
internal static class PostgresRevocations
{
    /// <summary>Plans revocations of what has left; one that was held or refused is tried again. Returns how many were planned, or closed when done by hand.</summary>
    public static async Task<int> PlanAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<RevocationRow> revocations, DateTimeOffset now, CancellationToken ct)
    {
        List<RevocationRow> rows = [.. revocations.DistinctBy(r => r.Issuance).OrderBy(r => r.Issuance)];
        return (await new BulkCommand(
            connection,
            transaction,
            """
            WITH mine AS (
                SELECT i.issuance_id, t.reason, t.by_hand FROM unnest(@ids, @reasons, @hands) AS t (id, reason, by_hand) JOIN issuances AS i ON i.issuance_id = t.id
                WHERE (i.state IN ('Sent', 'Issued') OR i.sent_at IS NOT NULL) AND i.revoked_at IS NULL AND (t.by_hand = 0 OR i.state = 'Issued')
                ORDER BY i.issuance_id FOR UPDATE OF i),
            written AS (
                INSERT INTO revocations AS r (issuance_id, state, reason, revoked_at, planned_at, outcome_at)
                SELECT issuance_id, CASE by_hand WHEN 1 THEN 'Revoked' ELSE 'Planned' END, reason, @now, @now, CASE by_hand WHEN 1 THEN @now END FROM mine
                ON CONFLICT (issuance_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, planned_at = excluded.planned_at, outcome_at = excluded.outcome_at,
                    claimed_until = NULL, not_before = NULL, sent_at = NULL, cause = NULL, sentence = NULL
                WHERE r.state IN ('Held', 'Refused') OR (excluded.state = 'Revoked' AND r.state <> 'Revoked')
                RETURNING r.issuance_id, r.state, r.revoked_at),
            marked AS (
                UPDATE issuances AS i SET revoked_at = w.revoked_at FROM written AS w WHERE i.issuance_id = w.issuance_id AND w.state = 'Revoked')
            SELECT issuance_id FROM written
            """)
            .Ids("ids", rows.Select(r => r.Issuance)).Text("reasons", rows.Select(r => r.Reason)).Numbers("hands", rows.Select(r => r.ByHand ? 1 : 0)).Time("now", now)
            .ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false)).Count;
    }
}
