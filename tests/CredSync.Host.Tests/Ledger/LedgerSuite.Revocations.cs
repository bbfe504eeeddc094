using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Host.Ledger;

namespace CredSync.Host.Tests.Ledger;

// Credentials that are taken back.
public abstract partial class LedgerSuite
{
    [Fact]
    public async Task A_planned_revocation_is_claimed_sent_and_closed_and_its_issuance_is_revoked()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        (await RevokeAsync(ledger, id)).ShouldBe(1);
        (await ledger.IsUnderWayAsync(Ct)).ShouldBeTrue();
        ClaimedRevocation claim = (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Single();
        claim.ShouldBe(new ClaimedRevocation(id, "issuer", "urn:credential", "No longer true.", Start));
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).ShouldBeEmpty();
        await ledger.MarkRevocationsSentAsync([id], Ct);
        await ledger.CloseRevocationsAsync([Revoked(id)], Ct);
        (await ledger.IsUnderWayAsync(Ct)).ShouldBeFalse();
        IssuanceLine line = (await ledger.IssuanceAsync(id, Ct))!;
        (line.State, line.RevokedAt).ShouldBe((IssuanceState.Revoked, Start));
        (await ledger.IssuancesInStateAsync(IssuanceState.Revoked, 5, Ct)).Single().Id.ShouldBe(id);
        (await ledger.IssuancesInStateAsync(IssuanceState.Issued, 5, Ct)).ShouldBeEmpty();
        (await ledger.CountIssuancesAsync(Ct)).Select(c => (c.State, c.Count)).ShouldBe([(IssuanceState.Revoked, 1)]);
        (await ledger.RevocableAsync(new RevocableFilter(), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_decision_rests_on_says_that_a_credential_was_revoked()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        await RevokeAsync(ledger, id);
        await ledger.CloseRevocationsAsync([Revoked(id)], Ct);
        (await ledger.HistoriesAfterAsync(null, 10, Ct)).Single().Issuances.Single().State.ShouldBe(IssuanceState.Revoked);
        await using IHistoryReading reading = await ledger.OpenReadingAsync(Ct);
        PlanPerson person = (await reading.PersonAsync(SubjectOf("a"), Ct))!;
        person.History.Issuances.Single().State.ShouldBe(IssuanceState.Revoked);
    }

    [Fact]
    public async Task What_has_not_left_cannot_be_revoked()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        (await ledger.RevocableAsync(new RevocableFilter(), Ct)).ShouldBeEmpty();
        (await RevokeAsync(ledger, Planned("a").Key.Id)).ShouldBe(0);
        (await RevokeAsync(ledger, Guid.Empty)).ShouldBe(0);
    }

    [Fact]
    public async Task A_revocation_that_comes_before_the_credential_waits_for_it()
    {
        ILedger ledger = await OpenAsync();
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        (await RevokeAsync(ledger, id)).ShouldBe(1);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).ShouldBeEmpty();
        await ledger.CloseAsync([Issued(id)], Ct);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Single().Id.ShouldBe(id);
    }

    [Fact]
    public async Task Revoking_twice_is_one_revocation_and_an_outcome_may_come_again()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        (await RevokeAsync(ledger, id)).ShouldBe(1);
        Time.Advance(TimeSpan.FromHours(1));
        (await RevokeAsync(ledger, id)).ShouldBe(0);
        await ledger.CloseRevocationsAsync([Revoked(id), Revoked(id)], Ct);
        await ledger.CloseRevocationsAsync([new RevocationOutcome { Id = id, State = RevocationState.Refused, At = Start, Cause = "late", Sentence = "late" }], Ct);
        (await RevokeAsync(ledger, id)).ShouldBe(0);
        RevocationLine line = (await ledger.RevocationsAsync([id, Guid.Empty], Ct)).Values.Single();
        (line.State, line.RevokedAt, line.Cause).ShouldBe((RevocationState.Revoked, Start, null));
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Revoked);
    }

    [Fact]
    public async Task A_claim_that_was_not_sent_lapses_and_one_without_an_answer_is_sent_again()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        await RevokeAsync(ledger, id);
        await ledger.ClaimRevocationsAsync(10, Lease, Ct);
        await ledger.ReleaseRevocationsAsync([id], Ct);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Count.ShouldBe(1);
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Count.ShouldBe(1);
        await ledger.MarkRevocationsSentAsync([id], Ct);
        (await ledger.PlanUnansweredRevocationsAgainAsync(Time.GetUtcNow(), Ct)).ShouldBe(1);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Single().RevokedAt.ShouldBe(Start);
    }

    [Fact]
    public async Task A_revocation_that_waits_for_a_person_is_listed_and_can_be_tried_again_or_be_done_by_hand()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        await RevokeAsync(ledger, id);
        var held = new RevocationOutcome { Id = id, State = RevocationState.Held, At = Start, Cause = "issuer-cannot-revoke", Sentence = "It cannot." };
        await ledger.CloseRevocationsAsync([held], Ct);
        (await ledger.OpenRevocationsAsync(5, Ct)).Single().Cause.ShouldBe("issuer-cannot-revoke");
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Issued);
        (await RevokeAsync(ledger, id)).ShouldBe(1);
        (await ledger.OpenRevocationsAsync(5, Ct)).ShouldBeEmpty();
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Count.ShouldBe(1);
        await ledger.CloseRevocationsAsync([held], Ct);
        int done = 0;
        await ActAsync(ledger, async acts => done = await acts.RevokeAsync([new RevocationRow(id, "Done there.", ByHand: true)], Ct));
        done.ShouldBe(1);
        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).ShouldBeEmpty();
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Revoked);
    }

    [Fact]
    public async Task An_issuer_that_revoked_unasked_is_believed()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        await ledger.CloseRevocationsAsync([Revoked(id), Revoked(Guid.Empty)], Ct);
        (await ledger.IssuanceAsync(id, Ct))!.State.ShouldBe(IssuanceState.Revoked);
        (await ledger.RevocationsAsync([id], Ct))[id].Reason.ShouldBe("It was revoked at its issuer.");
    }

    [Fact]
    public async Task Revocable_credentials_are_found_by_issuance_person_definition_and_issuer()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        IssuanceLine line = (await ledger.RevocableAsync(new RevocableFilter(), Ct)).Single();
        foreach (RevocableFilter filter in (RevocableFilter[])[new(Issuance: id), new(Subject: SubjectOf("a")), new(Definition: line.Definition), new(Issuer: line.Issuer), new(id, SubjectOf("a"), line.Definition, line.Issuer)])
        {
            (await ledger.RevocableAsync(filter, Ct)).Single().Id.ShouldBe(id);
        }

        foreach (RevocableFilter filter in (RevocableFilter[])[new(Issuance: Guid.Empty), new(Subject: SubjectOf("b")), new(Definition: "other"), new(Issuer: "other")])
        {
            (await ledger.RevocableAsync(filter, Ct)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_page_can_plan_revocations_with_what_it_brings()
    {
        ILedger ledger = await OpenAsync();
        Guid id = await IssuedAsync(ledger);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(await BeginAsync(ledger), Ct))
        {
            (await page.RevokeAsync([new RevocationRow(id, "Withdrawn.")], Ct)).ShouldBe(1);
            await page.CommitAsync(new CredSync.Sources.Cursor("r"), new PageCounts(), Ct);
        }

        (await ledger.ClaimRevocationsAsync(10, Lease, Ct)).Single().Reason.ShouldBe("Withdrawn.");
    }

    private static RevocationOutcome Revoked(Guid id) => new() { Id = id, State = RevocationState.Revoked, At = Start };

    private async Task<Guid> IssuedAsync(ILedger ledger)
    {
        await PageAsync(ledger, [Done("a")]);
        Guid id = await SendAsync(ledger);
        await ledger.CloseAsync([Issued(id)], Ct);
        return id;
    }

    private async Task<int> RevokeAsync(ILedger ledger, Guid id)
    {
        int planned = 0;
        await ActAsync(ledger, async acts => planned = await acts.RevokeAsync([new RevocationRow(id, "No longer true.")], Ct));
        return planned;
    }
}
