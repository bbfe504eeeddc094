using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Storage;

namespace CredSync.Host.Tests.Ledger;

// What operators read and do.
public abstract partial class LedgerSuite
{
    /// <summary>Plain SQL on the ledger that was opened last.</summary>
    private protected abstract ISql Sql { get; }

    private OperatorLedger Operators => new(Sql, Time);

    [Fact]
    public async Task The_change_mark_stays_while_nothing_is_written_and_is_another_one_after_each_commit()
    {
        await OpenAsync();
        string before = await Sql.ChangeMarkAsync(Ct);
        await Operators.JobsAsync(null, null, 10, Ct);
        if (!Sql.IsShared)
        {
            // On a server of many, others may have written.
            (await Sql.ChangeMarkAsync(Ct)).ShouldBe(before);
        }

        await Operators.RecordAsync(new Act("ada", "pause", "source s", "why", "how"), Ct);
        string after = await Sql.ChangeMarkAsync(Ct);
        after.ShouldNotBe(before);
        await Operators.RecordAsync(new Act("ada", "resume", "source s", "why", "how"), Ct);
        (await Sql.ChangeMarkAsync(Ct)).ShouldNotBe(after);
    }

    [Fact]
    public async Task Runs_are_told_newest_first_and_page_by_page()
    {
        ILedger ledger = await OpenAsync();
        foreach (string key in new[] { "a", "b", "c" })
        {
            RunLease run = await BeginAsync(ledger);
            await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
            {
                await FillAsync(page, [Done(key)]);
                await page.CommitAsync(new CredSync.Sources.Cursor(key), new PageCounts { Read = 4, New = 1, Unchanged = 2, Unreadable = 1 }, Ct);
            }

            Time.Advance(TimeSpan.FromSeconds(3));
            await ledger.EndRunAsync(run, key == "b" ? new RunEnd { Fault = FaultKind.Outage, Sentence = "Away." } : new RunEnd(), Ct);
        }

        Page<RunLine> first = await Operators.RunsAsync("s", false, null, 2, Ct);
        first.Items.Select(r => r.Fault).ShouldBe([null, "Outage"]);
        first.Items[0].ShouldSatisfyAllConditions(r => r.Read.ShouldBe(4), r => r.New.ShouldBe(1), r => r.Duplicate.ShouldBe(2), r => r.Bad.ShouldBe(1), r => r.Took.ShouldBe(TimeSpan.FromSeconds(3)));
        Page<RunLine> second = await Operators.RunsAsync("s", false, first.Next, 2, Ct);
        (second.Items.Count, second.Next).ShouldBe((1, null));
        (await Operators.RunsAsync(null, true, null, 10, Ct)).Items.Single().Sentence.ShouldBe("Away.");
        await Should.ThrowAsync<CursorException>(() => Operators.RunsAsync(null, false, "nonsense", 2, Ct));
    }

    [Fact]
    public async Task Failures_that_differ_in_names_and_numbers_only_are_one_group()
    {
        ILedger ledger = await OpenAsync();
        Guid[] ids = await FailAsync(ledger, "a", "b", "c");
        IReadOnlyList<FailureGroup> groups = await Operators.FailureGroupsAsync(Ct);
        groups.Single().ShouldSatisfyAllConditions(
            g => g.Cause.ShouldBe("issuer-refused"), g => g.Count.ShouldBe(3), g => g.Place.ShouldBe("issuer"), g => g.LastHour.ShouldBe(3), g => g.Kind.ShouldBe("issuance"));
        await ledger.CloseAsync([Issued(ids[0])], Ct);
        (await Operators.FailureGroupsAsync(Ct)).Single().Count.ShouldBe(2);
        await Operators.NoteAsync("issuer-refused", groups[0].Fingerprint, "they know", "ada", Ct);
        (await Operators.FailureGroupsAsync(Ct)).Single().Note!.Text.ShouldBe("they know");
        Page<IssuanceSummary> lines = await Operators.IssuancesAsync(new IssuanceFilter { Cause = "issuer-refused", Failing = true }, null, 1, Ct);
        lines.Items.Count.ShouldBe(1);
        (await Operators.IssuancesAsync(new IssuanceFilter { Failing = true }, lines.Next, 10, Ct)).Items.Select(i => i.Id).Append(lines.Items[0].Id).Order().ShouldBe(ids[1..].Order());
        (await Operators.CountIssuancesAsync(new IssuanceFilter { Failing = true }, Ct)).ShouldBe(2);
    }

    [Fact]
    public async Task A_rejection_by_a_person_is_no_failure()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await HoldAsync(ledger, "approval");
        await SettleAsync(ledger, id, approved: false, "approval");
        (await Operators.FailureGroupsAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_plans_the_oldest_again_and_counts_what_became_of_them()
    {
        ILedger ledger = await OpenAsync();
        await FailAsync(ledger, "a", "b", "c");
        JobLine job = (await Operators.MakeJobAsync(Order("retry", size: 2), Ct))!;
        (job.State, job.Items, job.Taken).ShouldBe(("running", 2, 0));
        (await Operators.TakeJobAsync("me", Lease, 0, Ct))!.Id.ShouldBe(job.Id);
        (await Operators.TakeJobAsync("other", Lease, 0, Ct)).ShouldBeNull();
        (await Operators.TakeItemsAsync(job, "other", 10, Ct)).ShouldBeNull();
        (await Operators.TakeItemsAsync(job, "me", 10, Ct)).ShouldBe(2);
        (await Operators.JobAsync(job.Id, Ct))!.UnderWay.ShouldBe(2);

        Guid first = await SendAsync(ledger);
        Guid second = await SendAsync(ledger);
        await ledger.CloseAsync([Issued(first), Refused(second, "again")], Ct);
        JobLine now = (await Operators.JobAsync(job.Id, Ct))!;
        (now.Succeeded, now.Failed, now.UnderWay).ShouldBe((1, 1, 0));
        (await Operators.MoveJobAsync(job.Id, ["running"], "done", "credsync", "finish", "", Ct)).ShouldBeTrue();
        await ledger.CloseAsync([Issued(second)], Ct);
        (await Operators.JobAsync(job.Id, Ct))!.Failed.ShouldBe(1, "a job that has ended keeps its counts");
        (await Operators.JobsOfAsync(first, Ct)).Single().Id.ShouldBe(job.Id);
        (await Operators.ActsAsync($"job {job.Id}", null, null, null, 10, Ct)).Items.Select(a => a.Verb).ShouldBe(["finish", "retry"]);
    }

    [Fact]
    public async Task A_job_goes_on_where_it_was_when_its_worker_died()
    {
        ILedger ledger = await OpenAsync();
        await FailAsync(ledger, "a", "b", "c");
        JobLine job = (await Operators.MakeJobAsync(Order("retry", size: null), Ct))!;
        await Operators.TakeJobAsync("dead", TimeSpan.FromSeconds(30), 0, Ct);
        await Operators.TakeItemsAsync(job, "dead", 1, Ct);
        Time.Advance(TimeSpan.FromSeconds(31));
        JobLine taken = (await Operators.TakeJobAsync("alive", Lease, 0, Ct))!;
        taken.Taken.ShouldBe(1);
        (await Operators.TakeItemsAsync(taken, "dead", 5, Ct)).ShouldBeNull();
        (await Operators.TakeItemsAsync(taken, "alive", 5, Ct)).ShouldBe(2);
    }

    [Fact]
    public async Task What_somebody_settled_first_is_skipped_and_what_is_parked_can_be_archived()
    {
        ILedger ledger = await OpenAsync();
        Guid[] ids = await FailAsync(ledger, "a", "b");
        JobLine job = (await Operators.MakeJobAsync(Order("archive", size: null), Ct))!;
        await ledger.CloseAsync([Issued(ids[0])], Ct);
        await Operators.TakeJobAsync("me", Lease, 0, Ct);
        await Operators.TakeItemsAsync(job, "me", 5, Ct);
        JobLine done = (await Operators.JobAsync(job.Id, Ct))!;
        (done.Succeeded, done.Skipped).ShouldBe((1, 1));
        (await Operators.FailureGroupsAsync(Ct)).ShouldBeEmpty();
        (await Operators.MakeJobAsync(Order("archive", size: null), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Parking_ends_the_attempts_of_what_waits()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Planned, At = Start, NotBefore = Start.AddHours(1), Cause = "issuer-unreachable", Sentence = "Away." }], Ct);
        (await Operators.FailureGroupsAsync(Ct)).Single().Waiting.ShouldBe(1);
        (await Operators.OldestWaitingAsync(Ct)).ShouldNotBeNull();
        JobLine job = (await Operators.MakeJobAsync(Order("park", size: null) with { Filter = new FailureFilter(Id: id) }, Ct))!;
        await Operators.TakeJobAsync("me", Lease, 0, Ct);
        await Operators.TakeItemsAsync(job, "me", 5, Ct);
        Time.Advance(TimeSpan.FromHours(2));
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.IssuanceAsync(id, Ct))!.ShouldSatisfyAllConditions(i => i.State.ShouldBe(IssuanceState.Refused), i => i.Cause.ShouldBe("issuer-unreachable"));
        (await Operators.IssuersAsync(Ct)).Single().ShouldSatisfyAllConditions(i => i.Refused.ShouldBe(1), i => i.Waiting.ShouldBe(0));
    }

    [Fact]
    public async Task A_job_over_the_limit_waits_for_a_second_person()
    {
        ILedger ledger = await OpenAsync();
        await FailAsync(ledger, "a", "b");
        JobLine job = (await Operators.MakeJobAsync(Order("retry", size: null) with { ApprovalOver = 1 }, Ct))!;
        job.State.ShouldBe("waiting");
        (await Operators.TakeJobAsync("me", Lease, 0, Ct)).ShouldBeNull();
        (await Operators.MoveJobAsync(job.Id, ["waiting"], "running", "ben", "approve", "agreed", Ct)).ShouldBeTrue();
        (await Operators.MoveJobAsync(job.Id, ["waiting"], "running", "cem", "approve", "agreed", Ct)).ShouldBeFalse();
        (await Operators.TakeJobAsync("me", Lease, 0, Ct))!.ApprovedBy.ShouldBe("ben");
        (await Operators.JobsAsync("running", null, 10, Ct)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_funnel_counts_every_stage_and_every_leak()
    {
        ILedger ledger = await OpenAsync();
        await FailAsync(ledger, "a", "b");
        await PageAsync(ledger, [Done("c")], plan: false);
        await PlanAsync(ledger, Planned("c") with { State = IssuanceState.Held, Cause = "approval", Remedy = "Somebody says." });
        await PageAsync(ledger, [Done("d")], plan: false);
        await PageAsync(ledger, [Done("e"), Done("f")]);
        await ledger.CloseAsync([Issued(await SendAsync(ledger))], Ct);
        Funnel funnel = await Operators.FunnelAsync(Start.AddDays(-1), Ct);
        (funnel.New, funnel.PersonFound, funnel.WithoutCredential, funnel.Decided).ShouldBe((6, 6, 1, 5));
        (funnel.Held, funnel.Approved, funnel.Planned, funnel.Sent, funnel.Refused, funnel.Issued).ShouldBe((1, 4, 1, 3, 2, 1));
        (await Operators.FunnelAsync(Start.AddDays(1), Ct)).New.ShouldBe(0);
        (await Operators.LatencyAsync(Start.AddDays(-1), Ct)).Sample.ShouldBe(1);
        (await Operators.CompletionsAsync(new CompletionFilter { WithoutCredential = true, SeenSince = Start.AddDays(-1) }, null, 10, Ct)).Items.Single().NaturalKey.ShouldBe("d");
        (await Operators.CountCompletionsAsync(new CompletionFilter { Source = "s" }, Ct)).ShouldBe(6);
        Page<CompletionSummary> page = await Operators.CompletionsAsync(new CompletionFilter(), null, 4, Ct);
        (await Operators.CompletionsAsync(new CompletionFilter(), page.Next, 4, Ct)).Items.Count.ShouldBe(2);
        (await Operators.HoldsAsync("approval", null, null, 10, Ct)).Items.Single().Cause.ShouldBe("approval");
    }

    [Fact]
    public async Task Whose_completions_earned_nothing_does_not_depend_on_the_order_in_which_they_were_read()
    {
        ILedger ledger = await OpenAsync();
        Core.Configuration.Configuration configuration = Rules(Course("one", "C-1"));
        foreach ((string person, string course) in new[] { ("ada", "C-1"), ("ada", "C-2"), ("ben", "C-2"), ("ben", "C-1"), ("cem", "C-2"), ("dan", "C-2"), ("dan2", "C-1") })
        {
            await TakeAsync(ledger, configuration, Fact(person, course));
            Time.Advance(TimeSpan.FromHours(1));
        }

        string cem = Fact("cem", "C-2").Key.NaturalKey, dan = Fact("dan", "C-2").Key.NaturalKey;
        (await LeftAsync()).ShouldBe([cem, dan]);

        await IssueAllAsync(ledger);

        // Whoever turns out to be one has earned what either has, whichever name stays.
        foreach ((string merged, string survivor) in new[] { ("dan", "dan2"), ("dan2", "dan") })
        {
            await Merging(ledger).MergeAsync(await OfAsync(ledger, merged), await OfAsync(ledger, survivor), configuration, "x", Why, Ct);
            (await LeftAsync()).ShouldBe([cem]);
            await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(null, Ct)).Single(), configuration, "x", Why, Ct);
            (await LeftAsync()).ShouldBe([cem, dan]);
        }

        async Task<string[]> LeftAsync()
        {
            DateTimeOffset since = Start.AddDays(-1);
            string[] keys = [.. (await Operators.CompletionsAsync(new CompletionFilter { WithoutCredential = true, SeenSince = since }, null, 10, Ct)).Items.Select(c => c.NaturalKey).Order(StringComparer.Ordinal)];
            (await Operators.FunnelAsync(since, Ct)).WithoutCredential.ShouldBe(keys.Length);
            return keys;
        }
    }

    [Fact]
    public async Task Acts_can_neither_be_changed_nor_taken_away()
    {
        await OpenAsync();
        await Operators.RecordAsync(new Act("ada", "pause", "source s", "why", "how") { Was = "polled", Became = "paused" }, Ct);
        await Should.ThrowAsync<Exception>(() => Sql.WriteAsync(t => t.RunAsync("UPDATE acts SET who = 'eve'", SqlValues.None, Ct), Ct));
        await Should.ThrowAsync<Exception>(() => Sql.WriteAsync(t => t.RunAsync("DELETE FROM acts", SqlValues.None, Ct), Ct));
        await Operators.RecordAsync(new Act("adam", "pause", "source s", "why", "how"), Ct);
        await Operators.RecordAsync(new Act(SaidName.Of("ada", "root"), "resume", "source s", "why", "how"), Ct);
        (await Operators.ActsAsync(null, "ada", null, null, 10, Ct)).Items.Select(a => a.Who).ShouldBe(["ada (said by root)", "ada"]);
        (await Operators.ActsAsync(null, "ada", "pause", null, 10, Ct)).Items.Single().ShouldSatisfyAllConditions(a => a.Was.ShouldBe("polled"), a => a.Became.ShouldBe("paused"));
    }

    [Fact]
    public async Task A_wish_for_a_poll_is_taken_once()
    {
        ILedger ledger = await OpenAsync();
        await ledger.EnsureSourcesAsync(["s"], Ct);
        await Operators.WishPollAsync("s", Ct);
        await Operators.WishPollAsync("s", Ct);
        (await Operators.TakePollWishesAsync(Ct)).ShouldBe(["s"]);
        (await Operators.TakePollWishesAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_is_stored_used_and_ended()
    {
        await OpenAsync();
        var key = new KeyLine { Id = "k1", Name = "report", Hash = "h", Role = "viewer", Scopes = ["read"], MadeBy = "ada", MadeAt = Start, ExpiresAt = Start.AddDays(30) };
        await Operators.AddKeyAsync(key, "for the report", Ct);
        await Operators.TouchKeyAsync("k1", Ct);
        (await Operators.KeyAsync("k1", Ct))!.ShouldSatisfyAllConditions(k => k.Scopes.ShouldBe(["read"]), k => k.LastUsed.ShouldBe(Start), k => k.Hash.ShouldBe("h"));
        (await Operators.EndKeyAsync("k1", null, "ada", "over", Ct)).ShouldBeTrue();
        (await Operators.EndKeyAsync("k1", null, "ada", "over", Ct)).ShouldBeFalse();
        (await Operators.KeysAsync(Ct)).Single().EndedAt.ShouldBe(Start);
    }

    private static JobOrder Order(string kind, int? size) => new()
    {
        Kind = kind, Filter = new FailureFilter("issuer-refused"), Size = size, Rate = 5, Who = "ada", Why = "mended", ApprovalOver = 100,
    };

    private static IssuanceOutcome Refused(Guid id, string name) =>
        new() { Id = id, State = IssuanceState.Refused, At = Start, Cause = "issuer-refused", Sentence = $"The issuer refuses '{name}' for issuance {id}." };

    private async Task<Guid[]> FailAsync(ILedger ledger, params string[] keys)
    {
        var ids = new List<Guid>();
        foreach (string key in keys)
        {
            await PageAsync(ledger, [Done(key)]);
            ids.Add(await SendAsync(ledger));
            await ledger.CloseAsync([Refused(ids[^1], key)], Ct);
        }

        return [.. ids];
    }
}
