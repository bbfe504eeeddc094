using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Postgres;

// Completions and what follows from them.
internal sealed partial class PostgresIntakeTransaction
{
    public Task StoreCompletionsAsync(IReadOnlyList<CompletionRow> completions, CancellationToken ct) => PartAsync(
        async () =>
        {
            List<CompletionRow> rows = [.. completions.GroupBy(c => c.Completion.Key.NaturalKey, StringComparer.Ordinal).Select(g => g.Last())];
            int written = await Bulk(
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
                WHERE completions.revision = excluded.revision - 1 OR (completions.revision = excluded.revision AND completions.content_hash = excluded.content_hash)
                """)
                .Word("source", origin.Source).Time("now", now)
                .Text("keys", rows.Select(r => r.Completion.Key.NaturalKey)).Ids("subjects", rows.Select(r => r.Subject)).Text("courses", rows.Select(r => r.Completion.Course.Key))
                .Text("statuses", rows.Select(r => r.Completion.Status.ToString())).Times("completedAt", rows.Select(r => r.Completion.CompletedAt))
                .Text("received", rows.Select(r => r.ReceivedHash)).Text("content", rows.Select(r => r.ContentHash)).Numbers("revisions", rows.Select(r => r.Revision))
                .Facts("payloads", rows.Select(r => LedgerJson.Write(r.Completion))).Text("holdCauses", rows.Select(r => r.HoldCause)).Text("holdSentences", rows.Select(r => r.HoldSentence))
                .RunAsync(ct).ConfigureAwait(false);
            if (written != rows.Count)
            {
                // A poll and a delivery of one source may bring the same completion at the same moment.
                throw new CollisionException($"Another page of source '{origin.Source}' changed a completion at the same moment; the page is taken in again.");
            }

            rows.ForEach(r => stored[PostgresText.Safe(r.Completion.Key.NaturalKey)!] = r.Completion);
            await RefuseUnseenMatchesAsync(ct).ConfigureAwait(false);
            return written;
        },
        ct);

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) => PartAsync(
        async () =>
        {
            (int waiting, int held, IReadOnlyList<ClaimedIssuance> claims) = await PostgresIssuances.PlanAsync(connection, transaction, issuances, origin.ClaimFor, now, ct).ConfigureAwait(false);
            planned |= waiting > 0;
            claimed.AddRange(claims);
            return (waiting + claims.Count, held);
        },
        ct);

    // Between this page's look and its writing somebody may have given a completion to a person by hand. Taken in again, the page sees it.
    private async Task RefuseUnseenMatchesAsync(CancellationToken ct)
    {
        if (matchedWhenRead.Count == 0)
        {
            return;
        }

        List<(string Key, Guid Subject)> matched = await Bulk("SELECT natural_key, subject_id FROM matched_by_hand WHERE source = @source AND natural_key = ANY(@keys)")
            .Word("source", origin.Source).Text("keys", matchedWhenRead.Keys).ReadAsync(r => (r.GetString(0), r.GetGuid(1)), ct).ConfigureAwait(false);
        if (matched.Any(m => matchedWhenRead.TryGetValue(m.Key, out Guid? seen) && seen != m.Subject))
        {
            throw new CollisionException($"Somebody matched a completion that a page of source '{origin.Source}' brings, at the same moment; the page is taken in again.");
        }
    }
}
