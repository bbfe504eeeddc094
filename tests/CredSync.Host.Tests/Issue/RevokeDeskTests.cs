using CredSync.Host.Issue;
using CredSync.Host.Outcome;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Issue;

/// <summary>A credential is taken back at its issuer, whatever is repeated, killed or unanswered.</summary>
public sealed class RevokeDeskTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(Start);
    private SqliteDatabase database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(folder.File("journal.db"));
        await new SqliteIssueJournal(database, LocalProcess.Self, time).MigrateAsync(Ct);
    }

    public ValueTask DisposeAsync()
    {
        database.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_command_is_asked_of_the_issuer_published_and_answered()
    {
        var issuer = new Mint();
        (await HandleAsync(issuer, Command(1))).Single().ShouldBe(new CredentialRevoked { IssuanceId = Id(1), Issuer = "mint", RevokedAt = Start });
        issuer.Asked.Single().ShouldBe(new RevocationRequest { IssuanceId = Id(1), CredentialId = "urn:1", Reason = "Wrong.", RevokedAt = Start });
        issuer.Published.ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_command_repeats_the_answer_with_its_first_date_and_asks_nobody()
    {
        var issuer = new Mint();
        await HandleAsync(issuer, Command(1), Command(1));
        IReadOnlyList<object> again = await HandleAsync(issuer, Command(1) with { RevokedAt = Start.AddDays(1), Reason = "Another." });
        again.Single().ShouldBeOfType<CredentialRevoked>().RevokedAt.ShouldBe(Start);
        issuer.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_died_is_made_again_with_the_same_date_and_reason()
    {
        // The state that SIGKILL leaves between the two notes.
        await new SqliteIssuerStore(database, time).NoteRevocationsAsync(
            [new RevocationNote { Issuance = Id(1), Issuer = "mint", CredentialId = "urn:1", Reason = "Wrong.", RevokedAt = Start }], Ct);
        var issuer = new Mint();
        await HandleAsync(issuer, Command(1) with { RevokedAt = Start.AddDays(1), Reason = "Another." });
        (issuer.Asked.Single().RevokedAt, issuer.Asked.Single().Reason).ShouldBe((Start, "Wrong."));
    }

    [Fact]
    public async Task One_refusal_does_not_harm_its_neighbours()
    {
        var issuer = new Mint { Fail = r => r.IssuanceId == Id(2) ? new IssuerException(FaultKind.Outage, "away", "It is away.", TimeSpan.FromSeconds(7)) : null };
        IReadOnlyList<object> answers = await HandleAsync(issuer, Command(1), Command(2), Command(3));
        answers.OfType<CredentialRevoked>().Select(a => a.IssuanceId).ShouldBe([Id(1), Id(3)]);
        RevocationRefused refused = answers.OfType<RevocationRefused>().Single();
        RevocationOutcome outcome = OutcomeDesk.Of(refused, 1);
        (outcome.State, outcome.NotBefore, outcome.Cause).ShouldBe((RevocationState.Planned, Start.AddSeconds(7), "away"));
        issuer.Fail = _ => null;
        (await HandleAsync(issuer, Command(2))).Single().ShouldBeOfType<CredentialRevoked>();
    }

    [Fact]
    public async Task An_issuer_without_the_power_leaves_the_revocation_to_a_person()
    {
        RevocationRefused refused = (await HandleAsync(new NoPower(), Command(1))).Single().ShouldBeOfType<RevocationRefused>();
        (refused.Cause, OutcomeDesk.Of(refused, 1).State).ShouldBe((RevokeDesk.CannotRevoke, RevocationState.Held));
        refused.Reason.ShouldContain("--by-hand");
        OutcomeDesk.CannotRevoke.ShouldBe(RevokeDesk.CannotRevoke);
    }

    [Fact]
    public async Task A_defect_of_an_issuer_is_tried_again_later()
    {
        RevocationRefused refused = (await HandleAsync(new Mint { Fail = _ => new InvalidOperationException("ada@example.com") }, Command(1))).Single().ShouldBeOfType<RevocationRefused>();
        refused.Reason.ShouldNotContain("ada");
        OutcomeDesk.Of(refused, 1).State.ShouldBe(RevocationState.Planned);
    }

    [Fact]
    public async Task An_unknown_issuer_is_a_refusal_that_waits()
    {
        RevocationRefused refused = (await HandleAsync(new Mint(), Command(1) with { Issuer = "other" })).Single().ShouldBeOfType<RevocationRefused>();
        (refused.Cause, OutcomeDesk.Of(refused, 1).State).ShouldBe(("issuer-unknown", RevocationState.Planned));
    }

    private async Task<IReadOnlyList<object>> HandleAsync(ICredentialIssuer issuer, params RevokeCredential[] commands)
    {
        var store = new SqliteIssuerStore(database, time);
        var issuers = new Dictionary<string, ICredentialIssuer> { ["mint"] = issuer };
        using DocumentPublishing publishing = NoDocuments.Of(issuers, store);
        return await new RevokeDesk(store, new IssuerRegistry(issuers), publishing, time, NullLogger<RevokeDesk>.Instance).HandleAsync(commands, Ct);
    }

    private static Guid Id(int number) => NameBasedUuid.Create(Guid.Empty, $"{number}");

    private static RevokeCredential Command(int number) => new() { IssuanceId = Id(number), Issuer = "mint", CredentialId = $"urn:{number}", Reason = "Wrong.", RevokedAt = Start };

    private class NoPower : ICredentialIssuer
    {
        public IssuerCapabilities Capabilities { get; } = new();

        public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class Mint : NoPower, ICredentialRevoker, IDocumentPublisher
    {
        public Func<RevocationRequest, Exception?> Fail { get; set; } = _ => null;

        public List<RevocationRequest> Asked { get; } = [];

        public int Published { get; private set; }

        public Uri? Address { get; } = new("https://badges.example");

        public Task RevokeAsync(RevocationRequest request, CancellationToken ct)
        {
            Asked.Add(request);
            return Fail(request) is { } fault ? throw fault : Task.CompletedTask;
        }

        public Task PublishAsync(IIssuerRecords records, CancellationToken ct)
        {
            Published++;
            return Task.CompletedTask;
        }

        public Task<PublicAnswer?> AnswerAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct) => Task.FromResult<PublicAnswer?>(null);
    }
}
