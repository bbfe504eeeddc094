using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Writes what was decided, for pages and for acts alike.</summary>
internal static class PostgresIssuances
{
    private static readonly Guid FactsNamespace = NameBasedUuid.Create(Guid.Empty, "credsync credential facts");

    /// <summary>Writes lines, or opens reviews.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="issuances">What was decided.</param>
    /// <param name="claimFor">For how long what is planned is claimed at once; null when it waits for a dispatcher.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many wait, how many are held, and what was claimed.</returns>
    public static async Task<(int Waiting, int Held, IReadOnlyList<ClaimedIssuance> Claimed)> PlanAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<IssuanceRow> issuances, TimeSpan? claimFor, DateTimeOffset now, CancellationToken ct)
    {
        // One line a right; should a page both hold and plan one, the plan counts.
        List<IssuanceRow> rows =
        [
            .. issuances.Where(i => !HoldCauses.IsReview(i.Cause)).GroupBy(i => i.Key).Select(g => g.FirstOrDefault(i => i.State == IssuanceState.Planned) ?? g.Last()).OrderBy(i => i.Key.Id),
        ];
        List<IssuanceRow> given = rows.FindAll(r => !r.Revises);
        List<IssuanceRow> revised = rows.FindAll(r => r.Revises);
        List<WrittenRow> written = given.Count == 0 ? [] : await WriteAsync(connection, transaction, given, claimFor, now, ct).ConfigureAwait(false);
        Dictionary<Guid, IssuanceRow> byId = given.ToDictionary(r => r.Key.Id);
        List<ClaimedIssuance> claimed = [.. written.Where(w => w.Sending is not null).Select(w => w.ToClaim(byId[w.Id]))];
        int waiting = written.Count(w => w.State == nameof(IssuanceState.Planned)), held = written.Count - waiting - claimed.Count;
        held += revised.Count == 0 ? 0 : await ReviseAsync(connection, transaction, revised, now, ct).ConfigureAwait(false);

        List<IssuanceRow> reviews = [.. issuances.Where(i => HoldCauses.IsReview(i.Cause)).DistinctBy(i => i.Key).OrderBy(i => i.Key.Id)];
        return (waiting, reviews.Count == 0 ? held : held + await OpenReviewsAsync(connection, transaction, reviews, now, ct).ConfigureAwait(false), claimed);
    }

    private static async Task<List<WrittenRow>> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<IssuanceRow> rows, TimeSpan? claimFor, DateTimeOffset now, CancellationToken ct)
    {
        Dictionary<CredentialFacts, Guid> facts = await StoreFactsAsync(connection, transaction, rows, ct).ConfigureAwait(false);

        // A held line may become planned when the facts now suffice, and one that has not left is kept back when consent is taken back; any other line that exists stays
        // as it is: the key is the right, and it was seen before. What is claimed at once is noted as sent, in a batch that lapses like a dispatcher's.
        return await new BulkCommand(
            connection,
            transaction,
            """
            WITH batch AS (SELECT nextval(pg_get_serial_sequence('sendings', 'sending_id')) AS sending WHERE @until IS NOT NULL),
            given AS (
                SELECT *, CASE WHEN @until IS NOT NULL AND state = 'Planned' THEN 'Sent' ELSE state END AS first_state FROM unnest(@ids, @definitions, @subjects, @occurrences, @issuers, @states, @facts, @awards, @earned, @expires, @ruleBooks, @reasons, @traces, @causes, @sentences, @settleBy, @exact)
                    AS t (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, award, earned_at, expires_at, rule_book, reason, trace, cause, sentence, settle_by, exact_dates)),
            written AS (
                INSERT INTO issuances AS i (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, earned_at, expires_at, rule_book, planned_at, decided_at, cause, sentence, settle_by, exact_dates, sent_at, sending, attempts)
                SELECT issuance_id, definition, subject_id, occurrence, issuer, first_state, facts_id, earned_at, expires_at, rule_book, @now, @now, cause, sentence, settle_by, exact_dates,
                    CASE WHEN first_state = 'Sent' THEN @now END, CASE WHEN first_state = 'Sent' THEN batch.sending END, CASE WHEN first_state = 'Sent' THEN 1 ELSE 0 END FROM given LEFT JOIN batch ON true
                ON CONFLICT (issuance_id) DO UPDATE SET
                    state = excluded.state, issuer = excluded.issuer, facts_id = excluded.facts_id, earned_at = excluded.earned_at, expires_at = excluded.expires_at,
                    rule_book = excluded.rule_book, planned_at = excluded.planned_at, cause = excluded.cause, sentence = excluded.sentence, settle_by = excluded.settle_by,
                    exact_dates = excluded.exact_dates, sent_at = excluded.sent_at, sending = excluded.sending, attempts = i.attempts + excluded.attempts
                WHERE i.sent_at IS NULL AND ((i.state = 'Held' AND i.cause IS DISTINCT FROM excluded.cause)
                    OR (i.state = 'Planned' AND i.attempts = 0 AND excluded.state = 'Held' AND excluded.cause = 'consent-missing'))
                RETURNING i.issuance_id, i.state, i.subject_id, i.sending, i.attempts),
            noted AS (
                INSERT INTO sendings (sending_id, sent_at, claimed_until, lines) OVERRIDING SYSTEM VALUE
                SELECT sending, @now, @until, count(*) FROM written WHERE state = 'Sent' GROUP BY sending),
            facts AS (
                INSERT INTO issuance_awards (issuance_id, award, reason, trace)
                SELECT g.issuance_id, g.award, g.reason, g.trace FROM given AS g JOIN written AS w ON w.issuance_id = g.issuance_id
                ON CONFLICT (issuance_id) DO UPDATE SET award = excluded.award, reason = excluded.reason, trace = excluded.trace)
            SELECT w.issuance_id, w.state, CASE WHEN w.state = 'Sent' THEN w.sending END, w.attempts, COALESCE(r.name, p.name), COALESCE(r.email, p.email)
            FROM written AS w LEFT JOIN people AS p ON p.subject_id = w.subject_id AND w.state = 'Sent' LEFT JOIN people AS r ON r.subject_id = p.merged_into
            """)
            .Ids("ids", rows.Select(r => r.Key.Id)).Text("definitions", rows.Select(r => r.Key.Definition)).Ids("subjects", rows.Select(r => r.Key.Subject)).Text("occurrences", rows.Select(r => r.Key.Occurrence))
            .Text("issuers", rows.Select(r => r.Issuer)).Text("states", rows.Select(r => r.State.ToString())).Ids("facts", rows.Select(r => facts[r.Credential]))
            .Facts("awards", rows.Select(r => LedgerJson.Write(r.Award))).Times("earned", rows.Select(r => r.Award?.EarnedAt)).Times("expires", rows.Select(r => r.Award?.ExpiresAt))
            .Text("ruleBooks", rows.Select(r => r.RuleBookRevision)).Text("reasons", rows.Select(r => r.Reason)).Facts("traces", rows.Select(r => LedgerJson.Write(r.Trace)))
            .Text("causes", rows.Select(r => r.Cause)).Text("sentences", rows.Select(r => r.Remedy)).Times("settleBy", rows.Select(r => now + r.SettleWithin)).Time("now", now).Time("until", now + claimFor)
            .Flags("exact", rows.Select(r => IsExact(r.Award?.EarnedAt) && IsExact(r.Award?.ExpiresAt)))
            .ReadAsync(r => new WrittenRow(r.GetGuid(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetInt64(2), r.GetInt32(3), r.Text(4), r.Text(5)), ct).ConfigureAwait(false);
    }

    // What takes the place of a line that waits; a question that stays the same keeps the day on which it settles itself.
    private static async Task<int> ReviseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<IssuanceRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        Dictionary<CredentialFacts, Guid> facts = await StoreFactsAsync(connection, transaction, rows, ct).ConfigureAwait(false);
        int changed = await new BulkCommand(
            connection,
            transaction,
            """
            WITH given AS (
                SELECT * FROM unnest(@ids, @issuers, @states, @facts, @awards, @earned, @expires, @ruleBooks, @reasons, @traces, @causes, @sentences, @settleBy, @exact)
                    AS t (issuance_id, issuer, state, facts_id, award, earned_at, expires_at, rule_book, reason, trace, cause, sentence, settle_by, exact_dates)),
            mine AS (
                SELECT i.issuance_id FROM issuances AS i JOIN given AS g ON g.issuance_id = i.issuance_id
                WHERE i.state IN ('Planned', 'Held') AND i.sent_at IS NULL AND i.attempts = 0 ORDER BY i.issuance_id FOR UPDATE OF i),
            facts AS (
                UPDATE issuance_awards AS a SET award = g.award, reason = g.reason, trace = g.trace FROM given AS g JOIN mine ON mine.issuance_id = g.issuance_id WHERE a.issuance_id = g.issuance_id)
            UPDATE issuances AS i SET settle_by = CASE WHEN i.cause IS NOT DISTINCT FROM g.cause THEN i.settle_by ELSE g.settle_by END, planned_at = CASE WHEN i.state = g.state THEN i.planned_at ELSE @now END,
                state = g.state, issuer = g.issuer, facts_id = g.facts_id, earned_at = g.earned_at, expires_at = g.expires_at, rule_book = g.rule_book, cause = g.cause, sentence = g.sentence,
                exact_dates = g.exact_dates, not_before = NULL
            FROM given AS g JOIN mine ON mine.issuance_id = g.issuance_id WHERE i.issuance_id = g.issuance_id
            """)
            .Ids("ids", rows.Select(r => r.Key.Id)).Text("issuers", rows.Select(r => r.Issuer)).Text("states", rows.Select(r => r.State.ToString())).Ids("facts", rows.Select(r => facts[r.Credential]))
            .Facts("awards", rows.Select(r => LedgerJson.Write(r.Award))).Times("earned", rows.Select(r => r.Award?.EarnedAt)).Times("expires", rows.Select(r => r.Award?.ExpiresAt))
            .Text("ruleBooks", rows.Select(r => r.RuleBookRevision)).Text("reasons", rows.Select(r => r.Reason)).Facts("traces", rows.Select(r => LedgerJson.Write(r.Trace)))
            .Text("causes", rows.Select(r => r.Cause)).Text("sentences", rows.Select(r => r.Remedy)).Times("settleBy", rows.Select(r => now + r.SettleWithin)).Time("now", now)
            .Flags("exact", rows.Select(r => IsExact(r.Award?.EarnedAt) && IsExact(r.Award?.ExpiresAt)))
            .RunAsync(ct).ConfigureAwait(false);
        return changed == rows.Count
            ? rows.Count(r => r.State == IssuanceState.Held)
            : throw new CollisionException("An issuance left while the facts behind it changed; they are taken in again.");
    }

    // Whether a column gives the date back as it was: it keeps microseconds and no offset.
    private static bool IsExact(DateTimeOffset? date) => date is not { } given || (given.Offset == TimeSpan.Zero && given.Ticks % TimeSpan.TicksPerMicrosecond == 0);

    // What has not left is not sent any more. What has left stays as it is, and one question about it is enough.
    private static async Task<int> OpenReviewsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<IssuanceRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        HashSet<Guid> stopped =
        [
            .. await new BulkCommand(
                connection,
                transaction,
                """
                WITH mine AS (
                    SELECT issuance_id FROM issuances WHERE issuance_id = ANY(@ids) AND state = 'Planned' AND sent_at IS NULL AND attempts = 0 ORDER BY issuance_id FOR UPDATE)
                UPDATE issuances AS i SET state = 'Held', cause = @cause, sentence = @sentence, planned_at = @now, not_before = NULL FROM mine WHERE i.issuance_id = mine.issuance_id
                RETURNING i.issuance_id
                """)
                .Ids("ids", rows.Select(r => r.Key.Id)).Word("cause", HoldCauses.NoLongerEarned).Word("sentence", "What earned it does not count any more; it is decided again when the facts change.").Time("now", now)
                .ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false),
        ];
        List<IssuanceRow> left = [.. rows.Where(r => !stopped.Contains(r.Key.Id))];
        return stopped.Count + await new BulkCommand(
            connection,
            transaction,
            """
            INSERT INTO reviews (issuance_id, cause, sentence, opened_at, due_at)
            SELECT i.issuance_id, t.cause, t.sentence, @now, t.due_at
            FROM unnest(@ids, @causes, @sentences, @due) AS t (issuance_id, cause, sentence, due_at) JOIN issuances AS i ON i.issuance_id = t.issuance_id
            ORDER BY i.issuance_id
            ON CONFLICT DO NOTHING
            """)
            .Ids("ids", left.Select(r => r.Key.Id)).Text("causes", left.Select(r => r.Cause)).Text("sentences", left.Select(r => r.Remedy)).Times("due", left.Select(r => (DateTimeOffset?)(now + (r.SettleWithin ?? TimeSpan.Zero)))).Time("now", now)
            .RunAsync(ct).ConfigureAwait(false);
    }

    // Facts of a definition are the same object for everyone who earns it; each is written and stored once.
    private static async Task<Dictionary<CredentialFacts, Guid>> StoreFactsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<IssuanceRow> rows, CancellationToken ct)
    {
        var ids = new Dictionary<CredentialFacts, Guid>(ReferenceEqualityComparer.Instance);
        var json = new SortedDictionary<Guid, string>();
        foreach (IssuanceRow row in rows)
        {
            if (!ids.ContainsKey(row.Credential))
            {
                string text = LedgerJson.Write(row.Credential);
                Guid id = NameBasedUuid.Create(FactsNamespace, text);
                ids.Add(row.Credential, id);
                json[id] = text;
            }
        }

        await new BulkCommand(connection, transaction, "INSERT INTO credential_facts (facts_id, credential) SELECT * FROM unnest(@ids, @json) ON CONFLICT DO NOTHING")
            .Ids("ids", json.Keys).Json("json", json.Values).RunAsync(ct).ConfigureAwait(false);
        return ids;
    }

    private sealed record WrittenRow(Guid Id, string State, long? Sending, int Attempts, string? Name, string? Email)
    {
        public ClaimedIssuance ToClaim(IssuanceRow row) =>
            new(Id, row.Issuer, row.Credential, new Recipient { SubjectId = row.Key.Subject, Name = Name, Email = Email }, row.Award!, Attempts) { Sending = Sending!.Value };
    }
}
