using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using CredSync.Host.People;
using CredSync.Host.Plans;

namespace CredSync.Host.Tests.Ledger;

// Plans read everything by scans; what rests on revoked credentials.
public abstract partial class LedgerSuite
{
    private const long Plenty = 1L << 30;

    [Fact]
    public async Task However_many_readers_scan_and_however_little_memory_they_have_everybody_is_seen_once_and_whole()
    {
        ILedger ledger = await OpenAsync();
        await FillForWalksAsync(ledger);
        string[] expected = [.. (await PersonByPersonAsync(ledger)).Select(Told)];
        expected.Length.ShouldBe(39);
        foreach ((int readers, long budget) in new[] { (1, Plenty), (2, Plenty), (4, Plenty), (2, 0L), (3, 30_000L) })
        {
            await using HistoryWalk walk = await HistoryWalk.OpenAsync(ledger, readers, budget, Ct);
            List<string> seen = [];
            await walk.EverybodyAsync(
                people => people,
                people =>
                {
                    seen.AddRange(people.Select(Told));
                    return Task.CompletedTask;
                },
                Ct);
            seen.ShouldBe(expected, ignoreOrder: false, customMessage: $"{readers} readers with {budget} bytes");
        }
    }

    [Fact]
    public async Task A_plan_is_the_same_to_the_last_byte_however_many_readers_made_it()
    {
        ILedger ledger = await OpenAsync();
        RuleBook book = await FillForWalksAsync(ledger);
        string path = Path.Combine(System.IO.Directory.CreateTempSubdirectory("credsync-walks-").FullName, "plan.json");
        try
        {
            var planner = new Planner(ledger, Time);
            var plans = new List<string>();
            foreach ((int readers, long budget) in new[] { (1, Plenty), (2, Plenty), (4, 0L) })
            {
                await using HistoryWalk walk = await HistoryWalk.OpenAsync(ledger, readers, budget, Ct);
                PlanHeader plan = await planner.MakeAsync(walk, book, PlanScope.All, null, path, _ => { }, Ct);
                (plan.Totals.People, plan.Changes > 20).ShouldBe((39, true));
                plans.Add(await File.ReadAllTextAsync(path, Ct));
            }

            plans.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        }
        finally
        {
            System.IO.Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task A_walk_sees_the_ledger_as_it_was_when_it_was_opened()
    {
        ILedger ledger = await OpenAsync();
        await TakeAsync(ledger, Rules(), Fact("ada", "C-1"));
        await using HistoryWalk walk = await HistoryWalk.OpenAsync(ledger, 3, Plenty, Ct);
        await TakeAsync(ledger, Rules(), Fact("ada", "C-2"), Fact("ben", "C-1"));
        List<PlanPerson> seen = [];
        await walk.EverybodyAsync(
            people => people,
            people =>
            {
                seen.AddRange(people);
                return Task.CompletedTask;
            },
            Ct);
        seen.Single().History.Completions.Single().Course.Key.ShouldBe("C-1");
    }

    [Fact]
    public async Task A_walk_that_cannot_go_on_says_why_and_ends()
    {
        ILedger ledger = await OpenAsync();
        await FillForWalksAsync(ledger);
        await using HistoryWalk walk = await HistoryWalk.OpenAsync(ledger, 2, Plenty, Ct);
        await Should.ThrowAsync<InvalidTimeZoneException>(() => walk.EverybodyAsync<int>(people => people.Count > 0 ? throw new InvalidTimeZoneException() : 0, _ => Task.CompletedTask, Ct));
        await Should.ThrowAsync<InvalidTimeZoneException>(() => walk.EverybodyAsync(people => people, people => people.Count > 0 ? throw new InvalidTimeZoneException() : Task.CompletedTask, Ct));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => walk.EverybodyAsync(people => people, _ => Task.CompletedTask, stop.Token));
    }

    [Theory]
    [InlineData(RevocationPolicy.Review, HoldCauses.RevocationReview)]
    [InlineData(RevocationPolicy.Revoke, HoldCauses.RevocationRequired)]
    [InlineData(RevocationPolicy.Keep, null)]
    public async Task What_rests_on_a_revoked_credential_follows_its_policy(RevocationPolicy policy, string? cause)
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("base", "C-1"), Resting("top", "base") with { OnRevoked = policy }, Resting("summit", "top"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        await IssueAllAsync(ledger);
        IReadOnlyList<IssuanceLine> lines = await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct);
        lines.Count.ShouldBe(3);
        var taken = new TakenBack(ledger);
        (await taken.FollowAsync(configuration, Ct)).ShouldBe(0);
        await ledger.CloseRevocationsAsync([Revoked(lines.Single(l => l.Definition == "base").Id)], Ct);
        (await taken.FollowAsync(configuration, Ct)).ShouldBe(cause is null ? 0 : 1);
        string[] expected = cause is null ? [] : [$"top {cause}"];
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Select(h => $"{h.Issuance.Definition} {h.Cause}").ShouldBe(expected);

        // Asked once, and told by no plan again; what rests on the second follows when that is revoked as well.
        (await taken.FollowAsync(configuration, Ct)).ShouldBe(0);
        (await ledger.UnfollowedAsync(10, Ct)).ShouldBeEmpty();
        await Planning(ledger, configuration, await OfAsync(ledger, "ada"));
        await ledger.CloseRevocationsAsync([Revoked(lines.Single(l => l.Definition == "top").Id)], Ct);
        (await taken.FollowAsync(configuration, Ct)).ShouldBe(1);
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Select(h => h.Issuance.Definition).ShouldContain("summit");
    }

    [Fact]
    public async Task What_rests_on_a_revoked_credential_and_has_not_left_is_stopped()
    {
        ILedger ledger = await OpenAsync();
        CredentialDefinition approved = Resting("approved", "base") with { Approval = new Approval("head") };
        Configuration configuration = Rules(Course("base", "C-1"), approved);
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        await IssueAllAsync(ledger);
        await TakeAsync(ledger, Rules(Course("base", "C-1"), approved, Resting("late", "base")), Fact("ada", "C-2"));
        IReadOnlyList<IssuanceLine> lines = await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct);
        await ledger.CloseRevocationsAsync([Revoked(lines.Single(l => l.Definition == "base").Id)], Ct);
        (await new TakenBack(ledger).FollowAsync(Rules(Course("base", "C-1"), approved, Resting("late", "base")), Ct)).ShouldBe(2);
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Select(h => $"{h.Issuance.Definition} {h.Cause}").ShouldBe([$"approved {HoldCauses.NoLongerEarned}", $"late {HoldCauses.NoLongerEarned}"], ignoreOrder: true);
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_earned_no_more_cannot_be_approved_also_when_the_answer_comes_a_moment_late()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("badge", "C-1") with { Approval = new Approval("head") });
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        HeldLine seen = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        var yes = new HoldWish(true, null, "tester", "seen the certificate");
        HoldDesk.WhyNot(seen, yes).ShouldBeNull();
        await TakeAsync(ledger, configuration, Fact("ada", "C-1") with { Status = CompletionStatus.Withdrawn });

        (await HoldDesk.SettleAsync(ledger, configuration.RuleBook, [seen], yes, Ct)).ShouldBe(0, "what was seen is held for another cause by now");
        HeldLine now = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        now.Cause.ShouldBe(HoldCauses.NoLongerEarned);
        HoldDesk.WhyNot(now, yes).ShouldNotBeNull().ShouldContain("nothing earns it any more");
        HoldDesk.WhyNot(now, yes with { Earned = DateOnly.FromDateTime(Start.UtcDateTime) }).ShouldNotBeNull("a date that somebody enters does not earn it either");
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.ActsAsync(null, 10, Ct)).ShouldBeEmpty();

        // It comes back as it was, to be approved, when the facts do.
        Time.Advance(TimeSpan.FromDays(1));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1") with { SourceUpdatedAt = Time.GetUtcNow() });
        HeldLine back = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (back.Cause, await HoldDesk.SettleAsync(ledger, configuration.RuleBook, [back], yes, Ct)).ShouldBe((HoldCauses.Approval, 1));
    }

    [Fact]
    public async Task What_asks_for_a_credential_that_is_approved_is_planned_with_the_approval()
    {
        ILedger ledger = await OpenAsync();
        CredentialDefinition held = Course("base", "C-1") with { Approval = new Approval("head") };
        CredentialDefinition top = Course("top", "C-2") with { Earn = new AllRule([new CourseRule { Key = "C-2" }, new CredentialRule("base")]) };
        Configuration configuration = Rules(held, top, Resting("summit", "top"), Course("aside", "C-9"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"), Fact("ada", "C-2"), Fact("ben", "C-1"));
        HeldLine[] waiting = [.. await ledger.HeldAsync(new HeldFilter(), 10, Ct)];
        waiting.Length.ShouldBe(2);
        (await HoldDesk.SettleAsync(ledger, configuration.RuleBook, waiting, new HoldWish(true, null, "tester", "seen"), Ct)).ShouldBe(2);
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Select(l => $"{l.Definition} {l.State}").ShouldBe(["base Planned", "top Planned", "summit Planned"], ignoreOrder: true);
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ben"), Ct)).Select(l => l.Definition).ShouldBe(["base"]);
    }

    [Fact]
    public async Task What_asks_for_a_credential_that_nobody_refused_in_time_is_planned_with_it()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("base", "C-1") with { Approval = new Approval("head") { Within = TimeSpan.FromDays(3), AfterThat = ApprovalLapse.Issue } }, Resting("top", "base"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        Time.Advance(TimeSpan.FromDays(3));
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(1);
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Select(l => $"{l.Definition} {l.State}").ShouldBe(["base Planned", "top Planned"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_new_rule_acts_on_what_comes_and_on_history_only_through_a_plan()
    {
        ILedger ledger = await OpenAsync();
        await TakeAsync(ledger, Rules(Course("other", "C-9")), Fact("ada", "C-1"));
        Configuration changed = Rules(Course("other", "C-9"), Course("badge", "C-1"));
        await TakeAsync(ledger, changed, Fact("ada", "C-2"));
        await TakeAsync(ledger, changed, Fact("ada", "C-9"));
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Select(l => l.Definition).ShouldBe(["other"], "C-1 is history, which a plan awards");
        await TakeAsync(ledger, changed, Fact("ada", "C-1", 2));
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Select(l => l.Definition).ShouldBe(["other", "badge"], ignoreOrder: true);
    }

    // Two dozen people with everything that a history may hold: merged ones, consent, lines in every state, reviews, courses with much around them, nobody's completions.
    private async Task<RuleBook> FillForWalksAsync(ILedger ledger)
    {
        Configuration configuration = Rules(Course("one", "C-1"), Course("two", "C-2") with { Approval = new Approval("head") }, Resting("top", "one"));
        await TakeAsync(
            ledger, configuration,
            [
                .. Enumerable.Range(0, 40).Select(i => Fact($"p{i}", $"C-{i % 3}", percent: i * 2)),
                .. Enumerable.Range(0, 40).Where(i => i % 4 == 0).Select(i => Fact($"p{i}", "C-9", 2) with
                {
                    Course = new Course { Key = "C-9", Run = "run \"1\" é", ContentType = ContentType.Program, Title = "T\u00e9", Attributes = new Dictionary<string, string> { ["level"] = $"{i}" } },
                    Passed = i % 8 == 0, ConsentGiven = i % 8 != 0, Status = i % 12 == 0 ? CompletionStatus.Withdrawn : CompletionStatus.Completed, CompletedAtPrecision = TimePrecision.Date,
                    CompletedAt = i % 16 == 0 ? null : Start.AddDays(-i).AddTicks(7), Score = new Score { Raw = i, Min = 0, Max = 40.50m, Text = "B+" }, Evidence = [new Evidence("x")],
                }),
            ]);
        await IssueAllAsync(ledger);
        await ledger.CloseRevocationsAsync([.. (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 3, Ct)).Select(i => Revoked(i.Id))], Ct);
        await new TakenBack(ledger).FollowAsync(configuration, Ct);
        await Merging(ledger).MergeAsync(await OfAsync(ledger, "p3"), await OfAsync(ledger, "p4"), configuration, "x", Why, Ct);
        await KeepAsync(ledger, configuration with { People = PeoplePolicyWith(Row("p5", "p5@example.com", consents: true), Row("p6", "p6@example.com", consents: false)) });
        await TakeAsync(ledger, configuration, Fact("p7", "C-2"), Fact("p8", "C-1", 2));
        return RuleBook.Create([Course("one", "C-1"), Course("zero", "C-0"), Course("nine", "C-9"), Resting("top", "zero")], RuleBookSetting.Default);
    }

    private static CredSync.Core.People.PeoplePolicy PeoplePolicyWith(params CredSync.Core.People.DirectoryEntry[] rows) => CredSync.Core.People.PeoplePolicy.Default with { Directory = Directory(rows) };

    private static CredentialDefinition Resting(string id, string on) => Course(id, "C-1") with { Earn = new CredentialRule(on) };

    private async Task<List<PlanPerson>> PersonByPersonAsync(ILedger ledger)
    {
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        var people = new List<PlanPerson>();
        for (Guid? after = null; await reading.LastOfPageAsync(after, 7, Ct) is { } last; after = last)
        {
            people.AddRange(await reading.PeopleAsync(after, last, Ct));
        }

        return people;
    }

    private static string Told(PlanPerson person) => string.Join(
        '\n',
        (string[])[
            $"{person.History.Subject}: {string.Join(", ", person.History.Consents)}",
            .. person.History.Completions.Select(c => $"{c.Key} {CompletionHash.Of(c)}").Order(StringComparer.Ordinal),
            .. person.History.Issuances.Select(i => $"{i} {i.Cause} {i.Waits} {person.Unsent.Contains(i.Key)} {person.Reviewed.Contains(i.Key)}").Order(StringComparer.Ordinal),
        ]);
}
