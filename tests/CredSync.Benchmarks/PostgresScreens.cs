using System.Globalization;
using Npgsql;

namespace CredSync.Benchmarks;

/// <summary>The same ledger for the figures of the screens, on PostgreSQL.</summary>
internal static class PostgresScreens
{
    // Ten completions a person, three issuances, one in fifty failed, one in a hundred held; over the last ninety days.
    public static async Task FillAsync(string connectionString, int people)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync().ConfigureAwait(false);
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandTimeout = 0;
#pragma warning disable CA2100 // Constants of this benchmark.
        command.CommandText =
            $$"""
            SET search_path = credsync;
            SET synchronous_commit = off;
            CREATE TEMP TABLE n AS SELECT i, (lpad(to_hex((i::bigint * 2654435761) & 4294967295), 8, '0') || '-0000-5000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS id, now() - make_interval(mins => i % 129600) AS at
                FROM generate_series(0, {{(people - 1).ToString(CultureInfo.InvariantCulture)}}) AS i;
            INSERT INTO people (subject_id, name, email, first_seen) SELECT id, 'P', 'p' || i || '@example.com', at FROM n;
            INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) SELECT 'email', '', 'p' || i || '@example.com', id, at FROM n;
            INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence, first_seen, last_changed)
                SELECT 's', n.i || '|' || c, CASE WHEN n.i % 200 = 0 AND c = 0 THEN NULL ELSE n.id END, 'C-' || c, 'Completed', n.at, 'h', 'h', 1,
                    jsonb_build_object('key', jsonb_build_object('source', 's', 'naturalKey', n.i || '|' || c), 'identifiers', '[]'::jsonb, 'course', jsonb_build_object('key', 'C-' || c), 'status', 'Completed',
                        'completedAt', to_char(n.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
                    CASE WHEN n.i % 200 = 0 AND c = 0 THEN 'person-ambiguous' END, CASE WHEN n.i % 200 = 0 AND c = 0 THEN 'Two people.' END, n.at, n.at
                FROM n, generate_series(0, 9) AS c ORDER BY n.at;
            INSERT INTO credential_facts (facts_id, credential) VALUES ('00000000-0000-5000-8000-000000000001', '{"id":"badge","name":"Badge","description":"d","criteria":"c"}');
            CREATE TEMP TABLE m AS SELECT n.i, d, n.id AS subject, n.at, (lpad(to_hex((n.i::bigint * 40503) & 4294967295), 8, '0') || '-' || lpad(to_hex(d), 4, '0') || '-5000-8000-' || lpad(to_hex(n.i), 12, '0'))::uuid AS id,
                (n.i + d) % 100 = 7 AS held, (n.i + d) % 50 = 3 AS failed FROM n, generate_series(0, 2) AS d;
            INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, earned_at, rule_book, planned_at, decided_at, attempts, sent_at, outcome_at, credential_id, cause, sentence, fingerprint)
                SELECT id, 'badge-' || (i + d) % 10, subject, d::text, 'issuer', CASE WHEN held THEN 'Held' WHEN failed THEN 'Refused' ELSE 'Issued' END, '00000000-0000-5000-8000-000000000001', at, 'r1', at, at, 1,
                    CASE WHEN NOT held THEN at END, CASE WHEN NOT held THEN at END, CASE WHEN NOT held AND NOT failed THEN 'urn:c' END,
                    CASE WHEN held THEN 'approval' WHEN failed THEN 'issuer-refused' END, CASE WHEN held THEN 'Somebody says.' WHEN failed THEN 'No.' END, CASE WHEN failed THEN 'abcd1234' END
                FROM m ORDER BY at;
            INSERT INTO issuance_awards (issuance_id, award, reason, trace) SELECT id, '{}', 'earned', '{"node":"course","met":true,"facts":[],"children":[]}' FROM m;
            INSERT INTO sources (name) VALUES ('s');
            INSERT INTO runs (source, started_at, finished_at, read, new) SELECT 's', at, at, 100, 1 FROM n WHERE i < 50000 ORDER BY at;
            INSERT INTO acts (at, who, verb, target, why, detail) SELECT at, 'ada', 'approve', id::text, 'w', 'd' FROM n WHERE i < 20000 ORDER BY at;
            """;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        await using NpgsqlCommand settle = connection.CreateCommand();
        settle.CommandTimeout = 0;
        settle.CommandText = "VACUUM ANALYZE";
        await settle.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
