using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// Two people made one, and one made two again.
internal sealed partial class SqliteActTransaction
{
    public async Task<bool> MergeAsync(Guid merged, Guid survivor, IReadOnlyCollection<Guid> duplicates, IReadOnlyCollection<Guid> touched, CancellationToken ct)
    {
        string from = SqliteText.Of(merged), into = SqliteText.Of(survivor);
        int moved = await ExecuteAsync(
            """
            UPDATE people SET merged_into = @into
            WHERE (subject_id = @from OR merged_into = @from) AND (SELECT count(*) FROM people WHERE subject_id IN (@from, @into) AND merged_into IS NULL) = 2
            """,
            new { from, into },
            ct).ConfigureAwait(false);
        if (moved == 0)
        {
            return false;
        }

        await ExecuteAsync("INSERT INTO merges (merged, survivor, merged_at) VALUES (@from, @into, @now)", new { from, into, now }, ct).ConfigureAwait(false);

        // As they are now; those that are not there yet without a state.
        await ExecuteAsync(
            """
            INSERT INTO merge_lines (merge_id, issuance_id, state, issuer, credential, award, earned_at, expires_at, rule_book, reason, trace, planned_at, cause, sentence, settle_by)
            SELECT (SELECT merge_id FROM merges WHERE merged = @from AND undone_at IS NULL), t.value, i.state, i.issuer, i.credential, i.award, i.earned_at, i.expires_at, i.rule_book, i.reason, i.trace, i.planned_at, i.cause, i.sentence, i.settle_by
            FROM json_each(@ids) AS t LEFT JOIN issuances AS i ON i.issuance_id = t.value
            WHERE i.issuance_id IS NULL OR (i.state IN ('Planned', 'Held') AND i.sent_at IS NULL AND i.attempts = 0)
            """,
            new { from, ids = LedgerJson.Write([.. duplicates.Concat(touched).Distinct().Select(SqliteText.Of)]) },
            ct).ConfigureAwait(false);
        await ExecuteAsync(
            """
            UPDATE issuances SET state = 'Held', cause = @cause, sentence = @sentence, planned_at = @now, settle_by = NULL, claimed_until = NULL, not_before = NULL
            WHERE issuance_id IN (SELECT value FROM json_each(@ids)) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0
            """,
            new { ids = LedgerJson.Write([.. duplicates.Select(SqliteText.Of)]), cause = HoldCauses.SameAsAnother, sentence = MergeWords.SameAsAnother, now },
            ct).ConfigureAwait(false);
        return true;
    }

    public async Task<bool> UnmergeAsync(Guid merged, CancellationToken ct)
    {
        string from = SqliteText.Of(merged);
        long merge = await session.Connection.QueryFirstOrDefaultAsync<long>(new CommandDefinition(
            "SELECT merge_id FROM merges WHERE merged = @from AND undone_at IS NULL", new { from }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false);
        if (merge == 0)
        {
            return false;
        }

        // Those who were merged into the one before stay with the one.
        await ExecuteAsync("UPDATE merges SET undone_at = @now WHERE merge_id = @merge", new { merge, now }, ct).ConfigureAwait(false);
        await ExecuteAsync(
            """
            WITH RECURSIVE below (id) AS (
                SELECT merged FROM merges WHERE survivor = @from AND undone_at IS NULL
                UNION SELECT m.merged FROM merges AS m JOIN below AS b ON m.survivor = b.id WHERE m.undone_at IS NULL)
            UPDATE people SET merged_into = CASE WHEN subject_id = @from THEN NULL ELSE @from END WHERE subject_id = @from OR subject_id IN (SELECT id FROM below)
            """,
            new { from },
            ct).ConfigureAwait(false);
        await ExecuteAsync(
            """
            UPDATE issuances SET state = l.state, issuer = l.issuer, credential = l.credential, award = l.award, earned_at = l.earned_at, expires_at = l.expires_at, rule_book = l.rule_book,
                reason = l.reason, trace = l.trace, planned_at = l.planned_at, cause = l.cause, sentence = l.sentence, settle_by = l.settle_by
            FROM merge_lines AS l
            WHERE l.merge_id = @merge AND l.issuance_id = issuances.issuance_id AND l.state IS NOT NULL AND issuances.state IN ('Planned', 'Held') AND issuances.sent_at IS NULL AND issuances.attempts = 0
            """,
            new { merge },
            ct).ConfigureAwait(false);
        await ExecuteAsync(
            """
            DELETE FROM issuances
            WHERE issuance_id IN (SELECT issuance_id FROM merge_lines WHERE merge_id = @merge AND state IS NULL) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0
            """,
            new { merge },
            ct).ConfigureAwait(false);
        return true;
    }
}
