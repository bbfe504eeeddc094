using CredSync.Core.Issuance;
using CredSync.Issuers;

namespace CredSync.Host.Ledger.Postgres;

// Completions and what follows from them.
internal sealed partial class PostgresIntakeTransaction
{
    private static readonly Guid FactsNamespace = NameBasedUuid.Create(Guid.Empty, "credsync credential facts");

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
            // One line a right; should a page both hold and plan one, the plan counts.
            List<IssuanceRow> rows = [.. issuances.GroupBy(i => i.Key).Select(g => g.FirstOrDefault(i => i.State == IssuanceState.Planned) ?? g.Last()).OrderBy(i => i.Key.Id)];
            Dictionary<CredentialFacts, Guid> facts = await StoreFactsAsync(rows, ct).ConfigureAwait(false);

            // A held line may become planned when the facts now suffice; any other line that exists stays as it is: the key is the right, and it was seen before.
            List<string> states = await Bulk(
                """
                WITH given AS (
                    SELECT * FROM unnest(@ids, @definitions, @subjects, @occurrences, @issuers, @states, @facts, @awards, @earned, @expires, @ruleBooks, @reasons, @traces, @causes, @sentences)
                        AS t (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, award, earned_at, expires_at, rule_book, reason, trace, cause, sentence)),
                written AS (
                    INSERT INTO issuances AS i (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, earned_at, expires_at, rule_book, planned_at, cause, sentence)
                    SELECT issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, earned_at, expires_at, rule_book, @now, cause, sentence FROM given
                    ON CONFLICT (subject_id, definition, occurrence) DO UPDATE SET
                        state = excluded.state, issuer = excluded.issuer, facts_id = excluded.facts_id, earned_at = excluded.earned_at, expires_at = excluded.expires_at,
                        rule_book = excluded.rule_book, planned_at = excluded.planned_at, cause = excluded.cause, sentence = excluded.sentence
                    WHERE i.state = 'Held' AND i.cause IS DISTINCT FROM excluded.cause AND i.sent_at IS NULL
                    RETURNING i.issuance_id, i.state),
                facts AS (
                    INSERT INTO issuance_awards (issuance_id, award, reason, trace)
                    SELECT g.issuance_id, g.award, g.reason, g.trace FROM given AS g JOIN written AS w ON w.issuance_id = g.issuance_id
                    ON CONFLICT (issuance_id) DO UPDATE SET award = excluded.award, reason = excluded.reason, trace = excluded.trace)
                SELECT state FROM written
                """)
                .Ids("ids", rows.Select(r => r.Key.Id)).Text("definitions", rows.Select(r => r.Key.Definition)).Ids("subjects", rows.Select(r => r.Key.Subject)).Text("occurrences", rows.Select(r => r.Key.Occurrence))
                .Text("issuers", rows.Select(r => r.Issuer)).Text("states", rows.Select(r => r.State.ToString())).Ids("facts", rows.Select(r => facts[r.Credential]))
                .Json("awards", rows.Select(r => LedgerJson.Write(r.Award))).Times("earned", rows.Select(r => r.Award?.EarnedAt)).Times("expires", rows.Select(r => r.Award?.ExpiresAt))
                .Text("ruleBooks", rows.Select(r => r.RuleBookRevision)).Text("reasons", rows.Select(r => r.Reason)).Json("traces", rows.Select(r => LedgerJson.Write(r.Trace)))
                .Text("causes", rows.Select(r => r.Cause)).Text("sentences", rows.Select(r => r.Remedy)).Time("now", now)
                .ReadAsync(r => r.GetString(0), ct).ConfigureAwait(false);
            int count = states.Count(s => s == nameof(IssuanceState.Planned));
            planned |= count > 0;
            return (count, states.Count - count);
        },
        ct);

    // Facts of a definition are the same object for everyone who earns it; each is written and stored once.
    private async Task<Dictionary<CredentialFacts, Guid>> StoreFactsAsync(List<IssuanceRow> rows, CancellationToken ct)
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

        await Bulk("INSERT INTO credential_facts (facts_id, credential) SELECT * FROM unnest(@ids, @json) ON CONFLICT DO NOTHING").Ids("ids", json.Keys).Json("json", json.Values).RunAsync(ct).ConfigureAwait(false);
        return ids;
    }
}
