using CredSync.Issuers;
using CredSync.Issuers.Credly;
using CredSync.Issuers.Http;
using CredSync.Sandbox;
using CredSync.Sandbox.Credly;
using CredSync.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.Credly;

/// <summary>The Credly issuer against a play Credly over real HTTP.</summary>
public sealed class CredlyIssuerTests : IAsyncLifetime
{
    private readonly CredlyWorld world = CredlyPlay.World();
    private CredlyPlatform platform = null!;
    private SandboxServer server = null!;
    private IssuerBench bench = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = new CredlyPlatform(world);
        server = await SandboxServer.StartAsync([platform], ct: Ct);
        bench = new IssuerBench();
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_badge_has_the_facts_of_the_completion()
    {
        IssuedCredential issued = await Issuer().IssueAsync(CredlyPlay.Request, Ct);
        CredlyBadge badge = world.Badges.ShouldHaveSingleItem();
        issued.CredentialId.ShouldBe(badge.Id);
        badge.ShouldSatisfyAllConditions(
            b => b.Email.ShouldBe("Ada@Example.com"),
            b => (b.FirstName, b.LastName).ShouldBe(("Ada", "Example")),
            b => b.IssuedAt.ShouldBe(CredlyPlay.Request.Award.EarnedAt),
            b => b.ExpiresAt.ShouldBe(CredlyPlay.Request.Award.ExpiresAt),
            b => b.EarnerId.ShouldBe(CredlyPlay.Request.Recipient.SubjectId.ToString()));
    }

    [Theory]
    [InlineData(PlayFaultKind.ErrorAfterEffect)]
    [InlineData(PlayFaultKind.CutMidAnswer)]
    [InlineData(PlayFaultKind.Truncated)]
    [InlineData(PlayFaultKind.SilentAfterEffect)]
    public async Task What_was_minted_and_not_answered_is_found_at_once(PlayFaultKind kind)
    {
        platform.Faults.Add(new PlayFault { Kind = kind, Operation = "issue", Count = 1 });
        await using IssuerBench hasty = new(settings: new IssuerHttpSettings { FirstWait = TimeSpan.FromMilliseconds(1), TryTimeout = TimeSpan.FromMilliseconds(kind == PlayFaultKind.SilentAfterEffect ? 400 : 20_000) });
        IssuedCredential issued = await hasty.Create("credly", CredlyPlay.Options(platform.Address)).IssueAsync(CredlyPlay.Request, Ct);
        world.Badges.ShouldHaveSingleItem().Id.ShouldBe(issued.CredentialId);
    }

    [Fact]
    public async Task A_mint_that_went_silent_before_its_effect_stays_in_doubt_and_is_not_repeated()
    {
        ActiveFault cut = platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.CutConnection, Operation = "issue" });
        IssuerException fault = await RefusedAsync();
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.InDoubt, "issuer-outcome-unknown"));
        cut.Hits.ShouldBe(1);
        world.Badges.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(409)]
    [InlineData(422)]
    public async Task A_duplicate_of_ours_is_a_success(int status)
    {
        world.DuplicateStatus = status;
        IssuedCredential first = await Issuer().IssueAsync(CredlyPlay.Request, Ct);
        (await Issuer().IssueAsync(CredlyPlay.Request, Ct)).CredentialId.ShouldBe(first.CredentialId);
        world.Badges.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(422)]
    public async Task A_duplicate_that_is_another_award_is_refused_as_such(int status)
    {
        world.DuplicateStatus = status;
        await Issuer().IssueAsync(CredlyPlay.Request with { Award = CredlyPlay.Request.Award with { EarnedAt = CredlyPlay.Request.Award.EarnedAt.AddYears(-2) } }, Ct);
        IssuerException fault = await RefusedAsync();
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Rejected, "issuer-duplicate"));
    }

    [Fact]
    public async Task A_renewal_is_a_badge_of_its_own_where_the_template_allows_it()
    {
        world.AllowsDuplicates = true;
        IssuanceRequest renewal = CredlyPlay.Request with { Award = CredlyPlay.Request.Award with { EarnedAt = CredlyPlay.Request.Award.EarnedAt.AddYears(2).AddDays(-300) } };
        IssuedCredential first = await Issuer().IssueAsync(CredlyPlay.Request, Ct);
        IssuedCredential second = await Issuer().IssueAsync(renewal, Ct);
        second.CredentialId.ShouldNotBe(first.CredentialId);
        (await ((ICredentialLookup)Issuer()).FindAsync(renewal, Ct))!.CredentialId.ShouldBe(second.CredentialId);
    }

    [Theory]
    [InlineData("archived", "issuer-template-archived")]
    [InlineData("draft", "issuer-template-draft")]
    public async Task A_template_that_cannot_be_awarded_is_bad_configuration(string state, string cause)
    {
        world.SetTemplate(CredlyPlay.Template, state);
        IssuerException fault = await RefusedAsync();
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Misconfigured, cause));
        (await ((ITemplateCheckable)Issuer()).CheckTemplateAsync(CredlyPlay.Template, Ct)).Outcome.ShouldBe(CheckOutcome.Failed);
    }

    [Fact]
    public async Task An_unknown_template_is_bad_configuration()
    {
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => Issuer().IssueAsync(RemoteRequests.For("no-such-template"), Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Misconfigured, "issuer-template-unknown"));
    }

    [Fact]
    public async Task A_long_retry_after_is_handed_to_the_host_and_nothing_is_minted()
    {
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.TooManyRequests, RetryAfter = TimeSpan.FromMinutes(3) });
        IssuerException fault = await RefusedAsync();
        (fault.Kind, fault.RetryAfter).ShouldBe((FaultKind.RateLimited, TimeSpan.FromMinutes(3)));
        world.Badges.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_429_did_nothing_so_the_mint_is_sent_again()
    {
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.TooManyRequests, Operation = "issue", Count = 2 });
        await Issuer().IssueAsync(CredlyPlay.Request, Ct);
        world.Badges.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_ended_by_its_date_is_told_as_such()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await using IssuerBench later = new(time: time);
        CredlyOptions options = CredlyPlay.Options(platform.Address);
        options.TokenExpires = new DateOnly(2027, 1, 31);
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken });
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => later.Create("credly", options).IssueAsync(CredlyPlay.Request, Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Unauthorized, "issuer-token-expired"));
    }

    [Theory]
    [InlineData("2026-12-31", CheckOutcome.Passed)]
    [InlineData("2026-11-30", CheckOutcome.Warning)]
    [InlineData("2026-11-22", CheckOutcome.Failed)]
    public async Task Check_counts_the_days_of_the_token_down(string expires, CheckOutcome outcome)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        await using IssuerBench now = new(time: time);
        CredlyOptions options = CredlyPlay.Options(platform.Address);
        options.TokenExpires = DateOnly.Parse(expires, System.Globalization.CultureInfo.InvariantCulture);
        IReadOnlyList<CheckResult> results = await ((ICheckable)now.Create("credly", options)).CheckAsync(Ct);
        results.Single(r => r.Name == "token expiry").Outcome.ShouldBe(outcome);
        results.Single(r => r.Name == "token").Outcome.ShouldBe(CheckOutcome.Passed);
    }

    [Fact]
    public async Task A_revocation_at_the_wrong_organization_is_not_taken_for_done()
    {
        CredlyOptions options = CredlyPlay.Options(platform.Address);
        options.Organization = "00000000-0000-0000-0000-000000000000";
        RevocationRequest revocation = new() { IssuanceId = CredlyPlay.Request.IssuanceId, CredentialId = "x", Reason = "Withdrawn.", RevokedAt = CredlyPlay.Request.IssuedAt };
        (await Should.ThrowAsync<IssuerException>(() => ((ICredentialRevoker)bench.Create("credly", options)).RevokeAsync(revocation, Ct))).Kind.ShouldBe(FaultKind.Misconfigured);
        await ((ICredentialRevoker)Issuer()).RevokeAsync(revocation, Ct);
    }

    [Fact]
    public async Task A_badge_on_a_later_page_is_found()
    {
        world.AllowsDuplicates = true;
        for (int year = 1; year <= 30; year++)
        {
            await Issuer().IssueAsync(CredlyPlay.Request with { Award = CredlyPlay.Request.Award with { EarnedAt = CredlyPlay.Request.Award.EarnedAt.AddDays(-year) } }, Ct);
        }

        IssuedCredential last = await Issuer().IssueAsync(CredlyPlay.Request, Ct);
        (await ((ICredentialLookup)Issuer()).FindAsync(CredlyPlay.Request, Ct))!.CredentialId.ShouldBe(last.CredentialId);
    }

    [Fact]
    public async Task A_refused_field_is_named_and_its_value_is_not()
    {
        IssuanceRequest request = CredlyPlay.Request with { Award = CredlyPlay.Request.Award with { EarnedAt = TimeProvider.System.GetUtcNow().AddYears(1) } };
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => Issuer().IssueAsync(request, Ct));
        fault.Kind.ShouldBe(FaultKind.Rejected);
        fault.Message.ShouldContain("issued_at");
    }

    private ICredentialIssuer Issuer() => bench.Create("credly", CredlyPlay.Options(platform.Address));

    private Task<IssuerException> RefusedAsync() => Should.ThrowAsync<IssuerException>(() => Issuer().IssueAsync(CredlyPlay.Request, Ct));
}
