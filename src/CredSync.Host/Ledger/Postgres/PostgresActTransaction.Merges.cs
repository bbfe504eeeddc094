using CredSync.Core.Rules;

namespace CredSync.Host.Ledger.Postgres;

// Two people made one, and one made two again.
internal sealed partial class PostgresActTransaction
{
    public Task<bool> MergeAsync(Guid merged, Guid survivor, IReadOnlyCollection<Guid> duplicates, IReadOnlyCollection<Guid> touched, CancellationToken ct) => PartAsync(
        async () =>
        {
            await LockTogetherAsync([merged, survivor], ct).ConfigureAwait(false);
            int moved = await Bulk(
                """
                UPDATE people SET merged_into = @into
                WHERE (subject_id = @from OR merged_into = @from) AND (SELECT count(*) FROM people WHERE subject_id IN (@from, @into) AND merged_into IS NULL) = 2
                """)
                .Id("from", merged).Id("into", survivor).RunAsync(ct).ConfigureAwait(false);
            if (moved == 0)
            {
                return false;
            }

            long merge = (await Bulk("INSERT INTO merges (merged, survivor, merged_at) VALUES (@from, @into, @now) RETURNING merge_id")
                .Id("from", merged).Id("into", survivor).Time("now", now).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false))[0];

            // As they are now; those that are not there yet without a state.
            await Bulk(
                """
                INSERT INTO merge_lines (merge_id, issuance_id, state, issuer, facts_id, award, earned_at, expires_at, rule_book, reason, trace, planned_at, cause, sentence, settle_by)
                SELECT @merge, t.id, i.state, i.issuer, i.facts_id, a.award, i.earned_at, i.expires_at, i.rule_book, a.reason, a.trace, i.planned_at, i.cause, i.sentence, i.settle_by
                FROM unnest(@ids) AS t (id) LEFT JOIN issuances AS i ON i.issuance_id = t.id LEFT JOIN issuance_awards AS a ON a.issuance_id = t.id
                WHERE i.issuance_id IS NULL OR (i.state IN ('Planned', 'Held') AND i.sent_at IS NULL AND i.attempts = 0)
                """)
                .Number("merge", merge).Ids("ids", duplicates.Concat(touched).Distinct()).RunAsync(ct).ConfigureAwait(false);
            await Bulk(
                """
                WITH mine AS (SELECT issuance_id FROM issuances WHERE issuance_id = ANY(@ids) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0 ORDER BY issuance_id FOR UPDATE)
                UPDATE issuances AS i SET state = 'Held', cause = @cause, sentence = @sentence, planned_at = @now, settle_by = NULL, claimed_until = NULL, not_before = NULL
                FROM mine WHERE i.issuance_id = mine.issuance_id
                """)
                .Ids("ids", duplicates).Word("cause", HoldCauses.SameAsAnother).Word("sentence", MergeWords.SameAsAnother).Time("now", now).RunAsync(ct).ConfigureAwait(false);
            return true;
        },
        ct);

    public Task<bool> UnmergeAsync(Guid merged, CancellationToken ct) => PartAsync(
        async () =>
        {
            await LockTogetherAsync([merged], ct).ConfigureAwait(false);
            List<long> merges = await Bulk("UPDATE merges SET undone_at = @now WHERE merged = @from AND undone_at IS NULL RETURNING merge_id")
                .Id("from", merged).Time("now", now).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false);
            if (merges is not [long merge])
            {
                return false;
            }

            // Those who were merged into the one before stay with the one.
            await Bulk(
                """
                WITH RECURSIVE below (id) AS (
                    SELECT merged FROM merges WHERE survivor = @from AND undone_at IS NULL
                    UNION SELECT m.merged FROM merges AS m JOIN below AS b ON m.survivor = b.id WHERE m.undone_at IS NULL)
                UPDATE people SET merged_into = CASE WHEN subject_id = @from THEN NULL ELSE @from END WHERE subject_id = @from OR subject_id IN (SELECT id FROM below)
                """)
                .Id("from", merged).RunAsync(ct).ConfigureAwait(false);
            await Bulk(
                """
                WITH mine AS (
                    SELECT i.issuance_id FROM issuances AS i JOIN merge_lines AS l ON l.issuance_id = i.issuance_id
                    WHERE l.merge_id = @merge AND l.state IS NOT NULL AND i.state IN ('Planned', 'Held') AND i.sent_at IS NULL AND i.attempts = 0 ORDER BY i.issuance_id FOR UPDATE OF i),
                facts AS (
                    UPDATE issuance_awards AS a SET award = l.award, reason = l.reason, trace = l.trace
                    FROM mine JOIN merge_lines AS l ON l.issuance_id = mine.issuance_id AND l.merge_id = @merge WHERE a.issuance_id = mine.issuance_id)
                UPDATE issuances AS i SET state = l.state, issuer = l.issuer, facts_id = l.facts_id, earned_at = l.earned_at, expires_at = l.expires_at, exact_dates = false, rule_book = l.rule_book,
                    planned_at = l.planned_at, cause = l.cause, sentence = l.sentence, settle_by = l.settle_by
                FROM mine JOIN merge_lines AS l ON l.issuance_id = mine.issuance_id AND l.merge_id = @merge WHERE i.issuance_id = mine.issuance_id
                """)
                .Number("merge", merge).RunAsync(ct).ConfigureAwait(false);
            await Bulk(
                """
                WITH gone AS (
                    DELETE FROM issuances
                    WHERE issuance_id IN (SELECT issuance_id FROM merge_lines WHERE merge_id = @merge AND state IS NULL) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0
                    RETURNING issuance_id)
                DELETE FROM issuance_awards WHERE issuance_id IN (SELECT issuance_id FROM gone)
                """)
                .Number("merge", merge).RunAsync(ct).ConfigureAwait(false);
            planned = true;
            return true;
        },
        ct);
}
