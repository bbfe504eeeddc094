using System.Reflection;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Plans;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>A ledger that an older version made is brought up to date, and everything in it can still be read.</summary>
public sealed class UpgradeTests
{
    private const string Prefix = "CredSync.Host.Ledger.Migrations.Sqlite.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Versions => [.. Scripts().Select((_, i) => i + 1)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_ledger_of_each_older_version_is_upgraded_and_reads_as_before(int scripts)
    {
        using var folder = new TemporaryFolder();
        Guid subject = PlanWorld.SubjectOf(1);
        Guid issuance = new IssuanceKey("badge", subject, "once").Id;
        await FillAsync(folder.File("ledger.db"), scripts, subject, issuance);

        using var database = new SqliteDatabase(folder.File("ledger.db"));
        var ledger = new SqliteLedger(database, new FakeTimeProvider(PlanWorld.Now));
        await ledger.MigrateAsync(Ct);
        (await ledger.TotalsAsync(Ct)).ShouldSatisfyAllConditions(t => t.Completions.ShouldBe(1), t => t.People.ShouldBe(1), t => t.Issuances.ShouldBe(1), t => t.SetAside.ShouldBe(1));
        (await ledger.CompletionsOfAsync(subject, Ct)).Single().Completion.Course.Key.ShouldBe("C-1");
        (await ledger.IssuancesOfAsync(subject, Ct)).Single().ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Issued), i => i.CredentialId.ShouldBe("urn:c"), i => i.EarnedAt.ShouldBe(PlanWorld.Now.AddDays(-1)));
        (await ledger.FindPeopleAsync("ada@example.com", Ct)).Single().Subject.ShouldBe(subject);
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new CredSync.Sources.Cursor("behind-a"));
        var operators = new OperatorLedger(new SqliteSql(database), new FakeTimeProvider(PlanWorld.Now));
        (await operators.RunsAsync("s", false, null, 10, Ct)).Items.Single().Read.ShouldBe(1);
        (await operators.FailureGroupsAsync(Ct)).Single().Cause.ShouldBe("row-malformed");
        (await operators.IssuancesAsync(new IssuanceFilter { Definition = "badge" }, null, 10, Ct)).Items.Single().DecidedAt.ShouldBe(PlanWorld.Now, "what older versions did not note is taken from what they did");
        (await operators.ComparedLinesAsync("issuer", open: false, null, 10, Ct)).Single().Id.ShouldBe(issuance);

        // And work goes on.
        await ledger.EnsureSourcesAsync(["s"], Ct);
        (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!.Since.ShouldBe(new CredSync.Sources.Cursor("behind-a"));
    }

    [Fact]
    public async Task Numbers_that_were_never_given_out_do_no_harm_and_one_that_comes_in_between_later_is_caught_up()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("ledger.db");
        (string Name, string Text)[] all = [.. Scripts()];
        all.Select(s => s.Name).ShouldBe(all.Select(s => s.Name).Order(StringComparer.Ordinal));

        // As a database of a branch that had later numbers already, and one of them not.
        await using (var connection = await OpenAsync(path))
        {
            await JournalAsync(connection);
            foreach ((string name, string text) in all.Where(s => !s.Name.Contains("deliveries", StringComparison.Ordinal)))
            {
                await RunAsync(connection, text);
                await NoteAsync(connection, name);
            }
        }

        using var database = new SqliteDatabase(path);
        var ledger = new SqliteLedger(database, new FakeTimeProvider(PlanWorld.Now));
        await ledger.MigrateAsync(Ct);
        await ledger.MigrateAsync(Ct);
        await using SqliteConnection after = await OpenAsync(path);
        await using SqliteCommand count = after.CreateCommand();
        count.CommandText = "SELECT count(*) FROM SchemaVersions WHERE ScriptName LIKE 'CredSync.Host.Ledger.%'";
        ((long)(await count.ExecuteScalarAsync(Ct))!).ShouldBe(all.Length);
    }

    private static IEnumerable<(string Name, string Text)> Scripts()
    {
        Assembly host = typeof(SqliteLedger).Assembly;
        foreach (string name in host.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(host.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    // In the words of the first version, which later ones only add to.
    private static async Task FillAsync(string path, int scripts, Guid subject, Guid issuance)
    {
        await using SqliteConnection connection = await OpenAsync(path);
        await JournalAsync(connection);
        int applied = 0;
        foreach ((string name, string text) in Scripts().Take(scripts))
        {
            await RunAsync(connection, text);
            await NoteAsync(connection, name);
            if (++applied == 1)
            {
                string now = SqliteText.Of(PlanWorld.Now);
                string earned = SqliteText.Of(PlanWorld.Now.AddDays(-1));
                string completion = $$"""{"key":{"source":"s","naturalKey":"a"},"identifiers":[],"course":{"key":"C-1"},"status":"Completed","completedAt":"{{earned}}"}""";
                await RunAsync(
                    connection,
                    $$$"""
                    INSERT INTO people (subject_id, name, email, first_seen) VALUES ('{{{subject}}}', 'Ada', 'ada@example.com', '{{{now}}}');
                    INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) VALUES ('email', '', 'ada@example.com', '{{{subject}}}', '{{{now}}}');
                    INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, first_seen, last_changed)
                        VALUES ('s', 'a', '{{{subject}}}', 'C-1', 'Completed', '{{{earned}}}', 'h', 'h', 1, '{{{completion}}}', '{{{now}}}', '{{{now}}}');
                    INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, credential, award, earned_at, rule_book, reason, trace, planned_at, attempts, sent_at, outcome_at, credential_id)
                        VALUES ('{{{issuance}}}', 'badge', '{{{subject}}}', 'once', 'issuer', 'Issued', '{"id":"badge","name":"Badge","description":"d","criteria":"c"}', '{"earnedAt":"{{{earned}}}","earnedBy":[]}', '{{{earned}}}', 'r1', 'earned',
                            '{"node":"course","met":true,"facts":["s/a"],"children":[]}', '{{{now}}}', 1, '{{{now}}}', '{{{now}}}', 'urn:c');
                    INSERT INTO sources (name, cursor, last_success, newest_completion) VALUES ('s', 'behind-a', '{{{now}}}', '{{{earned}}}');
                    INSERT INTO runs (source, started_at, finished_at, read, new) VALUES ('s', '{{{now}}}', '{{{now}}}', 1, 1);
                    INSERT INTO set_aside (source, reference, cause, sentence, first_seen, last_seen) VALUES ('s', 'row 7', 'row-malformed', 'It cannot be read.', '{{{now}}}', '{{{now}}}');
                    """);
            }
        }
    }

    private static async Task<SqliteConnection> OpenAsync(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Ct);
        return connection;
    }

    // As the migration runner keeps it.
    private static Task JournalAsync(SqliteConnection connection) =>
        RunAsync(connection, "CREATE TABLE SchemaVersions (SchemaVersionID INTEGER CONSTRAINT PK PRIMARY KEY AUTOINCREMENT NOT NULL, ScriptName TEXT NOT NULL, Applied DATETIME NOT NULL)");

    private static Task NoteAsync(SqliteConnection connection, string script) => RunAsync(connection, $"INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('{script}', '2026-01-01')");

    private static async Task RunAsync(SqliteConnection connection, string text)
    {
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Scripts of this assembly and texts of this test.
        command.CommandText = text;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }
}
