using System.Text;
using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Issue;

/// <summary>Each issuance id is minted at most once in effect, whatever is repeated, killed or unanswered.</summary>
public sealed class IssueDeskTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, 123, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(Start);
    private readonly List<SqliteDatabase> databases = [];
    private readonly DocumentPublishing publishing = NoDocuments.Publishing;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        publishing.Dispose();
        databases.ForEach(d => d.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task A_command_is_minted_and_answered_with_the_issue_date_in_whole_seconds()
    {
        var issuer = new Mint();
        object answer = (await HandleAsync(issuer, Command(1))).Single();
        answer.ShouldBe(new CredentialIssued { IssuanceId = Id(1), Issuer = "mint", CredentialId = $"urn:{Id(1)}", IssuedAt = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero) });
        File.ReadAllText(folder.File($"badges/badge/{Id(1)}.json")).ShouldBe($"minted {Id(1)} at 2026-03-01T09:00:00");
    }

    [Fact]
    public async Task A_repeated_command_repeats_the_stored_answer_and_mints_nothing()
    {
        var issuer = new Mint();
        object first = (await HandleAsync(issuer, Command(1))).Single();
        time.Advance(TimeSpan.FromDays(1));
        object second = (await HandleAsync(issuer, Command(1))).Single();
        second.ShouldBe(first);
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_id_twice_in_one_batch_is_minted_once()
    {
        var issuer = new Mint();
        (await HandleAsync(issuer, Command(1), Command(1))).Count.ShouldBe(1);
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task One_refusal_does_not_harm_its_neighbours()
    {
        var issuer = new Mint { Fail = id => id == Id(2) ? new IssuerException(FaultKind.Rejected, "template-gone", "The template is gone.") : null };
        IReadOnlyList<object> answers = await HandleAsync(issuer, Command(1), Command(2), Command(3));
        answers.OfType<CredentialIssued>().Select(a => a.IssuanceId).ShouldBe([Id(1), Id(3)], ignoreOrder: true);
        CredentialRefused refused = answers.OfType<CredentialRefused>().Single();
        (refused.IssuanceId, refused.Kind, refused.Cause).ShouldBe((Id(2), FaultKind.Rejected, "template-gone"));
    }

    [Fact]
    public async Task After_an_outage_the_next_attempt_mints_with_a_fresh_issue_date()
    {
        var issuer = new Mint { Fail = _ => new IssuerException(FaultKind.Outage, "away", "It is away.") };
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>().Kind.ShouldBe(FaultKind.Outage);
        time.Advance(TimeSpan.FromHours(1));
        issuer.Fail = _ => null;
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>().IssuedAt.ShouldBe(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_attempt_that_died_is_repeated_with_its_own_issue_date_when_repeating_is_safe()
    {
        await DieWhileMintingAsync();
        time.Advance(TimeSpan.FromHours(1));
        var issuer = new Mint { Capabilities = new IssuerCapabilities { RepeatsSafely = true } };
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>().IssuedAt.ShouldBe(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_attempt_that_died_is_looked_up_and_adopted_when_the_issuer_has_it()
    {
        await DieAndBeSeenAsync();
        var issuer = new LookupMint { Found = Credential(Id(1), Start) };
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>().CredentialId.ShouldBe($"urn:{Id(1)}");
        issuer.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task An_attempt_that_died_is_minted_when_the_issuer_is_certain_that_it_has_none()
    {
        await DieAndBeSeenAsync();
        var issuer = new LookupMint();
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_died_is_in_doubt_when_nobody_can_be_asked_and_is_never_minted_on_a_guess()
    {
        await DieWhileMintingAsync();
        var issuer = new Mint();
        for (int i = 0; i < 3; i++)
        {
            (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>().Kind.ShouldBe(FaultKind.InDoubt);
        }

        issuer.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_time_out_after_the_request_left_is_looked_up_later_and_minted_again_by_nobody()
    {
        var issuer = new LookupMint { Fail = _ => new IssuerException(FaultKind.InDoubt, "timed-out", "No answer came.") };
        CredentialRefused refused = (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>();
        (refused.Kind, refused.Cause, refused.RetryAfter).ShouldBe((FaultKind.Outage, "timed-out", TimeSpan.FromSeconds(30)), "the ledger sends it again by itself, once the mint cannot be under way any more");

        // A copy that comes sooner finds nothing at the issuer yet: it is neither looked up nor minted.
        time.Advance(TimeSpan.FromSeconds(29));
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>().RetryAfter!.Value.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        issuer.Found = Credential(Id(1), Start);
        time.Advance(TimeSpan.FromSeconds(1));
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_that_is_told_twice_does_not_touch_a_line_that_another_worker_has_taken_up_meanwhile()
    {
        SqliteIssueJournal here = await JournalAsync(new LeaseOwner("here", 1, 1)), there = await JournalAsync(new LeaseOwner("there", 2, 2));
        var failure = new JournalFailure(Id(1), InDoubt: false, "away", "It is away.");
        await here.BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct);
        await here.FailAsync([failure], Ct);
        (await there.BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct)).Single().State.ShouldBe(JournalState.Begun);
        await here.FailAsync([failure], Ct);
        (await here.BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct)).Single().State.ShouldBe(JournalState.Busy);
    }

    [Theory]
    [InlineData(FaultKind.Outage, FaultKind.Outage)]
    [InlineData(FaultKind.Unauthorized, FaultKind.Unauthorized)]
    [InlineData(FaultKind.Rejected, FaultKind.InDoubt)]
    public async Task A_look_up_that_fails_leaves_the_doubt_and_nothing_is_minted_on_a_guess(FaultKind ofLookUp, FaultKind told)
    {
        await DieAndBeSeenAsync();
        var issuer = new LookupMint { LookupFails = new IssuerException(ofLookUp, "look-up-failed", "It did not answer.") };
        for (int i = 0; i < 3; i++)
        {
            (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>().Kind.ShouldBe(told);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        (issuer.LookupFails, issuer.Found) = (null, Credential(Id(1), Start));
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_stops_in_the_middle_of_a_message_keeps_what_it_minted_and_leaves_no_doubt_about_the_rest()
    {
        using var stop = new CancellationTokenSource();
        var issuer = new Mint { OnCall = () => stop.Cancel() };
        SqliteIssueJournal journal = await JournalAsync(new LeaseOwner("here", 1, 1));
        IssueDesk desk = Desk(issuer, journal);
        await Should.ThrowAsync<OperationCanceledException>(() => desk.HandleAsync([Command(1), Command(2)], stop.Token));
        (await journal.FindAsync(Id(1), Ct)).ShouldNotBeNull();
        IReadOnlyList<JournalOpening> openings = await (await JournalAsync(new LeaseOwner("elsewhere", 2, 2))).BeginAsync([new JournalRequest(Id(1), "mint"), new JournalRequest(Id(2), "mint")], TimeSpan.FromMinutes(5), Ct);
        openings.Select(o => o.State).ShouldBe([JournalState.Finished, JournalState.Begun]);
    }

    [Fact]
    public async Task A_time_out_at_an_issuer_that_cannot_be_asked_is_for_a_person()
    {
        var issuer = new Mint { Fail = _ => new IssuerException(FaultKind.InDoubt, "timed-out", "No answer came.") };
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>().Kind.ShouldBe(FaultKind.InDoubt);
    }

    [Fact]
    public async Task A_slow_issuer_is_not_asked_for_lines_whose_lease_may_be_over_by_then()
    {
        var issuer = new Mint();
        issuer.Fail = _ =>
        {
            time.Advance(TimeSpan.FromMinutes(3));
            return null;
        };
        IReadOnlyList<object> answers = await HandleAsync(issuer, Command(1), Command(2));
        answers.OfType<CredentialIssued>().ShouldHaveSingleItem();
        CredentialRefused later = answers.OfType<CredentialRefused>().ShouldHaveSingleItem();
        (later.Kind, later.Cause).ShouldBe((FaultKind.Outage, "issuer-slow"));
        issuer.Calls.ShouldBe(1);
        issuer.Fail = _ => null;
        (await HandleAsync(issuer, Command(2))).Single().ShouldBeOfType<CredentialIssued>();
    }

    [Fact]
    public async Task An_adapter_that_throws_something_unforeseen_leaves_its_issuance_in_doubt()
    {
        var issuer = new Mint { Fail = _ => new InvalidOperationException("oops with a.person@example.com") };
        CredentialRefused refused = (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>();
        (refused.Kind, refused.Cause).ShouldBe((FaultKind.InDoubt, "issuer-defect"));
        refused.Reason.ShouldNotContain("example.com");
    }

    [Fact]
    public async Task While_another_worker_is_minting_a_copy_of_the_command_is_put_off_until_that_ones_lease_is_over()
    {
        SqliteIssueJournal journal = await JournalAsync(new LeaseOwner("another-machine", 7, 42));
        await journal.BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct);
        var issuer = new Mint { Capabilities = new IssuerCapabilities { RepeatsSafely = true } };
        CredentialRefused refused = (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialRefused>();
        (refused.Kind, refused.RetryAfter).ShouldBe((FaultKind.Outage, TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1)));
        time.Advance(refused.RetryAfter!.Value);
        (await HandleAsync(issuer, Command(1))).Single().ShouldBeOfType<CredentialIssued>();
    }

    [Fact]
    public async Task A_journal_that_is_away_after_minting_is_waited_for_and_the_credential_is_kept()
    {
        var issuer = new Mint();
        var journal = new FlakyJournal(await JournalAsync(LocalProcess.Self)) { FinishFails = 1 };
        Task<IReadOnlyList<object>> handling = Desk(issuer, journal).HandleAsync([Command(1)], Ct);
        while (!handling.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await handling).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_beginning_whose_answer_was_lost_is_no_doubt_because_the_issuer_was_not_asked()
    {
        var issuer = new Mint();
        var journal = new FlakyJournal(await JournalAsync(LocalProcess.Self)) { BeginAnswersLost = 1 };
        IssueDesk desk = Desk(issuer, journal);
        await Should.ThrowAsync<StorageException>(() => desk.HandleAsync([Command(1)], Ct));
        (await desk.HandleAsync([Command(1)], Ct)).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_beginning_whose_answer_was_lost_does_not_settle_the_doubt_about_an_attempt_that_died_before_it()
    {
        await DieAndBeSeenAsync();
        var issuer = new LookupMint { Found = Credential(Id(1), Start) };
        var journal = new FlakyJournal(await JournalAsync(LocalProcess.Self)) { BeginAnswersLost = 1 };
        IssueDesk desk = Desk(issuer, journal);
        await Should.ThrowAsync<StorageException>(() => desk.HandleAsync([Command(1)], Ct));
        (await desk.HandleAsync([Command(1)], Ct)).Single().ShouldBeOfType<CredentialIssued>().CredentialId.ShouldBe($"urn:{Id(1)}");
        issuer.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task What_this_worker_asked_for_and_gave_up_on_is_looked_up_only_when_it_has_had_time_to_arrive()
    {
        using var stop = new CancellationTokenSource();
        var issuer = new LookupMint { OnCall = stop.Cancel, Fail = _ => new OperationCanceledException(stop.Token) };
        IssueDesk desk = Desk(issuer, await JournalAsync(LocalProcess.Self));
        await Should.ThrowAsync<OperationCanceledException>(() => desk.HandleAsync([Command(1)], stop.Token));
        CredentialRefused soon = (await desk.HandleAsync([Command(1)], Ct)).Single().ShouldBeOfType<CredentialRefused>();
        (soon.Kind, soon.RetryAfter).ShouldBe((FaultKind.Outage, TimeSpan.FromSeconds(31)));

        issuer.Found = Credential(Id(1), Start);
        time.Advance(soon.RetryAfter!.Value);
        (await desk.HandleAsync([Command(1)], Ct)).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_copy_that_comes_while_the_first_is_being_minted_is_dropped()
    {
        var gate = new TaskCompletionSource();
        var issuer = new Mint { Gate = gate.Task };
        IssueDesk desk = Desk(issuer, await JournalAsync(LocalProcess.Self));
        Task<IReadOnlyList<object>> first = desk.HandleAsync([Command(1)], Ct);
        (await desk.HandleAsync([Command(1)], Ct)).ShouldBeEmpty();
        gate.SetResult();
        (await first).Single().ShouldBeOfType<CredentialIssued>();
        issuer.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task An_issuer_that_is_not_configured_here_is_named()
    {
        CredentialRefused refused = (await HandleAsync(new Mint(), Command(1) with { Issuer = "nobody" })).Single().ShouldBeOfType<CredentialRefused>();
        (refused.Kind, refused.Cause).ShouldBe((FaultKind.Misconfigured, "issuer-unknown"));
        refused.Reason.ShouldContain("'nobody'");
    }

    [Fact]
    public async Task Files_that_are_missing_after_a_crash_are_written_when_the_command_comes_again()
    {
        var issuer = new Mint();
        await HandleAsync(issuer, Command(1));
        File.Delete(folder.File($"badges/badge/{Id(1)}.json"));
        await HandleAsync(issuer, Command(1));
        File.Exists(folder.File($"badges/badge/{Id(1)}.json")).ShouldBeTrue();
    }

    // The state that SIGKILL leaves between the journal's two writes.
    private async Task DieWhileMintingAsync()
    {
        SqliteIssueJournal journal = await JournalAsync(LocalProcess.Self with { ProcessStart = LocalProcess.Self.ProcessStart - TimeSpan.TicksPerDay });
        (await journal.BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct)).Single().State.ShouldBe(JournalState.Begun);

    }

    // Its death was seen by an issuer's worker that can look up; long enough ago for whatever it asked to have arrived.
    private async Task DieAndBeSeenAsync()
    {
        await DieWhileMintingAsync();
        var unheard = new LookupMint();
        (await HandleAsync(unheard, Command(1))).Single().ShouldBeOfType<CredentialRefused>().Cause.ShouldBe("another-worker-mints");
        unheard.Calls.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Two_workers_that_sign_the_same_at_once_answer_with_what_was_stored_first()
    {
        var gate = new TaskCompletionSource();
        SqliteIssueJournal here = await JournalAsync(LocalProcess.Self), there = await JournalAsync(new LeaseOwner("elsewhere", 2, 2));
        Task<IReadOnlyList<object>> slow = Desk(new Mint { Capabilities = NoTrace, Gate = gate.Task }, here).HandleAsync([Command(1)], Ct);
        time.Advance(TimeSpan.FromSeconds(10));
        var first = (CredentialIssued)(await Desk(new Mint { Capabilities = NoTrace }, there).HandleAsync([Command(1)], Ct)).Single();
        gate.SetResult();
        var second = (CredentialIssued)(await slow).Single();
        (second.IssuedAt, second.CredentialId).ShouldBe((first.IssuedAt, first.CredentialId));
        (await here.FindAsync(Id(1), Ct))!.IssuedAt.ShouldBe(first.IssuedAt);
    }

    [Fact]
    public async Task An_issuer_that_leaves_no_trace_is_not_noted_before_it_is_asked()
    {
        SqliteIssueJournal journal = await JournalAsync(LocalProcess.Self);
        var mint = new Mint { Capabilities = NoTrace, Fail = _ => new InvalidOperationException("It broke.") };
        ((CredentialRefused)(await Desk(mint, journal).HandleAsync([Command(1)], Ct)).Single()).Kind.ShouldBe(FaultKind.Rejected);
        (await (await JournalAsync(new LeaseOwner("elsewhere", 2, 2))).BeginAsync([new JournalRequest(Id(1), "mint")], TimeSpan.FromMinutes(5), Ct)).Single().State.ShouldBe(JournalState.Begun);
    }

    private static IssuerCapabilities NoTrace => new() { RepeatsSafely = true, LeavesNoTrace = true };

    private async Task<IReadOnlyList<object>> HandleAsync(ICredentialIssuer issuer, params IssueCredential[] commands)
    {
        IssueDesk desk = Desk(issuer, await JournalAsync(LocalProcess.Self));
        return await desk.HandleAsync(commands, Ct);
    }

    private IssueDesk Desk(ICredentialIssuer issuer, IIssueJournal journal) => new(
        journal, new IssuerRegistry(new Dictionary<string, ICredentialIssuer> { ["mint"] = issuer }), new CredentialFiles(folder.File("badges")), publishing, time, NullLogger<IssueDesk>.Instance);

    private async Task<SqliteIssueJournal> JournalAsync(LeaseOwner owner)
    {
        var database = new SqliteDatabase(folder.File("journal.db"));
        databases.Add(database);
        var journal = new SqliteIssueJournal(database, owner, time);
        await journal.MigrateAsync(Ct);
        return journal;
    }

    private static Guid Id(int number) => NameBasedUuid.Create(Guid.Empty, $"{number}");

    private static IssueCredential Command(int number) => new()
    {
        IssuanceId = Id(number),
        Issuer = "mint",
        Credential = new CredentialFacts { Id = "badge", Name = "Badge", Description = "A badge.", Criteria = "Finish it." },
        Recipient = new Recipient { SubjectId = Id(number + 1000), Name = "A Person", Email = "a.person@example.com" },
        Award = new AwardFacts { EarnedAt = Start.AddDays(-3) },
    };

    private static IssuedCredential Credential(Guid id, DateTimeOffset at) => new()
    {
        CredentialId = $"urn:{id}",
        IssuedAt = at,
        Documents = [new CredentialDocument("application/json", "json", Encoding.UTF8.GetBytes($"minted {id} at {at:yyyy-MM-ddTHH:mm:ss}"))],
    };

    private class Mint : ICredentialIssuer
    {
        public IssuerCapabilities Capabilities { get; init; } = new();

        public Func<Guid, Exception?> Fail { get; set; } = _ => null;

        public Task Gate { get; init; } = Task.CompletedTask;

        public Action OnCall { get; init; } = static () => { };

        public int Calls { get; private set; }

        public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
        {
            Calls++;
            OnCall();
            await Gate;
            return Fail(request.IssuanceId) is { } fault ? throw fault : Credential(request.IssuanceId, request.IssuedAt);
        }
    }

    private sealed class LookupMint : Mint, ICredentialLookup
    {
        public IssuedCredential? Found { get; set; }

        public IssuerException? LookupFails { get; set; }

        public Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct) => LookupFails is { } fault ? Task.FromException<IssuedCredential?>(fault) : Task.FromResult(Found);
    }

    // A journal whose database goes away at the worst moments.
    private sealed class FlakyJournal(IIssueJournal journal) : IIssueJournal
    {
        public int BeginAnswersLost { get; set; }

        public int FinishFails { get; set; }

        public Task MigrateAsync(CancellationToken ct) => journal.MigrateAsync(ct);

        public async Task<IReadOnlyList<JournalOpening>> BeginAsync(IReadOnlyList<JournalRequest> requests, TimeSpan lease, CancellationToken ct)
        {
            IReadOnlyList<JournalOpening> openings = await journal.BeginAsync(requests, lease, ct);
            return BeginAnswersLost-- > 0 ? throw new StorageException("It is away.") : openings;
        }

        public Task<IReadOnlyDictionary<Guid, IssuedCredential?>> FinishAsync(IReadOnlyList<JournalFinish> finished, CancellationToken ct) =>
            FinishFails-- > 0 ? throw new StorageException("It is away.") : journal.FinishAsync(finished, ct);

        public Task FailAsync(IReadOnlyList<JournalFailure> failures, CancellationToken ct) => journal.FailAsync(failures, ct);

        public Task<IssuedCredential?> FindAsync(Guid issuance, CancellationToken ct) => journal.FindAsync(issuance, ct);

        public Task<IReadOnlyList<JournalEntry>> ListAsync(string issuer, Guid? after, int limit, CancellationToken ct) => journal.ListAsync(issuer, after, limit, ct);

        public Task ReopenAsync(Guid issuance, string reason, CancellationToken ct) => journal.ReopenAsync(issuance, reason, ct);

        public Task TakeOverAsync(Guid issuance, string issuer, IssuedCredential credential, CancellationToken ct) => journal.TakeOverAsync(issuance, issuer, credential, ct);
    }
}
