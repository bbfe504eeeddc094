using System.Globalization;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Issue;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using Dapper;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>
/// The frequent queries take their indexes, on tables that are large enough for the planner to have a choice: a quarter of a million lines, planned as PostgreSQL
/// plans a prepared statement, without knowing the values.
/// </summary>
public sealed class PlanTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Queries => new()
    {
        { "hashes of a page", "SELECT received_hash FROM completions WHERE source = $1 AND natural_key = ANY ($2)", "completions_pkey" },
        { "keys of a source", "SELECT natural_key FROM completions WHERE source = $1 AND natural_key > $2 ORDER BY natural_key LIMIT 5000", "completions_pkey" },
        { "which keys are complete", "SELECT natural_key FROM completions WHERE source = $1 AND natural_key = ANY ($2) AND status = 'Completed' AND first_seen < $3 ORDER BY natural_key", "completions_pkey" },
        { "history of people", "SELECT payload FROM completions WHERE subject_id = ANY ($1::uuid[])", "completions_subject" },
        { "rights of people", "SELECT state FROM issuances WHERE subject_id = ANY ($1::uuid[])", "issuances_subject" },
        { "a course", "SELECT natural_key FROM completions WHERE source = $1 AND course_key = $2", "completions_course" },
        { "who has an identifier", "SELECT i.subject_id FROM unnest($1::text[], $2::text[], $3::text[]) AS t (kind, scope, value) JOIN person_identifiers AS i ON i.value = t.value AND i.kind = t.kind AND i.scope = t.scope", "person_identifiers_pkey" },
        { "identifiers of people", "SELECT value FROM person_identifiers WHERE subject_id = ANY ($1::uuid[])", "person_identifiers_subject" },
        { "what is due", "SELECT i.issuance_id FROM outbox AS o JOIN issuances AS i ON i.issuance_id = o.issuance_id WHERE o.due_at <= $1::timestamptz AND i.state = 'Planned' AND GREATEST(i.planned_at, i.not_before) <= $1::timestamptz AND (i.claimed_until IS NULL OR i.claimed_until <= $1::timestamptz) ORDER BY o.due_at LIMIT 500 FOR UPDATE OF i SKIP LOCKED", "outbox_due" },
        { "what has no answer", "SELECT issuance_id FROM outbox WHERE sent_at <= $1::timestamptz", "outbox_sent" },
        { "what wants a person", "SELECT 1 FROM issuances WHERE cause IS NOT NULL AND state <> 'Issued' ORDER BY planned_at DESC LIMIT 20", "issuances_open" },
        { "lines of a batch", "SELECT issuance_id FROM issuances WHERE issuance_id = ANY ($1::uuid[]) AND state = 'Planned' ORDER BY issuance_id FOR UPDATE", "issuances_pkey" },
        { "the journal's lines", "SELECT state FROM credsync_issue.issue_journal WHERE issuance_id = ANY ($1::uuid[]) ORDER BY issuance_id FOR NO KEY UPDATE", "issue_journal_pkey" },
    };

    [Fact]
    public async Task Frequent_queries_take_their_indexes()
    {
        string address = await postgres.NewDatabaseAsync(Ct);
        await using var ledger = new PostgresDatabase(address, PostgresLedger.Schema, "Ledger:ConnectionString");
        await new PostgresLedger(ledger, TimeProvider.System).MigrateAsync(Ct);
        await using var journal = new PostgresDatabase(address, PostgresIssueJournal.Schema, "Issue:ConnectionString");
        await new PostgresIssueJournal(journal, LocalProcess.Self, TimeProvider.System).MigrateAsync(Ct);
        await using NpgsqlConnection connection = await ledger.OpenAsync(Ct);
        await FillAsync(connection);
        var missed = new List<string>();
        int number = 0;
        foreach ((string what, string sql, string index) in Queries.Select(r => r.Data))
        {
            string plan = await PlanAsync(connection, sql, number++);
            if (!plan.Contains(index, StringComparison.Ordinal) || plan.Contains("Seq Scan", StringComparison.Ordinal))
            {
                missed.Add($"{what}: wanted {index}\n{plan}");
            }
        }

        missed.ShouldBeEmpty(string.Join("\n\n", missed));
    }

    private static async Task<string> PlanAsync(NpgsqlConnection connection, string sql, int number)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"q{number}");
        int parameters = Enumerable.Range(1, 3).Count(i => sql.Contains($"${i}", StringComparison.Ordinal));
        await connection.ExecuteAsync($"SET plan_cache_mode = force_generic_plan; PREPARE {name} AS {sql}");
        string arguments = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})";
        return string.Join('\n', await connection.QueryAsync<string>($"EXPLAIN EXECUTE {name}{arguments}"));
    }

    private static Task<int> FillAsync(NpgsqlConnection connection) => connection.ExecuteAsync(
        """
        CREATE FUNCTION pg_temp.id (n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $f$ SELECT md5(n::text)::uuid $f$;
        INSERT INTO people (subject_id, first_seen) SELECT pg_temp.id(n), now() FROM generate_series(1, 50000) AS n;
        INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) SELECT 'email', '', n || '@example.com', pg_temp.id(n), now() FROM generate_series(1, 50000) AS n;
        INSERT INTO completions (source, natural_key, subject_id, course_key, status, received_hash, content_hash, revision, payload, first_seen, last_changed)
            SELECT 's' || n % 5, 'k' || n, pg_temp.id(n / 5 + 1), 'c' || n % 500, 'Completed', md5(n::text), md5(n::text), 1, '{}', now(), now() FROM generate_series(0, 249999) AS n;
        INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, rule_book, planned_at, sent_at, cause)
            SELECT pg_temp.id(n), 'd' || n % 50, pg_temp.id(n / 5 + 1), 'o' || n, 'i',
                CASE WHEN n % 100 = 0 THEN 'Planned' WHEN n % 100 = 1 THEN 'Sent' WHEN n % 1000 = 2 THEN 'Held' ELSE 'Issued' END,
                pg_temp.id(0), 'r', now() - n * interval '1 s', now(), CASE WHEN n % 1000 = 2 THEN 'c' END
            FROM generate_series(0, 249999) AS n;
        INSERT INTO credsync_issue.issue_journal (issuance_id, issuer, state, issued_at, changed_at) SELECT pg_temp.id(n), 'i', 'Finished', now(), now() FROM generate_series(0, 99999) AS n;
        ANALYZE;
        """,
        commandTimeout: 300);
}
