using System.Globalization;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Dispatch;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Host.Tests.Plans;
using CredSync.Issuers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>The ledger against play issuers: what is missing there, missing here, or differs, and how it is made right.</summary>
public sealed class ReconcileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;
    private readonly SqliteDatabase journals;
    private readonly FakeTimeProvider time = new(PlanWorld.Now);
    private readonly SqliteLedger ledger;
    private readonly SqliteIssueJournal journal;
    private readonly OperatorLedger operators;
    private readonly OutboxSignal signal = new();
    private readonly RuleBook book = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("C-1")));

    public ReconcileTests()
    {
        database = new SqliteDatabase(folder.File("ledger.db"));
        journals = new SqliteDatabase(folder.File("journal.db"));
        ledger = new SqliteLedger(database, time);
        journal = new SqliteIssueJournal(journals, LocalProcess.Self, time);
        operators = new OperatorLedger(new SqliteSql(database), time);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        signal.Dispose();
        database.Dispose();
        journals.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("lists"), InlineData("is asked")]
    public async Task What_is_missing_there_missing_here_or_differs_is_found_and_made_right(string way)
    {
        var store = new Dictionary<string, PlayCredential>(StringComparer.Ordinal);
        ICredentialIssuer issuer = way == "lists" ? new ListingIssuer(store) : new AskedIssuer(store);
        Guid[] ids = await IssuedAsync(6, store);

        // One was deleted there, one was made again under another id, one is in doubt here and exists there.
        (Guid lost, Guid other, Guid doubted) = (ids[0], ids[1], ids[2]);
        store.Remove(Credential(lost));
        store.Remove(Credential(other));
        store["other"] = new PlayCredential("other", other);
        await DoubtAsync(doubted);
        JobDesk desk = Desk(issuer);
        JobRunner runner = Runner(issuer);

        JobLine job = await RunAsync(runner, await desk.ReconcileAsync("issuer", 1000, "ada", "after the outage", Ct));
        (job.State, job.Taken, job.Items).ShouldBe(("done", 6, 6));
        JobChange[] found = [.. (await operators.ChangesAsync(job.Id, null, null, 50, Ct)).Items];
        found.OrderBy(c => c.Cause, StringComparer.Ordinal).Select(c => (c.Act, c.Cause, c.Issuance)).ShouldBe(
            [("take-over", "differs", other), ("take-over", "missing-here", doubted), ("issue-again", "missing-there", lost)]);
        (await ledger.IssuanceAsync(lost, Ct))!.State.ShouldBe(IssuanceState.Issued, "looking changes nothing");

        JobLine first = await RunAsync(runner, await desk.ApplyAsync(job.Id, 1, 1000, "ada", "small first", Ct));
        (first.Kind, first.State, first.Succeeded).ShouldBe(("repair", "done", 1));
        JobLine rest = await RunAsync(runner, await desk.ApplyAsync(job.Id, null, 1000, "ada", "the rest", Ct));
        (rest.State, rest.Succeeded, rest.Skipped).ShouldBe(("done", 2, 0));
        (await ledger.IssuanceAsync(lost, Ct))!.ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Planned), i => i.CredentialId.ShouldBeNull());
        (await journal.BeginAsync([new JournalRequest(lost, "issuer")], TimeSpan.FromMinutes(1), Ct)).Single().State.ShouldBe(JournalState.Begun, "it is minted anew");
        (await ledger.IssuanceAsync(other, Ct))!.CredentialId.ShouldBe("other");
        (await journal.FindAsync(other, Ct))!.CredentialId.ShouldBe("other");
        (await ledger.IssuanceAsync(doubted, Ct))!.ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Issued), i => i.CredentialId.ShouldBe(Credential(doubted)), i => i.Cause.ShouldBeNull());
        (await operators.ActsAsync(null, "ada", "repair", null, 20, Ct)).Items.Count(a => Guid.TryParse(a.Target, CultureInfo.InvariantCulture, out _)).ShouldBe(3);
        (await Should.ThrowAsync<ActException>(() => desk.ApplyAsync(job.Id, null, null, "ada", "again", Ct))).Message.ShouldContain("nothing left");
    }

    [Fact]
    public async Task A_list_tells_also_of_what_nobody_here_knows_and_of_what_was_taken_back_there()
    {
        var store = new Dictionary<string, PlayCredential>(StringComparer.Ordinal);
        Guid[] ids = await IssuedAsync(3, store);
        store["foreign"] = new PlayCredential("foreign", null);
        store[Credential(ids[1])] = store[Credential(ids[1])] with { IsRevoked = true };
        JobLine job = await RunAsync(Runner(new ListingIssuer(store)), await Desk(new ListingIssuer(store)).ReconcileAsync("issuer", 1000, "ada", "", Ct));
        JobChange[] found = [.. (await operators.ChangesAsync(job.Id, null, null, 50, Ct)).Items];
        found.Select(c => (c.Act, c.Cause, c.CredentialId)).ShouldBe([("note-revoked", "differs", Credential(ids[1])), ("look", "missing-here", "foreign")]);

        JobLine repair = await RunAsync(Runner(new ListingIssuer(store)), await Desk(new ListingIssuer(store)).ApplyAsync(job.Id, null, 1000, "ada", "as it is there", Ct));
        (repair.Items, repair.Succeeded).ShouldBe((1, 1), "what only a person can settle is no item");
        (await ledger.IssuanceAsync(ids[1], Ct))!.State.ShouldBe(IssuanceState.Revoked);
    }

    [Fact]
    public async Task An_issuer_that_signs_here_is_compared_with_the_journal()
    {
        var store = new Dictionary<string, PlayCredential>(StringComparer.Ordinal);
        Guid[] ids = await IssuedAsync(4, store);
        foreach (Guid id in ids[..3])
        {
            await journal.BeginAsync([new JournalRequest(id, "issuer")], TimeSpan.FromMinutes(1), Ct);
            await journal.FinishAsync([new JournalFinish(id, new IssuedCredential { CredentialId = Credential(id), IssuedAt = PlanWorld.Now })], Ct);
        }

        await DoubtAsync(ids[0]);
        JobLine job = await RunAsync(Runner(new SigningIssuer()), await Desk(new SigningIssuer()).ReconcileAsync("issuer", 1000, "ada", "", Ct));
        job.What.ShouldContain("the journal");
        (await operators.ChangesAsync(job.Id, null, null, 50, Ct)).Items.Select(c => (c.Act, c.Cause, c.Issuance)).ShouldBe([("issue-again", "missing-there", ids[3]), ("take-over", "missing-here", ids[0])], ignoreOrder: true);
    }

    [Fact]
    public async Task A_repair_leaves_out_what_its_issuer_has_by_now_and_waits_for_a_second_person_over_the_limit()
    {
        var store = new Dictionary<string, PlayCredential>(StringComparer.Ordinal);
        Guid[] ids = await IssuedAsync(3, store);
        Dictionary<string, PlayCredential> full = new(store);
        store.Clear();
        var issuer = new AskedIssuer(store);
        JobLine job = await RunAsync(Runner(issuer), await Desk(issuer).ReconcileAsync("issuer", 1000, "ada", "", Ct));
        job.Found.ShouldBe(3);
        store[Credential(ids[0])] = full[Credential(ids[0])];
        JobDesk desk = Desk(issuer, approveOver: 2);
        JobLine repair = await desk.ApplyAsync(job.Id, null, 1000, "ada", "all", Ct);
        repair.State.ShouldBe("waiting");
        await Runner(issuer).StepAsync(Ct);
        (await operators.JobAsync(repair.Id, Ct))!.Taken.ShouldBe(0);
        await desk.MoveAsync(repair.Id, "approve", "ben", "agreed", Ct);
        repair = await RunAsync(Runner(issuer), repair with { State = "running" });
        (repair.State, repair.Succeeded, repair.Skipped).ShouldBe(("done", 2, 1));
        (await ledger.IssuanceAsync(ids[0], Ct))!.State.ShouldBe(IssuanceState.Issued);
    }

    [Fact]
    public async Task An_issuer_that_is_away_is_waited_for_and_another_worker_goes_on_where_one_died()
    {
        var store = new Dictionary<string, PlayCredential>(StringComparer.Ordinal);
        await IssuedAsync(6, store);
        var issuer = new AskedIssuer(store);
        JobLine job = await Desk(issuer).ReconcileAsync("issuer", 4, "ada", "", Ct);
        await Runner(issuer, "dead").StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.Taken.ShouldBe(2);
        issuer.IsAway = true;
        time.Advance(TimeSpan.FromMinutes(1));
        JobRunner alive = Runner(issuer, "alive");
        await alive.StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.ShouldSatisfyAllConditions(j => j.State.ShouldBe("running"), j => j.Taken.ShouldBe(2), j => j.Sentence.ShouldBe("It is away."));
        issuer.IsAway = false;
        job = await RunAsync(alive, job);
        (job.State, job.Taken, job.Found).ShouldBe(("done", 6, 0));
    }

    private static string Credential(Guid id) => $"urn:c:{id}";

    private async Task<JobLine> RunAsync(JobRunner runner, JobLine job)
    {
        for (int i = 0; i < 200 && job.State == "running"; i++)
        {
            await runner.StepAsync(Ct);
            time.Advance(TimeSpan.FromSeconds(1));
            job = (await operators.JobAsync(job.Id, Ct))!;
        }

        return job;
    }

    private JobDesk Desk(ICredentialIssuer issuer, int approveOver = 100) => new(
        ledger, operators, Registry(issuer), new ActiveConfiguration(PlanWorld.With(book)),
        Options.Create(new OperationsOptions { ApproveOver = approveOver }), time);

    private JobRunner Runner(ICredentialIssuer issuer, string worker = "one") => new(
        "repairs", operators, null, [new ReconcileWork(operators, Registry(issuer), journal), new RepairWork(ledger, operators, Registry(issuer), journal, signal)],
        new LeaseOwner(worker, 1, 1), new LoopProgress(time), time, NullLogger<JobRunner>.Instance);

    private static IssuerRegistry Registry(ICredentialIssuer issuer) => new(new Dictionary<string, ICredentialIssuer> { ["issuer"] = issuer });

    private async Task<Guid[]> IssuedAsync(int people, Dictionary<string, PlayCredential> store)
    {
        await ledger.MigrateAsync(Ct);
        await journal.MigrateAsync(Ct);
        await ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            Guid[] subjects = [.. Enumerable.Range(0, people).Select(PlanWorld.SubjectOf)];
            await page.StorePeopleAsync([.. subjects.Select(s => new PersonRow(s, null, null, []))], Ct);
            await page.StoreCompletionsAsync([.. subjects.Select((s, p) => new CompletionRow(PlanWorld.Completed(p, "C-1", 90, PlanWorld.Now.AddDays(-1)), s, "h", "h", 1, null, null))], Ct);
            await page.PlanAsync([.. (await page.HistoriesAsync(subjects, Ct)).SelectMany(h => CredSync.Host.Intake.IssuanceRows.Of(book.Decide(h, PlanWorld.Now), book))], Ct);
            await page.CommitAsync(new CredSync.Sources.Cursor("c"), new PageCounts(), Ct);
        }

        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(1000, TimeSpan.FromMinutes(1), Ct);
        Guid[] ids = [.. claims.Select(c => c.Id)];
        await ledger.MarkSentAsync(claims, Ct);
        await ledger.CloseAsync([.. ids.Select(id => new IssuanceOutcome { Id = id, State = IssuanceState.Issued, At = time.GetUtcNow(), CredentialId = Credential(id) })], Ct);
        foreach (Guid id in ids)
        {
            store[Credential(id)] = new PlayCredential(Credential(id), id);
        }

        time.Advance(TimeSpan.FromHours(1));
        return ids;
    }

    // As a mint whose answer was not heard leaves it.
    private async Task DoubtAsync(Guid id)
    {
        await using Microsoft.Data.Sqlite.SqliteConnection connection = await database.OpenAsync(Ct);
        await using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE issuances SET state = 'Held', cause = 'in-doubt', sentence = 'Nobody knows.', credential_id = NULL WHERE issuance_id = @id";
        command.Parameters.AddWithValue("@id", id.ToString());
        (await command.ExecuteNonQueryAsync(Ct)).ShouldBe(1);
    }

    private sealed record PlayCredential(string Id, Guid? Issuance, bool IsRevoked = false);

    private sealed class ListingIssuer(Dictionary<string, PlayCredential> store) : ICredentialIssuer, ICredentialLister
    {
        private const int PageSize = 2;

        public IssuerCapabilities Capabilities { get; } = new();

        public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct) => throw new InvalidOperationException("Nobody asked for it.");

        public Task<CredentialPage> ListAsync(string? after, CancellationToken ct)
        {
            int from = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
            return Task.FromResult(new CredentialPage
            {
                Credentials = [.. store.Values.Skip(from).Take(PageSize).Select(c => new ListedCredential { CredentialId = c.Id, IssuanceId = c.Issuance, IsRevoked = c.IsRevoked })],
                Next = from + PageSize < store.Count ? $"{from + PageSize}" : null,
            });
        }
    }

    private sealed class AskedIssuer(Dictionary<string, PlayCredential> store) : ICredentialIssuer, ICredentialLookup
    {
        public bool IsAway { get; set; }

        public IssuerCapabilities Capabilities { get; } = new();

        public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct) => throw new InvalidOperationException("Nobody asked for it.");

        public Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct) => IsAway
            ? throw new IssuerException(FaultKind.Outage, "issuer-unreachable", "It is away.")
            : Task.FromResult(store.Values.Where(c => c.Issuance == request.IssuanceId).Select(c => new IssuedCredential { CredentialId = c.Id, IssuedAt = PlanWorld.Now }).FirstOrDefault());
    }

    private sealed class SigningIssuer : ICredentialIssuer
    {
        public IssuerCapabilities Capabilities { get; } = new() { RepeatsSafely = true };

        public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct) => throw new InvalidOperationException("Nobody asked for it.");
    }
}
