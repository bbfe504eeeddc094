using System.Reflection;
using CredSync.Core.Issuance;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Ledger;

/// <summary>A ledger in PostgreSQL that an older version made is brought up to date, and everything in it can still be read.</summary>
public sealed class PostgresUpgradeTests(PostgresFixture postgres)
{
    private const string Prefix = "CredSync.Host.Ledger.Migrations.Postgres.";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Versions => [.. Scripts().Select((_, i) => i + 1)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_ledger_of_each_older_version_is_upgraded_and_reads_as_before(int scripts)
    {
        string address = await postgres.NewDatabaseAsync(Ct);
        Guid subject = NameBasedUuid.Create(Guid.Empty, "ada");
        Guid issuance = new IssuanceKey("badge", subject, "once").Id;
        await FillAsync(address, scripts, subject, issuance);

        var time = new FakeTimeProvider(Now);
        await using var database = new PostgresDatabase(address, PostgresLedger.Schema, "Ledger:ConnectionString");
        var ledger = new PostgresLedger(database, time);
        await ledger.MigrateAsync(Ct);
        (await ledger.TotalsAsync(Ct)).ShouldSatisfyAllConditions(t => t.Completions.ShouldBe(1), t => t.People.ShouldBe(1), t => t.Issuances.ShouldBe(1), t => t.SetAside.ShouldBe(1));
        (await ledger.CompletionsOfAsync(subject, Ct)).Single().Completion.Course.Key.ShouldBe("C-1");
        (await ledger.IssuancesOfAsync(subject, Ct)).Single().ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Issued), i => i.CredentialId.ShouldBe("urn:c"), i => i.EarnedAt.ShouldBe(Now.AddDays(-1)));
        (await ledger.FindPeopleAsync("ada@example.com", Ct)).Single().Subject.ShouldBe(subject);
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("behind-a"));
        var operators = new OperatorLedger(new PostgresSql(database), time);
        (await operators.RunsAsync("s", false, null, 10, Ct)).Items.Single().Read.ShouldBe(1);
        (await operators.FailureGroupsAsync(Ct)).Single().Cause.ShouldBe("row-malformed");
        (await operators.IssuancesAsync(new IssuanceFilter { Definition = "badge" }, null, 10, Ct)).Items.Single().DecidedAt.ShouldBe(Now, "what older versions did not note is taken from what they did");
        (await operators.ComparedLinesAsync("issuer", open: false, null, 10, Ct)).Single().Id.ShouldBe(issuance);

        // And work goes on.
        await ledger.EnsureSourcesAsync(["s"], Ct);
        (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!.Since.ShouldBe(new Cursor("behind-a"));
    }

    private static IEnumerable<(string Name, string Text)> Scripts()
    {
        Assembly host = typeof(PostgresLedger).Assembly;
        foreach (string name in host.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(host.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    // In the words of the first version, which later ones only add to.
    private static async Task FillAsync(string address, int scripts, Guid subject, Guid issuance)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Ct);
        await connection.ExecuteAsync(
            """
            CREATE SCHEMA credsync;
            SET search_path = credsync;
            CREATE TABLE schema_versions (schemaversionsid serial NOT NULL CONSTRAINT "PK_schema_versions_Id" PRIMARY KEY, scriptname varchar(255) NOT NULL, applied timestamp NOT NULL);
            """);
        int applied = 0;
        foreach ((string name, string text) in Scripts().Take(scripts))
        {
            await connection.ExecuteAsync(text);
            await connection.ExecuteAsync("INSERT INTO schema_versions (scriptname, applied) VALUES (@name, now())", new { name });
            if (++applied > 1)
            {
                continue;
            }

            await connection.ExecuteAsync(
                """
                INSERT INTO people (subject_id, name, email, first_seen) VALUES (@subject, 'Ada', 'ada@example.com', @now);
                INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) VALUES ('email', '', 'ada@example.com', @subject, @now);
                INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, first_seen, last_changed)
                    VALUES ('s', 'a', @subject, 'C-1', 'Completed', @earned, 'h', 'h', 1, @completion::jsonb, @now, @now);
                INSERT INTO credential_facts (facts_id, credential) VALUES (@subject, '{"id":"badge","name":"Badge","description":"d","criteria":"c"}');
                INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, facts_id, earned_at, rule_book, planned_at, attempts, sent_at, outcome_at, credential_id)
                    VALUES (@issuance, 'badge', @subject, 'once', 'issuer', 'Issued', @subject, @earned, 'r1', @now, 1, @now, @now, 'urn:c');
                INSERT INTO issuance_awards (issuance_id, award, reason, trace)
                    VALUES (@issuance, @award::jsonb, 'earned', '{"node":"course","met":true,"facts":["s/a"],"children":[]}');
                INSERT INTO sources (name, cursor, last_success, newest_completion) VALUES ('s', 'behind-a', @now, @earned);
                INSERT INTO runs (source, started_at, finished_at, read, new) VALUES ('s', @now, @now, 1, 1);
                INSERT INTO set_aside (source, reference, cause, sentence, first_seen, last_seen) VALUES ('s', 'row 7', 'row-malformed', 'It cannot be read.', @now, @now);
                """,
                new
                {
                    subject, issuance, now = Now.UtcDateTime, earned = Now.AddDays(-1).UtcDateTime,
                    completion = """{"key":{"source":"s","naturalKey":"a"},"identifiers":[],"course":{"key":"C-1"},"status":"Completed","completedAt":"2026-02-28T09:00:00Z"}""",
                    award = """{"earnedAt":"2026-02-28T09:00:00Z","earnedBy":[]}""",
                });
        }
    }
}
