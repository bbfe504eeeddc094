using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Registration;
using CredSync.Sources;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Intake;

/// <summary>Pages go into a real ledger under a real rule book; what comes out does not depend on how they came.</summary>
public sealed class IntakeTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Configuration Rules = Read();
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteDatabase> databases = [];
    private int ledgers;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        databases.ForEach(d => d.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task Order_page_size_repetition_and_replay_of_any_prefix_do_not_change_the_issuances()
    {
        List<Completion> facts = Facts();
        IReadOnlyList<string> expected = await IssuancesAsync([facts]);
        expected.Count.ShouldBe(9);
        await Gen.Select(Gen.Shuffle(facts.ToArray()), Gen.Int[1, facts.Count], Gen.Int[0, facts.Count], Gen.Int[0, 3]).SampleAsync(
            async (shuffled, pageSize, prefix, repeated) =>
            {
                IEnumerable<Completion> stream = shuffled.Take(prefix).Concat(shuffled).Concat(Enumerable.Repeat(shuffled[0], repeated));
                (await IssuancesAsync(stream.Chunk(pageSize))).ShouldBe(expected);
            },
            iter: 25,
            threads: 1);
    }

    [Fact]
    public async Task A_page_that_is_read_again_after_a_crash_changes_nothing()
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        Completion[] facts = [.. Facts()];
        PageCounts first = await TakeAsync(ledger, intake, facts, 1);
        PageCounts again = await TakeAsync(ledger, intake, facts, 2);
        first.New.ShouldBe(facts.Length);
        (again.New, again.Revised, again.Unchanged, again.Planned).ShouldBe((0, 0, facts.Length, 0));
    }

    [Fact]
    public async Task A_better_grade_revises_the_fact_and_earns_what_was_not_earned_before()
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        await TakeAsync(ledger, intake, [Fact("ada", "STAT-101", 10, 0.7m), Fact("ada", "DATA-110", 12)], 1);
        (await LinesAsync(ledger)).ShouldBeEmpty();
        PageCounts counts = await TakeAsync(ledger, intake, [Fact("ada", "STAT-101", 10, 0.9m)], 2);
        (counts.Revised, counts.Planned).ShouldBe((1, 1));
        (await ledger.CompletionAsync(new CompletionKey("moodle", "ada|STAT-101|1"), Ct))!.Revision.ShouldBe(2);
        IssuanceLine line = (await LinesAsync(ledger)).Single();
        (line.Definition, line.EarnedAt).ShouldBe(("both", Day(12)));
    }

    [Fact]
    public async Task Two_people_who_share_an_identifier_by_contradiction_are_held_not_guessed()
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        await TakeAsync(ledger, intake, [Fact("ada", "SAFETY-101", 1), Fact("ben", "SAFETY-101", 2)], 1);
        Completion confused = Fact("ada", "DATA-110", 3) with
        {
            Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, "ada"), new PersonIdentifier(IdentifierKinds.LmsUserId, "ben")],
        };
        PageCounts counts = await TakeAsync(ledger, intake, [confused], 2);
        counts.Held.ShouldBe(1);
        CompletionLine line = (await ledger.CompletionAsync(confused.Key, Ct))!;
        (line.Subject, line.HoldCause).ShouldBe((null, "person-ambiguous"));
        (await ledger.TotalsAsync(Ct)).Withheld.ShouldBe(1);
    }

    [Fact]
    public async Task A_completion_without_consent_is_held_until_consent_comes()
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        await TakeAsync(ledger, intake, [Fact("ada", "SAFETY-101", 1) with { ConsentGiven = false }], 1);
        IssuanceLine held = (await LinesAsync(ledger)).Single();
        (held.State, held.Cause).ShouldBe((IssuanceState.Held, "consent-missing"));
        await TakeAsync(ledger, intake, [Fact("ada", "SAFETY-101", 1) with { ConsentGiven = true }], 2);
        IssuanceLine freed = (await LinesAsync(ledger)).Single();
        (freed.State, freed.Cause, freed.Id).ShouldBe((IssuanceState.Planned, null, held.Id));
    }

    [Fact]
    public async Task Unreadable_records_are_set_aside_and_the_page_advances()
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        RunLease run = await BeginAsync(ledger);
        var page = new SourcePage { Completions = [Fact("ada", "SAFETY-101", 1)], Unreadable = [new UnreadableRecord("course 9, user 4", "completion-without-date", "It has no date.")], Next = new Cursor("after") };
        PageCounts counts = await intake.TakeAsync(run, page, Rules, Ct);
        (counts.New, counts.Unreadable).ShouldBe((1, 1));
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("after"));
        (await ledger.SetAsideAsync(5, Ct)).Single().Cause.ShouldBe("completion-without-date");
    }

    private async Task<IReadOnlyList<string>> IssuancesAsync(IEnumerable<IReadOnlyList<Completion>> pages)
    {
        (SqliteLedger ledger, CompletionIntake intake) = await OpenAsync();
        int number = 0;
        foreach (IReadOnlyList<Completion> page in pages)
        {
            await TakeAsync(ledger, intake, page, ++number);
        }

        return [.. (await LinesAsync(ledger)).Select(l => $"{l.Id} {l.State} {l.EarnedAt:O}").Order(StringComparer.Ordinal)];
    }

    private async Task<PageCounts> TakeAsync(SqliteLedger ledger, CompletionIntake intake, IReadOnlyList<Completion> page, int number)
    {
        RunLease run = await BeginAsync(ledger);
        return await intake.TakeAsync(run, new SourcePage { Completions = page, Next = new Cursor($"{number}") }, Rules, Ct);
    }

    private static async Task<RunLease> BeginAsync(SqliteLedger ledger)
    {
        await ledger.EnsureSourcesAsync(["moodle"], Ct);
        return (await ledger.TryBeginRunAsync("moodle", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
    }

    private static async Task<IReadOnlyList<IssuanceLine>> LinesAsync(SqliteLedger ledger) =>
        [.. await ledger.IssuancesInStateAsync(IssuanceState.Planned, 1000, Ct), .. await ledger.IssuancesInStateAsync(IssuanceState.Held, 1000, Ct)];

    private async Task<(SqliteLedger Ledger, CompletionIntake Intake)> OpenAsync()
    {
        var database = new SqliteDatabase(folder.File($"ledger-{++ledgers}.db"));
        databases.Add(database);
        var time = new FakeTimeProvider(Start);
        var ledger = new SqliteLedger(database, time);
        await ledger.MigrateAsync(Ct);
        return (ledger, new CompletionIntake(ledger, new RuleBookRecord(ledger), time));
    }

    private static List<Completion> Facts() =>
    [
        .. from person in new[] { "ada", "ben", "cem", "dee", "eva" } select Fact(person, "SAFETY-101", person[0] % 20),
        .. from person in new[] { "ada", "cem", "eva" } select Fact(person, "STAT-101", 5 + (person[1] % 7), 0.8m),
        .. from person in new[] { "ada", "ben", "cem" } select Fact(person, "DATA-110", 9 + (person[2] % 5)),
        .. from person in new[] { "ben", "dee" } select Fact(person, "STAT-101", 8, 0.799m),
        .. from person in new[] { "ada", "eva" } select Fact(person, "LEAD-300", 20),
    ];

    private static Completion Fact(string person, string course, int day, decimal? score = null) => new()
    {
        Key = new CompletionKey("moodle", $"{person}|{course}|1"),
        Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, person), new PersonIdentifier(IdentifierKinds.LmsUserId, person), new PersonIdentifier(IdentifierKinds.Email, $"{person}@example.com")],
        PersonName = $"Person {person}",
        Course = new Course { Key = course, Title = course },
        Status = CompletionStatus.Completed,
        CompletedAt = Day(day),
        CompletedAtPrecision = TimePrecision.Derived,
        Score = score is null ? null : new Score { Scaled = score, Raw = score * 100, Min = 0, Max = 100 },
    };

    private static DateTimeOffset Day(int day) => new(2025, 11, 1 + day, 12, 0, 0, TimeSpan.Zero);

    private static Configuration Read()
    {
        ConfigurationFile Credential(string id, string earn) => new($"credentials/{id}.yaml", $"""
            credential: {id}
            name: The {id}
            description: A credential.
            criteria: Do it.
            issue: {"{ by: press }"}
            earn:
            {earn}
            """);
        ConfigurationFile[] files =
        [
            new("credsync.yaml", "organisation: { name: Test, namespace: test.example, time_zone: UTC }"),
            new("sources/moodle.yaml", "source: moodle\nadapter: play\nevery: 5m"),
            new("issuers/press.yaml", "issuer: press\nadapter: play"),
            Credential("single", "  course: { key: SAFETY-101 }"),
            Credential("both", "  all:\n    - course: { key: STAT-101, score: \">= 80 %\" }\n    - course: { key: DATA-110 }"),
            Credential("stack", "  all:\n    - course: { key: LEAD-300 }\n    - credential: single"),
        ];
        var adapters = new AdapterCatalogue(
            [new SourceAdapter("play", "A play source.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())],
            [new IssuerAdapter("play", "A play issuer.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())]);
        ConfigurationResult result = ConfigurationReader.Read(files, adapters, r => new Secret(r, () => ""), new Dictionary<string, string>());
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings));
    }

    private sealed class NoOptions;
}
