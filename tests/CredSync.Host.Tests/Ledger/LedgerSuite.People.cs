using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.People;
using CredSync.Host.RuleBooks;
using CredSync.Sources;

namespace CredSync.Host.Tests.Ledger;

// People: merged and unmerged, known by the directory, too many at once; consent, time-outs and what turns out otherwise.
public abstract partial class LedgerSuite
{
    private const string Why = "tested";
    private int pagesTaken;

    [Fact]
    public async Task Merged_people_are_decided_about_together_and_unmerging_gives_back_what_was()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("both", "C-1", "C-2"), Course("one", "C-1"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"), Fact("ben", "C-2"), Fact("cy", "C-1"));
        Guid ada = await OfAsync(ledger, "ada"), ben = await OfAsync(ledger, "ben");
        string[] before = await EverythingAsync(ledger);

        MergePlan preview = await Merging(ledger).PreviewAsync(ben, ada, configuration, Ct);
        preview.Decisions.OfType<Decision.Issue>().Select(d => d.Definition).ShouldBe(["both"]);
        (await EverythingAsync(ledger)).ShouldBe(before);

        await Merging(ledger).MergeAsync(ben, ada, configuration, "ada", Why, Ct);
        (await OfAsync(ledger, "ben")).ShouldBe(ada);
        (await ledger.IssuancesOfAsync(ada, Ct)).Select(i => i.Definition).Order().ShouldBe(["both", "one"]);
        (await ledger.CompletionsOfAsync(ada, Ct)).Count.ShouldBe(2);
        (await ledger.HistoriesAfterAsync(null, 10, Ct)).Select(h => (h.Subject == ada, h.Completions.Count)).ShouldBe([(true, 2), (false, 1)], ignoreOrder: true);
        (await ledger.MergesAsync(null, Ct)).Single().Merged.ShouldBe(ben);
        (await ledger.PersonAsync(ben, Ct))!.Members.Count.ShouldBe(2);

        await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(null, Ct)).Single(), configuration, "ada", Why, Ct);
        (await EverythingAsync(ledger)).ShouldBe(before);
        (await ledger.ActsAsync(ben.ToString(), 10, Ct)).Select(a => a.Verb).ShouldBe(["unmerge", "merge"]);
    }

    [Fact]
    public async Task What_both_have_is_issued_once_and_comes_back_when_they_are_two()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"), Fact("ben", "C-1"));
        Guid ada = await OfAsync(ledger, "ada"), ben = await OfAsync(ledger, "ben");
        string[] before = await EverythingAsync(ledger);
        await Merging(ledger).MergeAsync(ben, ada, configuration, "ada", Why, Ct);
        (await ledger.IssuancesOfAsync(ada, Ct)).Select(i => (i.Subject == ada, i.State, i.Cause)).ShouldBe([(true, IssuanceState.Planned, null), (false, IssuanceState.Held, HoldCauses.SameAsAnother)], ignoreOrder: true);
        await TakeAsync(ledger, configuration, Fact("ben", "C-1", attempt: 2), Fact("ada", "C-1", attempt: 2));
        ClaimedIssuance claim = (await ledger.ClaimAsync(10, Lease, Ct)).Single();
        claim.Recipient.Email.ShouldBe("ada@example.com");
        await Planning(ledger, configuration, ada);
        (await ledger.IssuancesOfAsync(ada, Ct)).Count.ShouldBe(2);

        await ledger.ReleaseAsync([claim], Ct);
        await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(ben, Ct)).Single(), configuration, "ada", Why, Ct);
        (await EverythingAsync(ledger)).Where(l => l.StartsWith("one", StringComparison.Ordinal)).ShouldBe(before.Where(l => l.StartsWith("one", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_new_completion_of_merged_people_is_of_one_person_and_goes_with_its_owner_when_they_are_two_again()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-9"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"), Fact("ben", "C-1"));
        Guid ada = await OfAsync(ledger, "ada"), ben = await OfAsync(ledger, "ben");
        Completion both = Fact("ada", "C-5") with { Identifiers = [new("external_id", "ada"), new("sso_uid", "sso-ben")] };
        await TakeAsync(ledger, configuration, Fact("ben", "C-2") with { Identifiers = [new("external_id", "ben"), new("sso_uid", "sso-ben")] });
        await TakeAsync(ledger, configuration, both);
        (await ledger.HeldCompletionsAsync(PersonCauses.Ambiguous, 10, Ct)).Single().HoldSentence!.ShouldContain($"{ada}");
        await Merging(ledger).MergeAsync(ben, ada, configuration, "ada", Why, Ct);
        (await new HeldPeople(ledger, Time).MatchAsync(configuration, Ct)).Matched.ShouldBe(1);
        await TakeAsync(ledger, configuration, Fact("ben", "C-9"));
        (await ledger.CompletionsOfAsync(ada, Ct)).Select(c => c.Completion.Course.Key).Order().ShouldBe(["C-1", "C-1", "C-2", "C-5", "C-9"]);
        (await ledger.IssuancesOfAsync(ada, Ct)).Single().Definition.ShouldBe("one");
        await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(null, Ct)).Single(), configuration, "ada", Why, Ct);
        (await ledger.CompletionsOfAsync(ben, Ct)).Select(c => c.Completion.Course.Key).Order().ShouldBe(["C-1", "C-2", "C-9"]);
    }

    [Fact]
    public async Task A_merge_into_somebody_who_is_merged_further_is_taken_back_alone()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-9"));
        await TakeAsync(ledger, configuration, Fact("a", "C-1"), Fact("b", "C-1"), Fact("c", "C-1"));
        (Guid a, Guid b, Guid c) = (await OfAsync(ledger, "a"), await OfAsync(ledger, "b"), await OfAsync(ledger, "c"));
        await Merging(ledger).MergeAsync(a, b, configuration, "x", Why, Ct);
        await Merging(ledger).MergeAsync(b, c, configuration, "x", Why, Ct);
        (await OfAsync(ledger, "a"), await OfAsync(ledger, "b")).ShouldBe((c, c));
        await Should.ThrowAsync<PeopleException>(() => Merging(ledger).MergeAsync(a, c, configuration, "x", Why, Ct));
        await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(b, Ct)).Single(m => m.Merged == b), configuration, "x", Why, Ct);
        (await OfAsync(ledger, "a"), await OfAsync(ledger, "b"), await OfAsync(ledger, "c")).ShouldBe((b, b, c));
        await Merging(ledger).UnmergeAsync((await ledger.MergesAsync(null, Ct)).Single(), configuration, "x", Why, Ct);
        (await OfAsync(ledger, "a"), await OfAsync(ledger, "b")).ShouldBe((a, b));
    }

    [Fact]
    public async Task A_merge_that_was_not_committed_leaves_nothing()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"), Fact("ben", "C-1"));
        string[] before = await EverythingAsync(ledger);
        await using (IActTransaction transaction = await ledger.BeginActAsync(Ct))
        {
            (await transaction.MergeAsync(await OfAsync(ledger, "ben"), await OfAsync(ledger, "ada"), [], [], Ct)).ShouldBeTrue();
        }

        (await EverythingAsync(ledger)).ShouldBe(before);
        (await ledger.MergesAsync(null, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Plans_and_explanations_see_merged_people_as_one()
    {
        ILedger ledger = await OpenAsync();
        Configuration nothing = Rules();
        await TakeAsync(ledger, nothing, Fact("ada", "C-1"), Fact("ben", "C-2"), Fact("cy", "C-1"));
        Guid ada = await OfAsync(ledger, "ada"), ben = await OfAsync(ledger, "ben");
        await Merging(ledger).MergeAsync(ben, ada, nothing, "x", Why, Ct);
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        Guid last = (await reading.LastOfPageAsync(null, 10, Ct))!.Value;
        (await reading.PeopleAsync(null, last, Ct)).Select(p => p.History.Completions.Count).Order().ShouldBe([1, 2]);
        (await reading.PersonAsync(ben, Ct))!.History.Subject.ShouldBe(ada);

        // In parts, each person is read once, with everything, whatever part the merged one lies in.
        List<PlanPerson> parts = [];
        for (Guid? after = null; await reading.LastOfPageAsync(after, 1, Ct) is { } end; after = end)
        {
            parts.AddRange(await reading.PeopleAsync(after, end, Ct));
        }

        parts.Select(p => p.History.Completions.Count).Order().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_flood_of_new_people_is_held_until_somebody_lets_them_in()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1")) with { People = PeoplePolicy.Default with { NewPeople = new NewPeopleLimit { AtLeast = 3, Share = 0.5m } } };
        await TakeAsync(ledger, configuration, [.. Enumerable.Range(0, 10).Select(i => Fact($"old-{i}", "C-1"))]);
        Time.Advance(TimeSpan.FromDays(2));
        await TakeAsync(ledger, configuration, [.. Enumerable.Range(0, 3).Select(i => Fact($"joined-{i}", "C-1"))]);
        (await ledger.HeldCompletionsAsync(null, 100, Ct)).ShouldBeEmpty();

        await TakeAsync(ledger, configuration, [.. Enumerable.Range(0, 210).Select(i => Fact($"changed-{i}", "C-1")), Fact("old-1", "C-2")]);
        (await ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 1000, Ct)).Count.ShouldBe(210);
        (await ledger.TotalsAsync(Ct)).People.ShouldBe(13);

        // Also the next, however few, until somebody has looked.
        Time.Advance(TimeSpan.FromDays(2));
        await TakeAsync(ledger, configuration, Fact("late", "C-1"));
        (await ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 1000, Ct)).Count.ShouldBe(211);

        // All of it or nothing: an admission that breaks off before its act is recorded has let nobody in.
        string[] before = await EverythingAsync(ledger);
        await Should.ThrowAsync<TimeoutException>(() => new HeldPeople(ledger, Time).AdmitAsync("s", configuration, _ => throw new TimeoutException(), Ct));
        (await EverythingAsync(ledger)).ShouldBe(before);
        (await ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 1000, Ct)).Count.ShouldBe(211);
        await TakeAsync(ledger, configuration, Fact("later", "C-1"));
        (await ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 1000, Ct)).Count.ShouldBe(212);
        (await ledger.ActsAsync("s", 10, Ct)).ShouldBeEmpty();

        RematchCounts counts = await new SourceAdmission(new HeldPeople(ledger, Time)).AdmitAsync("s", configuration, "ada", Why, Ct);
        (counts.Matched, counts.Planned).ShouldBe((212, 212));
        (await ledger.ActsAsync("s", 10, Ct)).Single().ShouldSatisfyAllConditions(a => a.Verb.ShouldBe("admit"), a => a.Who.ShouldBe("ada"), a => a.Why.ShouldBe(Why), a => a.Detail.ShouldStartWith("212 of 212 held completions"));
        Time.Advance(TimeSpan.FromMinutes(1));
        await TakeAsync(ledger, configuration, Fact("next", "C-1"));
        (await ledger.HeldCompletionsAsync(null, 100, Ct)).ShouldBeEmpty();
        (await ledger.TotalsAsync(Ct)).People.ShouldBe(226);
    }

    [Fact]
    public async Task The_first_reading_of_a_source_brings_as_many_as_it_has()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1")) with { People = PeoplePolicy.Default with { NewPeople = new NewPeopleLimit { AtLeast = 1, Share = 0 } } };
        RunLease run = await BeginAsync(ledger);
        for (int page = 0; page < 3; page++)
        {
            SourcePage next = new() { Completions = [.. Enumerable.Range(0, 10).Select(i => Fact($"{page}-{i}", "C-1"))], Next = new Cursor($"{page}") };
            await Intake(ledger).TakeAsync(run, next, configuration, Ct);
        }

        await ledger.EndRunAsync(run, new RunEnd(), Ct);
        (await ledger.HeldCompletionsAsync(null, 100, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whom_the_directory_learns_to_know_gets_what_was_held()
    {
        ILedger ledger = await OpenAsync();
        Configuration without = Rules(Course("one", "C-1")) with { People = PeoplePolicy.Default with { MayCreateUnknown = false } };
        await TakeAsync(ledger, without, Fact("ada", "C-1"));
        (await ledger.HeldCompletionsAsync(PersonCauses.Unknown, 10, Ct)).Count.ShouldBe(1);
        Configuration with = without with { People = without.People with { Directory = Directory(Row("ada", "new@example.com", name: "Ada L.")) } };
        await KeepAsync(ledger, with);
        (await ledger.HeldCompletionsAsync(null, 10, Ct)).ShouldBeEmpty();
        ClaimedIssuance claim = (await ledger.ClaimAsync(10, Lease, Ct)).Single();
        (claim.Recipient.Name, claim.Recipient.Email).ShouldBe(("Ada L.", "new@example.com"));
    }

    [Fact]
    public async Task A_changed_address_follows_whether_the_platform_or_the_directory_tells_of_it()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1"), Course("two", "C-2"), Course("three", "C-3"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Recipient.Email.ShouldBe("ada@example.com");
        await TakeAsync(ledger, configuration, Fact("ada", "C-2") with { Identifiers = [new("external_id", "ada"), new("email", "married@example.com")] });
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Recipient.Email.ShouldBe("married@example.com");
        (await ledger.TotalsAsync(Ct)).People.ShouldBe(1);
        Configuration listed = configuration with { People = configuration.People with { Directory = Directory(Row("ada", "office@example.com")) } };
        await TakeAsync(ledger, listed, Fact("ada", "C-3"));
        (await ledger.ClaimAsync(10, Lease, Ct)).Single().Recipient.Email.ShouldBe("office@example.com");
    }

    [Fact]
    public async Task Consent_of_the_directory_releases_what_waits_for_it_and_its_refusal_keeps_it_back()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(setting: RuleBookSetting.Default with { ConsentRequiredBy = new HashSet<string> { "issuer" } }, Course("one", "C-1"), Course("two", "C-2"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single().Cause.ShouldBe(HoldCauses.ConsentMissing);
        await KeepAsync(ledger, With(Row("ada", "ada@example.com", true)));
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Single().State.ShouldBe(IssuanceState.Planned);
        await KeepAsync(ledger, With(Row("ada", "ada@example.com", false)));
        await TakeAsync(ledger, With(Row("ada", "ada@example.com", false)), Fact("ada", "C-2") with { ConsentGiven = true });
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Select(h => h.Issuance.Definition).ShouldBe(["one", "two"], ignoreOrder: true);

        // Gone from the directory, the refusal is gone, and what the platform says counts again: yes for the second, nothing for the first.
        await KeepAsync(ledger, With());
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single().Issuance.Definition.ShouldBe("one");

        Configuration With(params DirectoryEntry[] rows) => configuration with { People = configuration.People with { Directory = Directory(rows) } };
    }

    [Fact]
    public async Task Consent_that_is_taken_back_keeps_back_what_is_planned_but_not_what_may_have_left()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1"), Course("two", "C-2"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        await ledger.ClaimAsync(10, Lease, Ct);
        await TakeAsync(ledger, configuration, Fact("ada", "C-2"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1") with { ConsentGiven = false }, Fact("ada", "C-2") with { ConsentGiven = false });
        IReadOnlyList<IssuanceLine> lines = await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct);
        lines.OrderBy(l => l.Definition).Select(l => (l.Definition, l.State, l.Cause)).ShouldBe([("one", IssuanceState.Sent, null), ("two", IssuanceState.Held, HoldCauses.ConsentMissing)]);

        await TakeAsync(ledger, configuration, Fact("ada", "C-2") with { ConsentGiven = true });
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ApprovalLapse.Refuse, IssuanceState.Refused)]
    [InlineData(ApprovalLapse.Issue, IssuanceState.Planned)]
    public async Task An_approval_that_nobody_gave_in_time_settles_itself(ApprovalLapse then, IssuanceState state)
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1") with { Approval = new Approval("head") { Within = TimeSpan.FromDays(3), AfterThat = then } });
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        IssuanceLine held = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single().Issuance;
        held.SettleBy.ShouldBe(Start.AddDays(3));
        Time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(0);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(1);
        (await ledger.IssuanceAsync(held.Id, Ct))!.State.ShouldBe(state);
        (await ledger.ActsAsync(held.Id.ToString(), 10, Ct)).Single().Who.ShouldBe("credsync");
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task A_grade_that_drops_is_reviewed_after_its_time_of_grace_unless_it_is_put_right()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Scored("one") with { Grace = TimeSpan.FromDays(7) });
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90), Fact("ben", "C-1", percent: 90));
        await IssueAllAsync(ledger);
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 40), Fact("ben", "C-1", percent: 40));
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromDays(3));
        await TakeAsync(ledger, configuration, Fact("ben", "C-1", percent: 85));
        Time.Advance(TimeSpan.FromDays(4));
        HeldLine line = (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single();
        (line.Cause, line.IsReview, line.Issuance.Subject).ShouldBe((HoldCauses.RevocationReview, true, await OfAsync(ledger, "ada")));

        // Put right late, the question is taken back; and asked again when it drops again.
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90));
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 30));
        Time.Advance(TimeSpan.FromDays(7));
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Count.ShouldBe(1);
        (await ledger.IssuancesOfAsync(await OfAsync(ledger, "ada"), Ct)).Single().State.ShouldBe(IssuanceState.Issued);
    }

    [Fact]
    public async Task Where_the_policy_is_to_revoke_it_is_revoked_when_the_time_of_grace_is_over()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Scored("one") with { OnRevoked = RevocationPolicy.Revoke, Grace = TimeSpan.FromDays(2) });
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90));
        await IssueAllAsync(ledger);
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90) with { Status = CompletionStatus.Withdrawn });
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(0);
        Time.Advance(TimeSpan.FromDays(2));
        (await new Deadlines(ledger).SettleAsync(configuration, Ct)).ShouldBe(1);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_the_policy_is_to_keep_nothing_is_asked()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Scored("one") with { OnRevoked = RevocationPolicy.Keep });
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90));
        await IssueAllAsync(ledger);
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 10));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 10) with { Status = CompletionStatus.Withdrawn });
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_not_left_is_stopped_when_its_facts_go_and_comes_back_with_them()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Scored("one"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 90));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 40));
        (await ledger.HeldAsync(new HeldFilter(), 10, Ct)).Single().Cause.ShouldBe(HoldCauses.NoLongerEarned);
        (await ledger.ClaimAsync(10, Lease, Ct)).ShouldBeEmpty();
        await TakeAsync(ledger, configuration, Fact("ada", "C-1", percent: 95));
        (await ledger.ClaimAsync(10, Lease, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Old_runs_and_records_are_forgotten_and_nothing_else()
    {
        ILedger ledger = await OpenAsync();
        Configuration configuration = Rules(Course("one", "C-1"));
        await TakeAsync(ledger, configuration, Fact("ada", "C-1"));
        Time.Advance(TimeSpan.FromDays(500));
        await TakeAsync(ledger, configuration, Fact("ben", "C-1"));
        DateTimeOffset before = Time.GetUtcNow() - configuration.Retention.Runs;
        (await ledger.ForgetAsync(before, before, Ct)).ShouldBe(1);
        (await ledger.ForgetAsync(before, before, Ct)).ShouldBe(0);
        (await ledger.TotalsAsync(Ct)).Completions.ShouldBe(2);
    }

    [Fact]
    public async Task People_with_one_name_or_address_are_shown_as_perhaps_one()
    {
        ILedger ledger = await OpenAsync();
        await TakeAsync(ledger, Rules(), Fact("ada", "C-1") with { PersonName = "Ada Lovelace" }, Fact("ben", "C-1") with { PersonName = " ada LOVELACE" });
        (await ledger.LookAlikesAsync(10, Ct)).Single().People.Count.ShouldBe(2);
        (await ledger.CoursesSeenAsync(Ct)).ShouldBe([new SeenCourse("s", "C-1")]);
    }

    private async Task TakeAsync(ILedger ledger, Configuration configuration, params Completion[] completions)
    {
        RunLease run = await BeginAsync(ledger);
        await Intake(ledger).TakeAsync(run, new SourcePage { Completions = completions, Next = new Cursor($"page {++pagesTaken}") }, configuration, Ct);
        await ledger.EndRunAsync(run, new RunEnd(), Ct);
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    private CompletionIntake Intake(ILedger ledger) => new(ledger, new RuleBookRecord(ledger), Time);

    private PeopleMerge Merging(ILedger ledger) => new(ledger, Time);

    private async Task KeepAsync(ILedger ledger, Configuration configuration)
    {
        await new DirectoryUpdate(ledger, Time).ApplyAsync(configuration, Ct);
        await new HeldPeople(ledger, Time).MatchAsync(configuration, Ct);
    }

    private async Task Planning(ILedger ledger, Configuration configuration, Guid person)
    {
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        PersonPlan.Of(configuration.RuleBook, (await reading.PersonAsync(person, Ct))!, PlanScope.All, Time.GetUtcNow()).Effects.ShouldBeEmpty();
    }

    private async Task IssueAllAsync(ILedger ledger)
    {
        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(100, Lease, Ct);
        Guid[] ids = [.. claims.Select(c => c.Id)];
        await ledger.MarkSentAsync(claims, Ct);
        await ledger.CloseAsync([.. ids.Select(Issued)], Ct);
    }

    private async Task<Guid> OfAsync(ILedger ledger, string number) => (await ledger.FindPeopleAsync(number, Ct)).Single(p => p.Kinds.Contains("external_id")).Subject;

    // Every line of people, completions and issuances, in words.
    private async Task<string[]> EverythingAsync(ILedger ledger)
    {
        var lines = new List<string>();
        foreach (PersonHistory person in await ledger.HistoriesAfterAsync(null, 100, Ct))
        {
            lines.Add($"person {person.Subject}");
            lines.AddRange((await ledger.CompletionsOfAsync(person.Subject, Ct)).Select(c => $"completion {c.Completion.Key} of {c.Subject}"));
            lines.AddRange((await ledger.IssuancesOfAsync(person.Subject, Ct)).Select(i => $"{i.Definition} {i.Id} of {i.Subject}: {i.State} {i.Cause} {i.Sentence} {i.Reason} {i.EarnedAt:O} {i.PlannedAt:O} {i.RuleBookRevision} {i.SettleBy:O}"));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static Completion Fact(string person, string course, int attempt = 1, int? percent = null) => new()
    {
        Key = new CompletionKey("s", $"{person}|{course}|{attempt}"),
        Identifiers = [new PersonIdentifier("external_id", person), new PersonIdentifier("email", $"{person}@example.com")],
        PersonName = $"Person {person}",
        Course = new Course { Key = course },
        Status = CompletionStatus.Completed,
        CompletedAt = Start.AddDays(-1),
        Score = percent is { } p ? new Score { Scaled = p / 100m } : null,
    };

    private static DirectoryEntry Row(string number, string email, bool? consents = null, string? name = null) => new()
    {
        Id = new IdentifierKey("external_id", "", number),
        Keys = [new("external_id", "", number), new("email", "", email)],
        Email = email,
        PreferredName = name,
        Consents = consents is { } given ? [new ConsentFact("", given)] : [],
    };

    private static PeopleDirectory Directory(params DirectoryEntry[] rows) => new(rows, TimeZoneInfo.Utc);

    private static CredentialDefinition Course(string id, params string[] courses) => new()
    {
        Id = id, Name = id, Description = "d", Criteria = "c", Issuers = [new IssuerChoice("issuer", null)],
        Earn = courses.Length == 1 ? new CourseRule { Key = courses[0] } : new AllRule([.. courses.Select(c => new CourseRule { Key = c })]),
    };

    private static CredentialDefinition Scored(string id) => Course(id, "C-1") with { Earn = new CourseRule { Key = "C-1", Score = new ScoreCondition(ScoreComparison.AtLeast, 80, null) } };

    private static Configuration Rules(params CredentialDefinition[] definitions) => Rules(RuleBookSetting.Default, definitions);

    private static Configuration Rules(RuleBookSetting setting, params CredentialDefinition[] definitions) => new()
    {
        Organisation = new Organisation("Northwind", "UTC", Guid.Empty),
        People = PeoplePolicy.Default,
        Defaults = new Defaults(),
        Sources = [],
        Issuers = [],
        RuleBook = RuleBook.Create(definitions, setting),
        Tests = [],
    };
}
