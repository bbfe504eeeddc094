using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Operations;
using CredSync.Host.People;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Intake;

/// <summary>
/// The rules by which what platforms say becomes what is issued, numbered as docs/sources.md has them. Those that adapters keep (absence, explicit signals, windows: 5, 6 and 9) are
/// tested there as well, at each adapter.
/// </summary>
public sealed class StateRuleTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(Start);
    private SqliteDatabase database = null!;
    private SqliteLedger ledger = null!;
    private CompletionIntake intake = null!;
    private int pages;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(folder.File("ledger.db"));
        ledger = new SqliteLedger(database, time);
        await ledger.MigrateAsync(Ct);
        intake = new CompletionIntake(ledger, new RuleBookRecord(ledger), time);
    }

    public ValueTask DisposeAsync()
    {
        database.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rule_1_equal_content_under_the_same_key_changes_nothing()
    {
        (await TakeAsync(Fact("ada", 1))).New.ShouldBe(1);
        PageCounts again = await TakeAsync(Fact("ada", 1) with { SourceEventId = "another message" });
        (again.New, again.Revised, again.Unchanged, again.Planned).ShouldBe((0, 0, 1, 0));
        (await LineAsync("ada")).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_2_transitions_and_not_messages_drive_issuing()
    {
        (await TakeAsync(Fact("ada", 1))).Planned.ShouldBe(1);
        await IssueAsync();
        (await TakeAsync(Fact("ada", 1) with { SourceEventId = "passed, once more" })).Planned.ShouldBe(0);
        PageCounts amended = await TakeAsync(Fact("ada", 1) with { Score = new Score { Scaled = 0.9m } });
        (amended.Revised, amended.Planned).ShouldBe((1, 0));
        (await TakeAsync(Fact("ben", 2) with { Status = CompletionStatus.NotCompleted, CompletedAt = null })).Planned.ShouldBe(0);
        (await TakeAsync(Fact("ben", 2))).Planned.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_3_an_older_message_never_overwrites_a_newer_state_and_at_equal_times_a_revocation_wins()
    {
        Completion newer = Fact("ada", 1) with { Status = CompletionStatus.Revoked, SourceUpdatedAt = Start };
        await TakeAsync(newer);
        await TakeAsync(Fact("ada", 1) with { SourceUpdatedAt = Start.AddMinutes(-1) });
        (await LineAsync("ada")).Completion.Status.ShouldBe(CompletionStatus.Revoked);
        await TakeAsync(Fact("ada", 1) with { SourceUpdatedAt = Start });
        (await LineAsync("ada")).Completion.Status.ShouldBe(CompletionStatus.Revoked);
        await TakeAsync(Fact("ada", 1) with { SourceUpdatedAt = Start.AddMinutes(1) });
        (await LineAsync("ada")).Completion.Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task Rule_4_the_completion_time_is_the_earliest_of_the_most_exact_ones()
    {
        await TakeAsync(Fact("ada", 9) with { CompletedAtPrecision = TimePrecision.Observed });
        await TakeAsync(Fact("ada", 10) with { CompletedAtPrecision = TimePrecision.Date });
        (await LineAsync("ada")).Completion.CompletedAt.ShouldBe(Day(10));
        await TakeAsync(Fact("ada", 12) with { CompletedAtPrecision = TimePrecision.Instant });
        await TakeAsync(Fact("ada", 11) with { CompletedAtPrecision = TimePrecision.Instant });
        await TakeAsync(Fact("ada", 13) with { CompletedAtPrecision = TimePrecision.Instant });
        await TakeAsync(Fact("ada", 2) with { CompletedAtPrecision = TimePrecision.Date });
        (await LineAsync("ada")).Completion.CompletedAt.ShouldBe(Day(11));
        (await ledger.IssuancesInStateAsync(IssuanceState.Planned, 9, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rule_5_what_a_reading_does_not_show_any_more_stays_as_it_is()
    {
        await TakeAsync(Fact("ada", 1), Fact("ben", 2));
        await IssueAsync();
        for (int reading = 0; reading < 3; reading++)
        {
            time.Advance(TimeSpan.FromHours(25));
            await TakeAsync(Fact("ben", 2));
            await TakeAsync();
        }

        (await LineAsync("ada")).Completion.Status.ShouldBe(CompletionStatus.Completed);
        (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 9, Ct)).Count.ShouldBe(2);
        (await HoldsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_6_an_explicit_revocation_acts_at_once()
    {
        await TakeAsync(Fact("ada", 1));
        await TakeAsync(Fact("ada", 1) with { Status = CompletionStatus.Revoked, StatusReason = "certificate_unavailable" });
        (await LineAsync("ada")).Completion.Status.ShouldBe(CompletionStatus.Revoked);
        (await HoldsAsync()).ShouldContain(HoldCauses.NoLongerEarned);
        (await ledger.ClaimAsync(9, TimeSpan.FromMinutes(1), Ct)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("review", HoldCauses.RevocationReview)]
    [InlineData("revoke", HoldCauses.RevocationRequired)]
    [InlineData("keep", null)]
    public async Task Rule_7_a_withdrawal_is_not_a_revocation_but_a_proposal_as_the_definition_says(string policy, string? cause)
    {
        Configuration rules = Read($"on_revoked: {policy}");
        await TakeAsync(rules, Fact("ada", 1));
        await IssueAsync();
        await TakeAsync(rules, Fact("ada", 1) with { Status = CompletionStatus.Withdrawn, StatusReason = "certificate_notpassing" });
        (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 9, Ct)).Count.ShouldBe(1);
        (await HoldsAsync()).ShouldBe(cause is null ? [] : [cause]);
    }

    [Fact]
    public async Task Rule_7_what_is_withdrawn_while_it_waits_for_an_approval_cannot_be_approved_any_more()
    {
        Configuration rules = Read("approval: { by: head }");
        await TakeAsync(rules, Fact("ada", 1));
        HeldLine waiting = (await ledger.HeldAsync(new HeldFilter(), 9, Ct)).ShouldHaveSingleItem();
        await TakeAsync(rules, Fact("ada", 1) with { Status = CompletionStatus.Withdrawn });
        (await HoldsAsync()).ShouldBe([HoldCauses.NoLongerEarned]);
        (await HoldDesk.SettleAsync(ledger, rules.RuleBook, [waiting], new HoldWish(true, null, "bo", "seen"), Ct)).ShouldBe(0);
        (await ledger.ClaimAsync(9, TimeSpan.FromMinutes(1), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_8_a_new_attempt_is_a_new_fact_and_the_definition_decides_about_renewal()
    {
        Configuration once = Read("");
        Configuration renewed = Read("valid: { for: 3 months, renew_within: 2 months }");
        await TakeAsync(once, Fact("ada", 1));
        (await TakeAsync(once, Fact("ada", 1, attempt: 2) with { CompletedAt = Day(40) })).Planned.ShouldBe(0);
        await TakeAsync(renewed, Fact("ben", 70));
        (await TakeAsync(renewed, Fact("ben", 70, attempt: 2) with { CompletedAt = Day(110) })).Planned.ShouldBe(1);
        (await ledger.TotalsAsync(Ct)).Completions.ShouldBe(4);
    }

    [Fact]
    public async Task Rule_9_a_page_that_was_not_stored_does_not_move_the_cursor()
    {
        await TakeAsync(Fact("ada", 1));
        RunLease lost = await BeginAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        RunLease other = await BeginAsync(new LeaseOwner("another machine", 1, 1));
        await Should.ThrowAsync<LeaseLostException>(() => intake.TakeAsync(lost, new SourcePage { Completions = [Fact("ben", 2)], Next = new Cursor("lost") }, Read(""), Ct));
        (await ledger.SourcesAsync(Ct)).Single().Cursor.ShouldBe(new Cursor("1"));
        other.Since.ShouldBe(new Cursor("1"));
        (await ledger.CompletionAsync(Fact("ben", 2).Key, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Rule_10_a_completion_that_nobody_asks_for_is_kept_and_counts_once_a_rule_names_it()
    {
        Configuration without = Read("", course: "OTHER-1");
        (await TakeAsync(without, Fact("ada", 1))).Planned.ShouldBe(0);
        PersonHistory history = (await ledger.HistoriesAfterAsync(null, 9, Ct)).Single();
        Read("").RuleBook.Decide(history, Start).OfType<Decision.Issue>().ShouldHaveSingleItem().Award.EarnedAt.ShouldBe(Day(1));
    }

    [Fact]
    public async Task Rule_10_a_completion_of_somebody_unknown_is_kept_and_counts_once_they_are_known()
    {
        Configuration listedOnly = Read("", unknown: "hold");
        PageCounts counts = await TakeAsync(listedOnly, Fact("ada", 1));
        (counts.Held, counts.Planned).ShouldBe((1, 0));
        (await LineAsync("ada")).Subject.ShouldBeNull();
        RematchCounts matched = await new HeldPeople(ledger, time).MatchAsync(Read(""), Ct);
        (matched.Matched, matched.Planned).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Rule_11_identity_goes_from_the_strongest_identifier_to_a_verified_address_and_asks_when_they_contradict()
    {
        await TakeAsync(Fact("ada", 1), Fact("ben", 2));
        Guid ada = (await LineAsync("ada")).Subject!.Value;
        Completion By(params PersonIdentifier[] identifiers) => Fact("x" + (++pages), 3) with { Identifiers = identifiers };
        Completion byNumber = By(new(IdentifierKinds.ExternalId, "ADA"), new(IdentifierKinds.Email, "ben@example.com", Verified: true));
        Completion byAddress = By(new PersonIdentifier(IdentifierKinds.Email, " Ada@Example.com ", Verified: true));
        Completion byDots = By(new PersonIdentifier(IdentifierKinds.Email, "a.da+x@example.com", Verified: true));
        Completion unproven = By(new PersonIdentifier(IdentifierKinds.Email, "ben@example.com", Verified: false));
        Completion torn = By(new(IdentifierKinds.ExternalId, "ada"), new(IdentifierKinds.LmsUserId, "ben"));
        await TakeAsync(byNumber, byAddress, byDots, unproven, torn);
        (await ledger.CompletionAsync(byNumber.Key, Ct))!.Subject.ShouldBe(ada);
        (await ledger.CompletionAsync(byAddress.Key, Ct))!.Subject.ShouldBe(ada);
        (await ledger.CompletionAsync(byDots.Key, Ct))!.Subject.ShouldNotBe(ada);
        (await ledger.CompletionAsync(unproven.Key, Ct))!.Subject.ShouldBeNull();
        (await ledger.CompletionAsync(torn.Key, Ct))!.HoldCause.ShouldBe("person-ambiguous");
    }

    [Fact]
    public async Task Rule_12_without_consent_nothing_is_issued_and_a_deleted_account_keeps_what_it_has()
    {
        await TakeAsync(Fact("ada", 1) with { ConsentGiven = false });
        (await HoldsAsync()).ShouldBe([HoldCauses.ConsentMissing]);
        await TakeAsync(Fact("ada", 1) with { ConsentGiven = true });
        await IssueAsync();
        // Retired: the platform shows the bare number and says no more of the person.
        await TakeAsync(Fact("ada", 1) with { Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, "ada")], PersonName = null });
        (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 9, Ct)).Count.ShouldBe(1);
        (await LineAsync("ada")).Completion.PersonName.ShouldBe("Person ada");
    }

    private Task<PageCounts> TakeAsync(params Completion[] completions) => TakeAsync(Read(""), completions);

    private async Task<PageCounts> TakeAsync(Configuration rules, params Completion[] completions)
    {
        RunLease run = await BeginAsync();
        PageCounts counts = await intake.TakeAsync(run, new SourcePage { Completions = completions, Next = new Cursor($"{++pages}") }, rules, Ct);
        await ledger.EndRunAsync(run, new RunEnd(), Ct);
        return counts;
    }

    private async Task<RunLease> BeginAsync(LeaseOwner? owner = null)
    {
        await ledger.EnsureSourcesAsync(["moodle"], Ct);
        return (await ledger.TryBeginRunAsync("moodle", owner ?? LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
    }

    private async Task IssueAsync()
    {
        IReadOnlyList<ClaimedIssuance> claimed = await ledger.ClaimAsync(100, TimeSpan.FromMinutes(1), Ct);
        await ledger.MarkSentAsync(claimed, Ct);
        await ledger.CloseAsync([.. claimed.Select(c => new IssuanceOutcome { Id = c.Id, State = IssuanceState.Issued, At = time.GetUtcNow(), CredentialId = "urn:x" })], Ct);
    }

    private async Task<CompletionLine> LineAsync(string person) => (await ledger.CompletionAsync(Fact(person, 1).Key, Ct))!;

    private async Task<IReadOnlyList<string?>> HoldsAsync() => [.. (await ledger.HeldAsync(new HeldFilter(), 100, Ct)).Select(h => h.Cause)];

    private static Completion Fact(string person, int day, int attempt = 1) => new()
    {
        Key = new CompletionKey("moodle", $"{person}|SAFETY-101|{attempt}"),
        Identifiers =
        [
            new PersonIdentifier(IdentifierKinds.ExternalId, person), new PersonIdentifier(IdentifierKinds.LmsUserId, person),
            new PersonIdentifier(IdentifierKinds.Email, $"{person}@example.com", Verified: true),
        ],
        PersonName = $"Person {person}",
        Course = new Course { Key = "SAFETY-101", Title = "Safety" },
        Status = CompletionStatus.Completed,
        CompletedAt = Day(day),
        CompletedAtPrecision = TimePrecision.Derived,
    };

    private static DateTimeOffset Day(int day) => new DateTimeOffset(2025, 11, 1, 12, 0, 0, TimeSpan.Zero).AddDays(day);

    private static Configuration Read(string more, string course = "SAFETY-101", string unknown = "create")
    {
        ConfigurationFile[] files =
        [
            new("credsync.yaml", "organisation: { name: Test, namespace: test.example, time_zone: UTC }"),
            new("people.yaml", $"match: [external_id, sso_uid, lms_user_id, email]\nunknown: {unknown}\nemail: verified\n"),
            new("sources/moodle.yaml", "source: moodle\nadapter: play\nevery: 5m"),
            new("issuers/press.yaml", "issuer: press\nadapter: play"),
            new("credentials/single.yaml", $"credential: single\nname: Single\ndescription: A credential.\ncriteria: Do it.\nissue: {{ by: press }}\n{more}\nearn:\n  course: {{ key: {course} }}\n"),
        ];
        var adapters = new AdapterCatalogue(
            [new SourceAdapter("play", "A play source.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())],
            [new IssuerAdapter("play", "A play issuer.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException()) { Revokes = true }]);
        ConfigurationResult result = ConfigurationReader.Read(files, adapters, r => new Secret(r, () => ""), new Dictionary<string, string>());
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings));
    }

    private sealed class NoOptions;
}
