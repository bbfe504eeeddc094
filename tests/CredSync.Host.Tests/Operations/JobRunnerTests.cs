using CredSync.Core.Issuance;
using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Host.Tests.Plans;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>Jobs in small steps.</summary>
public sealed class JobRunnerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;
    private readonly FakeTimeProvider time = new(PlanWorld.Now);
    private readonly SqliteLedger ledger;
    private readonly OperatorLedger operators;
    private readonly OutboxSignal signal = new();

    public JobRunnerTests()
    {
        database = new SqliteDatabase(folder.File("ledger.db"));
        ledger = new SqliteLedger(database, time);
        operators = new OperatorLedger(new SqliteSql(database), time);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        signal.Dispose();
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task It_keeps_its_pace_and_ends_when_everything_has_an_outcome()
    {
        await FailAsync(30);
        JobLine job = await RetryAsync(rate: 4, stopAt: null);
        JobRunner runner = Runner("one");
        await runner.StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.Taken.ShouldBe(2);
        await runner.StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.Taken.ShouldBe(2, "no more than its rate");
        for (int i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await runner.StepAsync(Ct);
            await AnswerAsync(_ => true);
        }

        (await operators.JobAsync(job.Id, Ct))!.ShouldSatisfyAllConditions(j => j.State.ShouldBe("done"), j => j.Succeeded.ShouldBe(30), j => j.EndedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task It_stops_when_too_much_fails_again_and_has_not_touched_the_rest()
    {
        await FailAsync(60);
        JobLine job = await RetryAsync(rate: 1000, stopAt: 0.5);
        JobRunner runner = Runner("one");
        for (int i = 0; i < 10; i++)
        {
            await runner.StepAsync(Ct);
            await AnswerAsync(_ => false);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        JobLine stopped = (await operators.JobAsync(job.Id, Ct))!;
        stopped.State.ShouldBe("stopped");
        stopped.Taken.ShouldBeLessThanOrEqualTo(60);
        stopped.Failed.ShouldBe(stopped.Taken);
        stopped.Sentence!.ShouldContain("failed again");
        (await operators.FailureGroupsAsync(Ct)).Sum(g => g.Count).ShouldBe(60);
    }

    [Fact]
    public async Task Another_worker_goes_on_with_the_job_of_one_that_died()
    {
        await FailAsync(10);
        JobLine job = await RetryAsync(rate: 4, stopAt: null);
        await Runner("dead").StepAsync(Ct);
        JobRunner alive = Runner("alive");
        await alive.StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.Taken.ShouldBe(2, "the lease still holds");
        time.Advance(TimeSpan.FromMinutes(1));
        await alive.StepAsync(Ct);
        (await operators.JobAsync(job.Id, Ct))!.Taken.ShouldBe(4);
    }

    [Fact]
    public async Task A_second_person_approves_and_the_first_cannot()
    {
        await FailAsync(3);
        var desk = new FailureDesk(operators, Options.Create(new OperationsOptions { ApproveOver = 2 }));
        JobLine job = await desk.ActAsync("retry", new FailureFilter("issuer-refused"), null, 5, null, "ada", "mended", Ct);
        job.State.ShouldBe("waiting");
        var jobs = new JobDesk(
            ledger, operators, new CredSync.Host.Issue.IssuerRegistry(new Dictionary<string, CredSync.Issuers.ICredentialIssuer>()), new CredSync.Host.RuleBooks.ActiveConfiguration(PlanWorld.Nothing),
            Options.Create(new OperationsOptions { ApproveOver = 2 }), time);
        (await Should.ThrowAsync<ActException>(() => jobs.MoveAsync(job.Id, "approve", "Ada", "", Ct))).Message.ShouldContain("a second person");
        var keys = new CredSync.Host.Operations.Access.ApiKeys(operators, time);
        (KeyLine own, _) = await keys.MakeAsync("script", "admin", [], 1, "ada", "mine", Ct);
        (KeyLine second, _) = await keys.MakeAsync("script", "operator", [], 1, CredSync.Host.Operations.Access.Actor.NameOfKey(own.Name, own.Id), "mine as well", Ct);
        (await Should.ThrowAsync<ActException>(() => jobs.MoveAsync(job.Id, "approve", CredSync.Host.Operations.Access.Actor.NameOfKey(second.Name, second.Id), "", Ct))).Message.ShouldContain("acts for the same person");

        // The command line names whom it likes; the name counts, whoever said it, and the audit says who did.
        (await Should.ThrowAsync<ActException>(() => jobs.MoveAsync(job.Id, "approve", SaidName.Of("ada", "root"), "", Ct))).Message.ShouldContain("acts for the same person");
        (KeyLine said, _) = await keys.MakeAsync("script", "operator", [], 1, SaidName.Of("ada", "root"), "mine, made there", Ct);
        (await Should.ThrowAsync<ActException>(() => jobs.MoveAsync(job.Id, "approve", SaidName.Of(CredSync.Host.Operations.Access.Actor.NameOfKey(said.Name, said.Id), "root"), "", Ct))).Message.ShouldContain("acts for the same person");
        (await jobs.IsOfAsync(job, "ben", Ct)).ShouldBeFalse();
        (await jobs.MoveAsync(job.Id, "approve", "ben", "agreed", Ct)).ShouldSatisfyAllConditions(j => j.State.ShouldBe("running"), j => j.ApprovedBy.ShouldBe("ben"));
    }

    [Fact]
    public async Task What_somebody_asked_for_with_their_key_they_cannot_approve_themselves()
    {
        await FailAsync(3);
        var options = Options.Create(new OperationsOptions { ApproveOver = 2 });
        var keys = new CredSync.Host.Operations.Access.ApiKeys(operators, time);
        (KeyLine own, _) = await keys.MakeAsync("script", "operator", [], 1, "ada", "mine", Ct);
        (KeyLine others, _) = await keys.MakeAsync("script", "operator", [], 1, "ben", "his", Ct);
        string Name(KeyLine key) => CredSync.Host.Operations.Access.Actor.NameOfKey(key.Name, key.Id);
        JobLine job = await new FailureDesk(operators, options).ActAsync("retry", new FailureFilter("issuer-refused"), null, 5, null, Name(own), "mended", Ct);
        var jobs = new JobDesk(
            ledger, operators, new CredSync.Host.Issue.IssuerRegistry(new Dictionary<string, CredSync.Issuers.ICredentialIssuer>()), new CredSync.Host.RuleBooks.ActiveConfiguration(PlanWorld.Nothing), options, time);
        (await Should.ThrowAsync<ActException>(() => jobs.MoveAsync(job.Id, "approve", "ada", "", Ct))).Message.ShouldContain("acts for the same person");
        (await jobs.MoveAsync(job.Id, "approve", Name(others), "agreed", Ct)).ApprovedBy.ShouldBe(Name(others));
    }

    private async Task<JobLine> RetryAsync(double rate, double? stopAt) => (await operators.MakeJobAsync(
        new JobOrder { Kind = "retry", Filter = new FailureFilter("issuer-refused"), Rate = rate, StopAt = stopAt, Who = "ada", Why = "mended", ApprovalOver = 1000 }, Ct))!;

    private JobRunner Runner(string worker) => new("jobs", operators, new FailureWork(operators, signal), [], new LeaseOwner(worker, 1, 1), new LoopProgress(time), time, NullLogger<JobRunner>.Instance);

    private async Task FailAsync(int people)
    {
        await ledger.MigrateAsync(Ct);
        await ledger.EnsureSourcesAsync(["s"], Ct);
        var world = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("C-1")));
        RunLease run = (await ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            CredSync.Completions.Completion[] completions = [.. Enumerable.Range(0, people).Select(p => PlanWorld.Completed(p, "C-1", 90, PlanWorld.Now.AddDays(-1)))];
            await page.StorePeopleAsync([.. Enumerable.Range(0, people).Select(p => new PersonRow(PlanWorld.SubjectOf(p), null, null, []))], Ct);
            await page.StoreCompletionsAsync([.. completions.Select((c, p) => new CompletionRow(c, PlanWorld.SubjectOf(p), "h", "h", 1, null, null))], Ct);
            Guid[] subjects = [.. Enumerable.Range(0, people).Select(PlanWorld.SubjectOf)];
            await page.PlanAsync([.. (await page.HistoriesAsync(subjects, Ct)).SelectMany(h => CredSync.Host.Intake.IssuanceRows.Of(world.Decide(h, PlanWorld.Now), world))], Ct);
            await page.CommitAsync(new CredSync.Sources.Cursor("c"), new PageCounts(), Ct);
        }

        await AnswerAsync(_ => false);
    }

    // What the queue and the issuer would do.
    private async Task AnswerAsync(Func<Guid, bool> good)
    {
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(1000, TimeSpan.FromMinutes(1), Ct);
        await ledger.MarkSentAsync(claims, Ct);
        await ledger.CloseAsync(
            [.. claims.Select(c => good(c.Id)
                ? new IssuanceOutcome { Id = c.Id, State = IssuanceState.Issued, At = time.GetUtcNow(), CredentialId = "urn:c" }
                : new IssuanceOutcome { Id = c.Id, State = IssuanceState.Refused, At = time.GetUtcNow(), Cause = "issuer-refused", Sentence = $"It refuses '{c.Id}'." })],
            Ct);
    }
}
