using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Plans revocations, for pages and for acts alike.</summary>
internal static class SqliteRevocations
{
    /// <summary>Plans revocations of what has left; one that was held or refused is tried again. Returns how many were planned, or closed when done by hand.</summary>
    public static async Task<int> PlanAsync(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<RevocationRow> revocations, string now, CancellationToken ct)
    {
        int changed = 0;
        foreach (RevocationRow row in revocations)
        {
            string state = row.ByHand ? "Revoked" : "Planned";
            int own = await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO revocations (issuance_id, state, reason, revoked_at, planned_at, outcome_at)
                SELECT issuance_id, @state, @Reason, @now, @now, CASE WHEN @ByHand THEN @now END FROM issuances
                WHERE issuance_id = @id AND (state IN ('Sent', 'Issued') OR sent_at IS NOT NULL) AND revoked_at IS NULL AND (NOT @ByHand OR state = 'Issued')
                ON CONFLICT (issuance_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, planned_at = excluded.planned_at, outcome_at = excluded.outcome_at,
                    claimed_until = NULL, not_before = NULL, sent_at = NULL, cause = NULL, sentence = NULL
                WHERE revocations.state IN ('Held', 'Refused') OR (@ByHand AND revocations.state <> 'Revoked')
                """,
                new { id = SqliteText.Of(row.Issuance), state, row.Reason, row.ByHand, now },
                transaction,
                cancellationToken: ct)).ConfigureAwait(false);
            if (own > 0 && row.ByHand)
            {
                await MarkAsync(connection, transaction, row.Issuance, ct).ConfigureAwait(false);
            }

            changed += own;
        }

        return changed;
    }

    /// <summary>Marks the issuance of a revocation that is done.</summary>
    public static Task<int> MarkAsync(SqliteConnection connection, SqliteTransaction transaction, Guid issuance, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(
            "UPDATE issuances SET revoked_at = (SELECT revoked_at FROM revocations WHERE issuance_id = @id) WHERE issuance_id = @id AND state = 'Issued' AND revoked_at IS NULL",
            new { id = SqliteText.Of(issuance) },
            transaction,
            cancellationToken: ct));
}
