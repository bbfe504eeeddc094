using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Registration;
using CredSync.Sources;
using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Intake;

/// <summary>What the ledger holds in the end depends on what the platforms said, and on nothing else: not on the order, the pages, or who read what beside whom.</summary>
public sealed class LedgerLawTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] Sources = ["east", "north", "west"];
    private static readonly string[] Courses = ["A", "B", "C", "D-1", "D-2"];
    private static readonly string?[] Runs = [null, "spring", "autumn"];

    private static readonly Gen<Completion> SomeFact = Gen.Select(
        Gen.Int[0, 3], Gen.OneOf(Sources), Gen.OneOf(Courses), Gen.Int[0, 1500], Gen.Int[0, 100], Gen.Int[1, 2], Gen.OneOf(Runs), Gen.Int[0, 14],
        static (person, source, course, day, percent, attempt, run, oddity) => new Completion
        {
            Key = new CompletionKey(source, $"{person}|{course}|{attempt}"),
            Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, $"NW-{person}")],
            PersonName = $"Person {person}",
            Course = new Course { Key = course, Run = run },
            Status = oddity == 0 ? CompletionStatus.Withdrawn : CompletionStatus.Completed,
            CompletedAt = oddity == 1 ? null : new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day),
            CompletedAtPrecision = day % 3 == 0 ? TimePrecision.Date : TimePrecision.Instant,
            Score = oddity == 2 ? null : new Score { Scaled = percent / 100m },
            ConsentGiven = oddity == 3 ? false : null,
        });

    private static readonly Gen<Completion[]> SomeFacts = SomeFact.Array[0, 40].Select(facts => facts.DistinctBy(f => f.Key).ToArray());

    private static readonly Configuration Rules = Read(
        ("first", "earn: { any: [{ course: A }, { course: { key: B, score: \">= 50 %\" } }] }"),
        ("renewed", "valid: { for: 12 months, renew_within: 2 months }\nearn: { course: A }"),
        ("yearly", "occurrence: per-year\nearn: { course: \"D-*\" }"),
        ("each", "occurrence: each\nearn: { course: { source: north, key: B } }"),
        ("cohort", "occurrence: per-cohort\nearn: { course: C }"),
        ("ordered", "earn: { all: [{ course: A }, { course: B }, { course: C }], in_order: true }"),
        ("close", "earn: { at_least: 2, of: [{ course: \"D-*\" }, { course: C }], within: 9 months }"),
        ("asked", "approval: { by: head }\nearn: { all: [{ course: B }, { course: { key: C, score: \">= 70 %\" } }] }"),
        ("stack", "earn: { all: [{ credential: first }, { credential: renewed }, { course: C }] }"),
        ("outsider", "earn: { course: D-1 }\nunless: { course: A }"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_order_of_pages_their_size_and_how_many_read_at_once_do_not_change_the_ledger() =>
        await Gen.Select(SomeFacts, Gen.Int[1, 12], Gen.Int).SampleAsync(
            async (facts, size, seed) =>
            {
                using var straight = await World.CreateAsync();
                foreach (string source in Sources)
                {
                    await straight.ReadAsync(source, [.. facts.Where(f => f.Key.Source == source).OrderBy(f => f.CompletedAt)], 1000);
                }

                Completion[] shuffled = [.. facts];
                new Random(seed).Shuffle(shuffled);
                using var scattered = await World.CreateAsync();
                await Task.WhenAll(Sources.Select(source => scattered.ReadAsync(source, [.. shuffled.Where(f => f.Key.Source == source)], size)));
                scattered.Lines().ShouldBe(straight.Lines());
                scattered.Completions().ShouldBe(straight.Completions());

                // Read once more, in yet another order, it is as it was, clock fields and all.
                string[] before = scattered.Everything();
                new Random(seed + 1).Shuffle(shuffled);
                await Task.WhenAll(Sources.Select(source => scattered.ReadAsync(source, [.. shuffled.Where(f => f.Key.Source == source)], size + 3)));
                scattered.Everything().ShouldBe(before);
            },
            iter: 25,
            threads: 1);

    private static Configuration Read(params (string Id, string Yaml)[] credentials)
    {
        ConfigurationFile[] files =
        [
            new("credsync.yaml", "organisation: { name: Test, namespace: test.example, time_zone: Europe/Madrid }"),
            new("people.yaml", "match: [external_id]\nunknown: create\nemail: any\n"),
            .. Sources.Select(s => new ConfigurationFile($"sources/{s}.yaml", $"source: {s}\nadapter: play")),
            new("issuers/press.yaml", "issuer: press\nadapter: play"),
            .. credentials.Select(c => new ConfigurationFile($"credentials/{c.Id}.yaml", $"credential: {c.Id}\nname: Name of {c.Id}\ndescription: A credential.\ncriteria: Do it.\n{c.Yaml}\n")),
        ];
        var adapters = new AdapterCatalogue(
            [new SourceAdapter("play", "A play source.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())],
            [new IssuerAdapter("play", "A play issuer.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException()) { Revokes = true }]);
        ConfigurationResult result = ConfigurationReader.Read(files, adapters, r => new Secret(r, () => ""), new Dictionary<string, string>());
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings));
    }

    private sealed class NoOptions;

    private sealed class World : IDisposable
    {
        private readonly TemporaryFolder folder = new();
        private readonly SqliteDatabase database;
        private readonly SqliteLedger ledger;
        private readonly CompletionIntake intake;

        private World()
        {
            var time = new FakeTimeProvider(Now);
            database = new SqliteDatabase(folder.File("ledger.db"));
            ledger = new SqliteLedger(database, time);
            intake = new CompletionIntake(ledger, new RuleBookRecord(ledger), time);
        }

        public static async Task<World> CreateAsync()
        {
            var world = new World();
            await world.ledger.MigrateAsync(Ct);
            await world.ledger.EnsureSourcesAsync(Sources, Ct);
            return world;
        }

        public async Task ReadAsync(string source, Completion[] facts, int size)
        {
            RunLease run = (await ledger.TryBeginRunAsync(source, LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
            int page = 0;
            foreach (Completion[] part in facts.Chunk(size))
            {
                await intake.TakeAsync(run, new SourcePage { Completions = part, Next = new Cursor($"{++page}") }, Rules, Ct);
            }

            await ledger.EndRunAsync(run, new RunEnd(), Ct);
        }

        /// <summary>What is planned or held, with everything that goes on a credential; what was set aside on the way is not awarded and does not count.</summary>
        public string[] Lines() => Query(
            $"SELECT definition, subject_id, occurrence, issuer, state, cause, award, reason, expires_at FROM issuances WHERE cause IS NOT '{HoldCauses.NoLongerEarned}' ORDER BY definition, subject_id, occurrence");

        public string[] Completions() => Query("SELECT source, natural_key, subject_id, content_hash, revision FROM completions ORDER BY source, natural_key");

        public string[] Everything() =>
        [
            .. Query("SELECT * FROM issuances ORDER BY issuance_id"), .. Query("SELECT * FROM completions ORDER BY source, natural_key"),
            .. Query("SELECT * FROM people ORDER BY subject_id"), .. Query("SELECT * FROM reviews ORDER BY issuance_id"),
        ];

        public void Dispose()
        {
            database.Dispose();
            folder.Dispose();
        }

        private string[] Query(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={folder.File("ledger.db")};Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
            command.CommandText = sql;
#pragma warning restore CA2100
            using SqliteDataReader reader = command.ExecuteReader();
            List<string> rows = [];
            while (reader.Read())
            {
                rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : $"{reader.GetValue(i)}")));
            }

            return [.. rows];
        }
    }
}
