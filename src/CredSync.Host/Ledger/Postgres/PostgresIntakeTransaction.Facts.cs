namespace CredSync.Host.Ledger.Postgres;

// Completions and what follows from them.
internal sealed partial class PostgresIntakeTransaction
{
    public Task StoreCompletionsAsync(IReadOnlyList<CompletionRow> completions, CancellationToken ct) => PartAsync(
        () =>
        {
            List<CompletionRow> rows = [.. completions.GroupBy(c => c.Completion.Key.NaturalKey, StringComparer.Ordinal).Select(g => g.Last())];
            return Bulk(
                """
                INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence, first_seen, last_changed)
                SELECT @source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence, @now, @now
                FROM unnest(@keys, @subjects, @courses, @statuses, @completedAt, @received, @content, @revisions, @payloads, @holdCauses, @holdSentences)
                    AS t (natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence)
                ON CONFLICT (source, natural_key) DO UPDATE SET
                    subject_id = excluded.subject_id, course_key = excluded.course_key, status = excluded.status, completed_at = excluded.completed_at,
                    received_hash = excluded.received_hash, content_hash = excluded.content_hash, revision = excluded.revision, payload = excluded.payload,
                    hold_cause = excluded.hold_cause, hold_sentence = excluded.hold_sentence,
                    last_changed = CASE WHEN excluded.content_hash = completions.content_hash THEN completions.last_changed ELSE excluded.last_changed END
                """)
                .Word("source", run.Source).Time("now", now)
                .Text("keys", rows.Select(r => r.Completion.Key.NaturalKey)).Ids("subjects", rows.Select(r => r.Subject)).Text("courses", rows.Select(r => r.Completion.Course.Key))
                .Text("statuses", rows.Select(r => r.Completion.Status.ToString())).Times("completedAt", rows.Select(r => r.Completion.CompletedAt))
                .Text("received", rows.Select(r => r.ReceivedHash)).Text("content", rows.Select(r => r.ContentHash)).Numbers("revisions", rows.Select(r => r.Revision))
                .Json("payloads", rows.Select(r => LedgerJson.Write(r.Completion))).Text("holdCauses", rows.Select(r => r.HoldCause)).Text("holdSentences", rows.Select(r => r.HoldSentence))
                .RunAsync(ct);
        },
        ct);

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) => PartAsync(
        async () =>
        {
            (int Planned, int Held) counts = await PostgresIssuances.PlanAsync(connection, transaction, issuances, now, ct).ConfigureAwait(false);
            planned |= counts.Planned > 0;
            return counts;
        },
        ct);
}
