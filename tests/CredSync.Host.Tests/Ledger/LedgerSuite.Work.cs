using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Dispatch;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.Plans;
using CredSync.Host.RuleBooks;
using CredSync.Host.Telemetry;
using CredSync.Issuers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Tests.Ledger;

// Jobs that find their own way.
public abstract partial class LedgerSuite
{
    private static readonly RuleBook Everybody = RuleBook.Create(
        [new CredentialDefinition { Id = "everybody", Name = "Everybody", Description = "d", Criteria = "c", Issuers = [new IssuerChoice("issuer", null)], Earn = new CourseRule { Source = "s" } }], RuleBookSetting.Default);

    private static CredSync.Core.Configuration.Configuration WithEverybody => new()
    {
        Organisation = new CredSync.Core.Configuration.Organisation("Test", "UTC", Guid.Empty), People = CredSync.Core.People.PeoplePolicy.Default, Defaults = new CredSync.Core.Configuration.Defaults(), Sources = [], Issuers = [],
        RuleBook = Everybody, Tests = [],
    };

    [Fact]
    public async Task A_plan_is_a_job_that_writes_down_changes_and_applying_makes_them_a_few_first()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c"), Done("d"), Done("e")], plan: false);
        JobDesk desk = Desk(ledger, approveOver: 3);
        JobLine plan = await RunAsync(ledger, await desk.PlanAsync(null, null, null, rate: 4, "ada", "a new credential", Ct), steps: 1);
        (plan.State, plan.Taken, plan.Items).ShouldBe(("running", 2, 5));
        (await Should.ThrowAsync<CredSync.Host.Operations.Failures.ActException>(() => desk.ApplyAsync(plan.Id, null, null, "ada", "now", Ct))).Message.ShouldContain("looked at to the end");
        await desk.MoveAsync(plan.Id, "pause", "ada", "lunch", Ct);
        (await RunAsync(ledger, plan)).Taken.ShouldBe(2);
        await desk.MoveAsync(plan.Id, "resume", "ada", "", Ct);
        plan = await RunAsync(ledger, plan);
        (plan.State, plan.Taken, plan.Found).ShouldBe(("done", 5, 5));
        (await Operators.CountChangesAsync(plan.Id, Ct)).ShouldBe([new ChangeCount("award", null, "everybody", 5, 5)]);
        (await ledger.TotalsAsync(Ct)).Issuances.ShouldBe(0, "a plan changes nothing");

        JobLine one = await RunAsync(ledger, await desk.ApplyAsync(plan.Id, 1, null, "ada", "small first", Ct));
        (one.State, one.Succeeded, one.Items).ShouldBe(("done", 1, 1));
        JobLine rest = await desk.ApplyAsync(plan.Id, null, null, "ada", "went well", Ct);
        rest.State.ShouldBe("waiting", "four are over the limit");
        await desk.MoveAsync(rest.Id, "approve", "ben", "agreed", Ct);
        rest = await RunAsync(ledger, rest);
        (rest.State, rest.Succeeded, rest.Skipped, rest.ApprovedBy).ShouldBe(("done", 4, 0, "ben"));
        (await ledger.IssuancesInStateAsync(IssuanceState.Planned, 100, Ct)).Select(i => i.Definition).ShouldBe(Enumerable.Repeat("everybody", 5));
        (await Operators.ChangesAsync(plan.Id, "award", null, 3, Ct)).ShouldSatisfyAllConditions(p => p.Items.Count.ShouldBe(3), p => p.Next.ShouldBe("3"), p => p.Items[0].Result.ShouldBe("done"));
    }

    [Fact]
    public async Task A_plan_of_a_file_that_is_over_the_limit_is_a_job_that_a_second_person_approves()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b"), Done("c"), Done("d"), Done("e")], plan: false);
        string folder = System.IO.Directory.CreateTempSubdirectory("credsync-plan-").FullName, file = Path.Combine(folder, "plan.json");
        PlanHeader plan = await new Planner(ledger, Time).MakeAsync(Everybody, PlanScope.All, null, file, _ => { }, Ct);
        JobDesk desk = Desk(ledger, approveOver: 3);
        (await desk.WhereIsAsync(plan, Ct)).ShouldBeNull();
        (await Should.ThrowAsync<CredSync.Host.Operations.Failures.ActException>(() => desk.ApplyAsync(plan, PlanFile.ChangesAsync(file, 0, Ct), 5, null, null, "ada", "", Ct))).Message.ShouldBe("Say why, for the audit.");

        // What breaks off before all of it is written down is never made.
        using (var broken = new CancellationTokenSource())
        {
            await Should.ThrowAsync<OperationCanceledException>(() => desk.ApplyAsync(plan, BrokenAsync(broken), 5, null, null, "ada", "the board", broken.Token));
        }

        (await desk.WhereIsAsync(plan, Ct)).ShouldBeNull();
        (await Operators.JobsAsync(null, null, 10, Ct)).Items.Select(j => (j.Kind, j.State, j.Sentence)).ShouldBe([("plan", "cancelled", "It was not read to its end.")]);

        // The first was made by hand before.
        JobLine job = await desk.ApplyAsync(plan, PlanFile.ChangesAsync(file, 1, Ct), 4, null, null, "ada", "the board", Ct);
        (job.State, job.Items, job.Kind).ShouldBe(("waiting", 4, "apply"));
        (await desk.WhereIsAsync(plan, Ct))!.ShouldContain($"is job {job.Id} by now, which waits for a second person: credsync jobs approve {job.Id}");
        (await RunAsync(ledger, job)).Taken.ShouldBe(0);
        (await ledger.TotalsAsync(Ct)).Issuances.ShouldBe(0);
        (await Should.ThrowAsync<CredSync.Host.Operations.Failures.ActException>(() => desk.MoveAsync(job.Id, "approve", "ada", "", Ct))).Message.ShouldContain("a second person");
        await desk.MoveAsync(job.Id, "approve", "ben", "agreed", Ct);
        (await desk.WhereIsAsync(plan, Ct))!.ShouldContain("which is running");
        job = await RunAsync(ledger, job);
        (job.State, job.Succeeded, job.ApprovedBy).ShouldBe(("done", 4, "ben"));
        (await ledger.TotalsAsync(Ct)).Issuances.ShouldBe(4);
        (await desk.WhereIsAsync(plan, Ct))!.ShouldContain($"credsync jobs changes {job.OfJob}");
        (await Operators.ActsAsync($"job {job.Id}", null, null, null, 10, Ct)).Items.Select(a => (a.Verb, a.Who, a.Became)).ShouldBe([("finish", "credsync", "done"), ("approve", "ben", "running"), ("apply", "ada", "waiting for a second person")]);
        (await Operators.ActsAsync($"job {job.OfJob}", null, null, null, 10, Ct)).Items.Single().ShouldSatisfyAllConditions(a => a.Verb.ShouldBe("plan"), a => a.Detail.ShouldContain(plan.Id), a => a.Why.ShouldBe("the board"));
        System.IO.Directory.Delete(folder, recursive: true);

        async IAsyncEnumerable<PlanEffect> BrokenAsync(CancellationTokenSource broken)
        {
            await foreach (PlanEffect change in PlanFile.ChangesAsync(file, 0, Ct))
            {
                yield return change;
                await broken.CancelAsync();
                broken.Token.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task What_would_come_out_otherwise_by_now_is_left_out()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a"), Done("b")], plan: false);
        JobDesk desk = Desk(ledger);
        JobLine plan = await RunAsync(ledger, await desk.PlanAsync("everybody", null, null, null, "ada", "", Ct));
        await using (IActTransaction act = await ledger.BeginActAsync(Ct))
        {
            await act.PlanAsync([.. CredSync.Host.Intake.IssuanceRows.Of(Everybody.Decide((await act.PeopleAsync([SubjectOf("a")], Ct)).Single().History, Time.GetUtcNow()), Everybody)], Ct);
            await act.CommitAsync(Ct);
        }

        JobLine applied = await RunAsync(ledger, await desk.ApplyAsync(plan.Id, null, null, "ada", "now", Ct));
        (applied.State, applied.Succeeded).ShouldBe(("done", 2));
        (await Operators.ChangesAsync(plan.Id, null, null, 10, Ct)).Items.Select(c => c.Result).Order(StringComparer.Ordinal).ShouldBe(["before", "done"]);
    }

    [Fact]
    public async Task Many_holds_are_settled_as_a_job_that_a_second_person_approves()
    {
        ILedger ledger = await OpenAsync();
        await HoldAsync(ledger, "approval");
        JobDesk desk = Desk(ledger, approveOver: 0);
        IReadOnlyList<HeldLine> lines = await ledger.HeldAsync(new HeldFilter(), 10, Ct);
        JobLine job = await desk.SettleAsync(lines, "approval", new HoldWish(true, null, "ada", "all seen"), Ct);
        job.State.ShouldBe("waiting");
        (await RunAsync(ledger, job)).Taken.ShouldBe(0);
        await desk.MoveAsync(job.Id, "approve", "ben", "agreed", Ct);
        job = await RunAsync(ledger, job);
        (job.State, job.Succeeded).ShouldBe(("done", 1));
        (await ledger.CountHeldAsync(new HeldFilter(), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backfill_reads_from_the_beginning_and_ends_with_the_poll_that_came_to_the_end()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")], cursor: "end");
        JobDesk desk = Desk(ledger, WithEverybody with { Sources = [Source("s")] });
        Time.Advance(TimeSpan.FromMinutes(20));
        JobLine job = await RunAsync(ledger, await desk.BackfillAsync("s", "ada", "courses were added", Ct), steps: 2);
        job.State.ShouldBe("running");
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBeNull();
        RunLease run = await BeginAsync(ledger);
        run.Since.ShouldBeNull();
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await FillAsync(page, [Done("a"), Done("b"), Done("c")]);
            await page.CommitAsync(new CredSync.Sources.Cursor("end"), new PageCounts { Read = 3, New = 2, Unchanged = 1 }, Ct);
        }

        await desk.MoveAsync(job.Id, "pause", "ada", "too much at once", Ct);
        (await ledger.SourcesAsync(Ct)).Single().PausedBecause.ShouldBe($"job {job.Id} is paused by ada");
        await desk.MoveAsync(job.Id, "resume", "ada", "", Ct);
        (await ledger.SourcesAsync(Ct)).Single().PausedBecause.ShouldBeNull();
        await ledger.EndRunAsync(run, new RunEnd(), Ct);
        job = await RunAsync(ledger, job);
        (job.State, job.Taken, job.Items).ShouldBe(("done", 3, 3));
    }

    [Fact]
    public async Task Lines_are_compared_with_a_list_and_brought_together_by_hand()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        JobLine job = await Operators.MakeWorkAsync(new WorkOrder { Kind = "reconcile", What = "issuer", Items = 1, Rate = 1, Who = "ada", Why = "", Wish = new JobWish { Issuer = "issuer" } }, Ct);
        JobLine taken = (await Operators.TakeJobAsync("me", Lease, 0, ["reconcile"], null, _ => false, Ct))!;
        (await Operators.TakeJobAsync("other", Lease, 0, ["reconcile"], null, _ => false, Ct)).ShouldBeNull();
        (await Operators.TakeJobAsync("other", Lease, 0, ["reconcile"], job.Id, held => held == "me", Ct))!.Id.ShouldBe(job.Id, "whoever held it has died");
        (await Operators.AdvanceAsync(taken, "me", new JobStep { Succeeded = 1 }, Ct)).ShouldBeFalse();
        var listed = new ListedCredential { CredentialId = "urn:else", IssuanceId = id, EarnedAt = Start, PublicUrl = "https://issuer.example/else" };
        (await Operators.AdvanceAsync(taken, "other", new JobStep { Place = "issued:", Listed = [listed, listed, listed with { CredentialId = "urn:foreign", IssuanceId = null, IsRevoked = true }], Succeeded = 1 }, Ct)).ShouldBeTrue();
        ComparedLine line = (await Operators.ComparedLinesAsync("issuer", open: false, null, 10, Ct)).Single();
        (line.Id, line.State, line.CredentialId, await Operators.CountComparedAsync("issuer", Ct), await Operators.CountListedAsync(job.Id, Ct)).ShouldBe((id, "Issued", "urn:credential", 1, 2));
        (await Operators.ComparedLinesAsync("issuer", open: false, id, 10, Ct)).ShouldBeEmpty();
        (await Operators.ListedAsync(job.Id, ["urn:else", "urn:none"], Ct)).Keys.ShouldBe(["urn:else"]);
        (await Operators.ListedForAsync(job.Id, line.Request, Ct)).Single().PublicUrl.ShouldBe("https://issuer.example/else");
        await Operators.AdvanceAsync(taken, "other", new JobStep { Met = ["urn:else"] }, Ct);
        (await Operators.ListedLeftAsync(job.Id, null, 10, Ct)).Single().ShouldSatisfyAllConditions(l => l.CredentialId.ShouldBe("urn:foreign"), l => l.IsRevoked.ShouldBeTrue());
        (await Operators.IssuedSinceAsync("issuer", Start.AddDays(-1), ["urn:credential", "urn:none"], Ct)).ShouldBe(["urn:credential"]);

        var change = new JobChange { Act = "take-over", Issuer = "issuer", Issuance = id, Definition = "d", CredentialId = "urn:else", Sentence = "It differs." };
        (await Operators.TakeOverAsync(change, "ada", "as it is there", Ct)).ShouldBeTrue();
        (await Operators.TakeOverAsync(change, "ada", "again", Ct)).ShouldBeFalse();
        (await Operators.IssueAgainAsync(change with { CredentialId = "urn:credential" }, "ada", "stale", Ct)).ShouldBeFalse();
        (await Operators.IssueAgainAsync(change, "ada", "lost there", Ct)).ShouldBeTrue();
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Id.ShouldBe(id);
        (await Operators.ActsAsync(id.ToString(), null, null, null, 10, Ct)).Items.Select(a => (a.Verb, a.Was, a.Became)).ShouldBe(
            [("repair", "issued as urn:else", "planned again"), ("repair", "issued as urn:credential", "issued as urn:else")]);
        (await Operators.AdvanceAsync(taken, "other", new JobStep { IsLast = true }, Ct)).ShouldBeTrue();
        (await Operators.CountListedAsync(job.Id, Ct)).ShouldBe(0);
    }

    private static CredSync.Core.Configuration.SourceDefinition Source(string name) => new(name, "play", new object(), TimeSpan.FromMinutes(1), null, false, null, default!);

    private JobDesk Desk(ILedger ledger, CredSync.Core.Configuration.Configuration? configuration = null, int approveOver = 100) => new(
        ledger, Operators, new IssuerRegistry(new Dictionary<string, ICredentialIssuer>()), new ActiveConfiguration(configuration ?? WithEverybody), Options.Create(new OperationsOptions { ApproveOver = approveOver }), Time);

    private JobDesk Desk(ILedger ledger, int approveOver) => Desk(ledger, null, approveOver);

    private async Task<JobLine> RunAsync(ILedger ledger, JobLine job, int steps = 50)
    {
        using var signal = new OutboxSignal();
        var active = new ActiveConfiguration(WithEverybody);
        using var runner = new JobRunner(
            "jobs", Operators, null, [new PlanWork(ledger, active), new ApplyWork(ledger, Operators, active, signal), new SettleWork(ledger, Operators, active, signal), new BackfillWork(ledger, Operators, Time)],
            Here, new LoopProgress(Time), Time, NullLogger<JobRunner>.Instance);
        JobLine now = (await Operators.JobAsync(job.Id, Ct))!;
        for (int i = 0; i < steps && now.State == "running"; i++)
        {
            await runner.StepAsync(Ct);
            Time.Advance(TimeSpan.FromSeconds(1));
            now = (await Operators.JobAsync(job.Id, Ct))!;
        }

        return now;
    }
}
