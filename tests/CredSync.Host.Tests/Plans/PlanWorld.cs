using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Plans;
using CredSync.Host.Storage;
using CredSync.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Plans;

/// <summary>A ledger with people, and rule books to plan with.</summary>
internal sealed class PlanWorld : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;
    private int pages;

    public PlanWorld()
    {
        database = new SqliteDatabase(folder.File("ledger.db"));
        Ledger = new SqliteLedger(database, Time);
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public ILedger Ledger { get; }

    public string PlanPath => folder.File("plan.json");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A configuration with a rule book alone.</summary>
    public static Configuration With(RuleBook ruleBook) => new()
    {
        Organisation = new Organisation("Test", "UTC", Guid.Empty), People = PeoplePolicy.Default, Defaults = new Defaults(), Sources = [], Issuers = [], RuleBook = ruleBook, Tests = [],
    };

    /// <summary>A configuration with nothing in it.</summary>
    public static Configuration Nothing => With(RuleBook.Empty);

    public static Guid SubjectOf(int person) => NameBasedUuid.Create(Guid.Empty, $"person {person}");

    public static CredentialDefinition Definition(string id, Rule earn) => new() { Id = id, Name = id, Description = "d", Criteria = "c", Issuers = [new IssuerChoice("issuer", null)], Earn = earn };

    public static CourseRule CourseNamed(string key, int? percent = null) => new() { Source = "s", Key = key, Score = percent is { } p ? new ScoreCondition(ScoreComparison.AtLeast, p, null) : null };

    public static RuleBook Book(params CredentialDefinition[] definitions) => RuleBook.Create(definitions, RuleBookSetting.Default);

    public static Completion Completed(int person, string course, int percent, DateTimeOffset? at, CompletionStatus status = CompletionStatus.Completed) => new()
    {
        Key = new CompletionKey("s", $"{person}|{course}"),
        Identifiers = [new PersonIdentifier("external_id", $"P{person}")],
        Course = new Course { Key = course },
        Status = status,
        CompletedAt = at,
        Score = new Score { Scaled = percent / 100m },
    };

    /// <summary>Takes completions in, as a page does; decided by a rule book, if one is given.</summary>
    public async Task TakeAsync(IReadOnlyList<(int Person, Completion Completion)> completions, RuleBook? ruleBook)
    {
        await Ledger.MigrateAsync(Ct);
        await Ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await Ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        await using (IIntakeTransaction page = await Ledger.BeginPageAsync(run, Ct))
        {
            Guid[] subjects = [.. completions.Select(c => SubjectOf(c.Person)).Distinct()];
            await page.StorePeopleAsync([.. completions.Select(c => c.Person).Distinct().Select(p => new PersonRow(SubjectOf(p), null, null, [new IdentifierKey("external_id", "", $"P{p}")]))], Ct);
            await page.StoreCompletionsAsync([.. completions.Select(c => new CompletionRow(c.Completion, SubjectOf(c.Person), CompletionHash.Of(c.Completion), CompletionHash.Of(c.Completion), 1, null, null))], Ct);
            if (ruleBook is not null)
            {
                await page.PlanAsync([.. (await page.HistoriesAsync(subjects, Ct)).SelectMany(h => IssuanceRows.Of(ruleBook.Decide(h, Now), ruleBook))], Ct);
            }

            await page.CommitAsync(new Cursor($"{pages++}"), new PageCounts { New = completions.Count }, Ct);
        }

        await Ledger.EndRunAsync(run, new RunEnd(), Ct);
    }

    public Task<PlanHeader> PlanAsync(RuleBook ruleBook, PlanScope? scope = null) => new Planner(Ledger, Time).MakeAsync(ruleBook, scope ?? PlanScope.All, null, PlanPath, _ => { }, Ct);

    public Task<ApplyResult> ApplyAsync(RuleBook ruleBook, long? canary = null) => new PlanApplier(Ledger, Time).ApplyAsync(PlanPath, ruleBook, "tester", "test", canary, null, (_, _) => { }, Ct);

    /// <summary>Every issuance, as far as a plan is about it.</summary>
    public async Task<Dictionary<IssuanceKey, Standing>> IssuancesAsync()
    {
        await using IHistoryReading reading = await Ledger.OpenReadingAsync(Ct);
        Guid? last = await reading.LastOfPageAsync(null, int.MaxValue, Ct);
        return last is null
            ? []
            : (await reading.PeopleAsync(null, last.Value, Ct)).SelectMany(p => p.History.Issuances).ToDictionary(i => i.Key, i => new Standing(i.State, i.Cause, i.EarnedAt));
    }

    /// <summary>The changes of the plan's file.</summary>
    public async Task<List<PlanEffect>> ChangesAsync()
    {
        var changes = new List<PlanEffect>();
        await foreach (PlanEffect effect in PlanFile.ChangesAsync(PlanPath, 0, Ct))
        {
            changes.Add(effect);
        }

        return changes;
    }

    public void Dispose()
    {
        database.Dispose();
        folder.Dispose();
    }
}

/// <summary>Where an issuance stands.</summary>
internal sealed record Standing(IssuanceState State, string? Cause, DateTimeOffset? EarnedAt);
