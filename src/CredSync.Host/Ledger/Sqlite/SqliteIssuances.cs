using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Writes what was decided, for pages and for acts alike.</summary>
internal static class SqliteIssuances
{
    private static readonly string[] Columns =
        ["id", "definition", "subject", "occurrence", "issuer", "state", "credential", "award", "earned", "expires", "ruleBook", "reason", "trace", "now", "cause", "sentence", "settleBy"];

    public static async Task<(int Planned, int Held)> PlanAsync(SqliteWrite session, IReadOnlyList<IssuanceRow> issuances, string now, CancellationToken ct)
    {
        // A held line may become planned when the facts now suffice, and one that has not left is kept back when consent is taken back; any other line that exists stays
        // as it is: the key is the right, and it was seen before.
        using SqliteCommand plan = session.Connection.CreateCommand();
        plan.Transaction = session.Transaction;
        plan.CommandText =
            """
            INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, credential, award, earned_at, expires_at, rule_book, reason, trace, planned_at, decided_at, cause, sentence, settle_by)
            VALUES (@id, @definition, @subject, @occurrence, @issuer, @state, @credential, @award, @earned, @expires, @ruleBook, @reason, @trace, @now, @now, @cause, @sentence, @settleBy)
            ON CONFLICT (definition, subject_id, occurrence) DO UPDATE SET
                state = excluded.state, issuer = excluded.issuer, credential = excluded.credential, award = excluded.award, earned_at = excluded.earned_at, expires_at = excluded.expires_at,
                rule_book = excluded.rule_book, reason = excluded.reason, trace = excluded.trace, planned_at = excluded.planned_at, cause = excluded.cause, sentence = excluded.sentence, settle_by = excluded.settle_by
            WHERE issuances.sent_at IS NULL AND ((issuances.state = 'Held' AND issuances.cause IS NOT excluded.cause)
                OR (issuances.state = 'Planned' AND issuances.attempts = 0 AND excluded.state = 'Held' AND excluded.cause = 'consent-missing'))
            """;

        // What takes the place of a line that waits; a question that stays the same keeps the day on which it settles itself.
        using SqliteCommand revise = session.Connection.CreateCommand();
        revise.Transaction = session.Transaction;
        revise.CommandText =
            """
            UPDATE issuances SET settle_by = CASE WHEN cause IS @cause THEN settle_by ELSE @settleBy END, planned_at = CASE WHEN state = @state THEN planned_at ELSE @now END,
                state = @state, issuer = @issuer, credential = @credential, award = @award, earned_at = @earned, expires_at = @expires,
                rule_book = @ruleBook, reason = @reason, trace = @trace, cause = @cause, sentence = @sentence, not_before = NULL
            WHERE issuance_id = @id AND definition = @definition AND subject_id = @subject AND occurrence = @occurrence AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0
            """;
        foreach (string column in Columns)
        {
            plan.Parameters.Add(new SqliteParameter { ParameterName = "@" + column });
            revise.Parameters.Add(new SqliteParameter { ParameterName = "@" + column });
        }

        int planned = 0, held = 0;

        // Facts of a definition are the same object for everyone who earns it.
        var facts = new Dictionary<Issuers.CredentialFacts, string>(ReferenceEqualityComparer.Instance);
        foreach (IssuanceRow row in issuances)
        {
            if (HoldCauses.IsReview(row.Cause))
            {
                held += await OpenReviewAsync(session, row, now, ct).ConfigureAwait(false);
                continue;
            }

            if (!facts.TryGetValue(row.Credential, out string? credential))
            {
                facts.Add(row.Credential, credential = LedgerJson.Write(row.Credential));
            }

            object?[] values =
            [
                SqliteText.Of(row.Key.Id), row.Key.Definition, SqliteText.Of(row.Key.Subject), row.Key.Occurrence, row.Issuer, row.State.ToString(), credential, LedgerJson.Write(row.Award),
                SqliteText.Of(row.Award?.EarnedAt), SqliteText.Of(row.Award?.ExpiresAt), row.RuleBookRevision, row.Reason, LedgerJson.Write(row.Trace), now, row.Cause, row.Remedy,
                row.SettleWithin is { } within ? SqliteText.Of(SqliteText.Time(now) + within) : null,
            ];
            SqliteCommand command = row.Revises ? revise : plan;
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }

            int changed = await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            if (row.Revises && changed == 0)
            {
                throw new CollisionException($"Issuance {row.Key.Id} left while the facts behind it changed; they are taken in again.");
            }

            planned += row is { State: IssuanceState.Planned, Revises: false } ? changed : 0;
            held += row.State == IssuanceState.Held ? changed : 0;
        }

        return (planned, held);
    }

    // What has not left is not sent any more. What has left stays as it is, and one question about it is enough.
    private static async Task<int> OpenReviewAsync(SqliteWrite session, IssuanceRow row, string now, CancellationToken ct)
    {
        using SqliteCommand review = session.Connection.CreateCommand();
        review.Transaction = session.Transaction;
        review.CommandText =
            """
            UPDATE issuances SET state = 'Held', cause = @stopped, sentence = @reason, planned_at = @now, not_before = NULL WHERE issuance_id = @id AND state = 'Planned' AND sent_at IS NULL AND attempts = 0
            """;
        review.Parameters.AddWithValue("@id", SqliteText.Of(row.Key.Id));
        review.Parameters.AddWithValue("@now", now);
        review.Parameters.AddWithValue("@stopped", HoldCauses.NoLongerEarned);
        review.Parameters.AddWithValue("@reason", "What earned it does not count any more; it is decided again when the facts change.");
        if (await review.ExecuteNonQueryAsync(ct).ConfigureAwait(false) > 0)
        {
            return 1;
        }

        review.CommandText =
            """
            INSERT INTO reviews (issuance_id, cause, sentence, opened_at, due_at)
            SELECT issuance_id, @cause, @sentence, @now, @due FROM issuances WHERE issuance_id = @id
            ON CONFLICT DO NOTHING
            """;
        review.Parameters.AddWithValue("@cause", row.Cause);
        review.Parameters.AddWithValue("@sentence", row.Remedy);
        review.Parameters.AddWithValue("@due", SqliteText.Of(SqliteText.Time(now) + (row.SettleWithin ?? TimeSpan.Zero)));
        return await review.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }
}
