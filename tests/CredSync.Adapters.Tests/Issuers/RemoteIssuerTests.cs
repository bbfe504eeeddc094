using CredSync.Issuers;
using CredSync.Issuers.Http;
using CredSync.Registration;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers;

/// <summary>What all remote issuers do when their play issuer, over real HTTP, fails.</summary>
public sealed class RemoteIssuerTests
{
    private static readonly PlayFaultKind[] AfterEffect = [PlayFaultKind.ErrorAfterEffect, PlayFaultKind.CutMidAnswer, PlayFaultKind.Truncated, PlayFaultKind.SilentAfterEffect];

    public static TheoryData<string> All => [.. RemotePlay.Adapters];

    public static TheoryData<string> WithTemplates => ["accredible", "badgr", "credly"];

    public static TheoryData<string, PlayFaultKind> Unanswered => [.. RemotePlay.Adapters.SelectMany(a => AfterEffect.Select(k => (a, k)))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Unanswered))]
    public async Task What_was_minted_and_not_answered_is_settled_without_a_second_mint(string adapter, PlayFaultKind kind)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new(settings: new IssuerHttpSettings { FirstWait = TimeSpan.FromMilliseconds(1), TryTimeout = TimeSpan.FromMilliseconds(kind == PlayFaultKind.SilentAfterEffect ? 500 : 20_000) });
        ICredentialIssuer issuer = Create(bench, play);

        // The first call of all is slower than any later one: it must not be taken for silence.
        await issuer.IssueAsync(Another(play), Ct);
        play.Platform.Faults.Add(new PlayFault { Kind = kind, Operation = play.Mint, Count = 1 });
        IssuedCredential? issued = null;
        try
        {
            issued = await issuer.IssueAsync(RemoteRequests.For(play.Template), Ct);
        }
        catch (IssuerException) when (issuer.Capabilities.RepeatsSafely)
        {
            // The host asks again; it is harmless.
            issued = await issuer.IssueAsync(RemoteRequests.For(play.Template), Ct);
        }

        issued.CredentialId.ShouldNotBeNullOrEmpty();
        play.Minted().ShouldBe(2);
    }

    [Theory, MemberData(nameof(WithTemplates))]
    public async Task An_archived_template_is_bad_configuration(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new();
        ICredentialIssuer issuer = Create(bench, play);
        (await ((ITemplateCheckable)issuer).CheckTemplateAsync(play.Template, Ct)).Outcome.ShouldBe(CheckOutcome.Passed);
        (await ((ITemplateCheckable)issuer).CheckTemplateAsync("8888", Ct)).Outcome.ShouldBe(CheckOutcome.Failed);
        play.Archive!();
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(RemoteRequests.For(play.Template), Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Misconfigured, "issuer-template-archived"));
        (await ((ITemplateCheckable)issuer).CheckTemplateAsync(play.Template, Ct)).Outcome.ShouldBe(CheckOutcome.Failed);
    }

    [Theory, MemberData(nameof(WithTemplates))]
    public async Task An_unknown_template_is_bad_configuration(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new();
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => Create(bench, play).IssueAsync(RemoteRequests.For("8888"), Ct));
        (fault.Kind, fault.Cause).ShouldBe((FaultKind.Misconfigured, "issuer-template-unknown"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_long_retry_after_is_handed_to_the_host(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new();
        play.Platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.TooManyRequests, Operation = play.Mint, RetryAfter = TimeSpan.FromMinutes(3) });
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => Create(bench, play).IssueAsync(RemoteRequests.For(play.Template), Ct));
        (fault.Kind, fault.RetryAfter).ShouldBe((FaultKind.RateLimited, TimeSpan.FromMinutes(3)));
        play.Minted().ShouldBe(0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_token_that_ended_is_unauthorized_or_renewed_and_mints_once(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new();
        ICredentialIssuer issuer = Create(bench, play);
        play.Platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Operation = play.Mint, Count = 1 });
        if (adapter is "badgr" or "ob-api")
        {
            await issuer.IssueAsync(RemoteRequests.For(play.Template), Ct);
            play.Minted().ShouldBe(1);
            return;
        }

        (await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(RemoteRequests.For(play.Template), Ct))).Kind.ShouldBe(FaultKind.Unauthorized);
        play.Minted().ShouldBe(0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_issuer_that_fails_again_and_again_is_left_alone(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new(settings: new IssuerHttpSettings { FirstWait = TimeSpan.FromMilliseconds(1), BreakAfter = 4, BreakFor = TimeSpan.FromHours(1) });
        ICredentialIssuer issuer = Create(bench, play);
        ActiveFault away = play.Platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable });
        for (int i = 0; i < 4; i++)
        {
            await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(RemoteRequests.For(play.Template), Ct));
        }

        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(RemoteRequests.For(play.Template), Ct));
        (fault.Kind, fault.Cause, fault.RetryAfter).ShouldBe((FaultKind.Outage, "issuer-left-alone", TimeSpan.FromHours(1)));
        away.Hits.ShouldBe(4);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_check_of_a_healthy_issuer_finds_nothing_wrong(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new();
        IReadOnlyList<CheckResult> results = await ((ICheckable)Create(bench, play)).CheckAsync(Ct);
        results.ShouldAllBe(r => r.Outcome == CheckOutcome.Passed || r.Outcome == CheckOutcome.NotChecked);
        results.ShouldContain(r => r.Name == "clock" && r.Outcome == CheckOutcome.Passed);
        play.Minted().ShouldBe(0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Check_counts_the_days_down_after_which_an_account_is_not_let_in_any_more(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([play.Platform], ct: Ct);
        await using IssuerBench bench = new(time: new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));
        object options = play.Options(play.Platform.Address);
        options.GetType().GetProperty("TokenExpires").ShouldNotBeNull().SetValue(options, new DateOnly(2026, 11, 30));
        IReadOnlyList<CheckResult> results = await ((ICheckable)bench.Create(adapter, options, dataFolder: RemoteKeys.Folder)).CheckAsync(Ct);
        CheckResult expiry = results.Single(r => r.Name.EndsWith(" expiry", StringComparison.Ordinal));
        expiry.Outcome.ShouldBe(CheckOutcome.Warning);
        expiry.Sentence.ShouldContain("ends on 2026-11-30, in 7 days");
    }

    [Theory, MemberData(nameof(All))]
    public async Task The_manifest_that_lint_reads_is_what_the_issuer_says_of_itself(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        await using IssuerBench bench = new();
        IssuerAdapter installed = bench.Adapters.Single(a => a.Name == adapter);
        ICredentialIssuer issuer = bench.Create(adapter, play.Options(new Uri("https://play.example.org/")));
        issuer.Capabilities.ShouldBe(installed.Capabilities);
        installed.Revokes.ShouldBe(issuer is ICredentialRevoker);
    }

    private static ICredentialIssuer Create(IssuerBench bench, RemotePlay play) => bench.Create(play.Adapter, play.Options(play.Platform.Address), dataFolder: RemoteKeys.Folder);

    private static IssuanceRequest Another(RemotePlay play) => RemoteRequests.For(play.Template) with
    {
        IssuanceId = NameBasedUuid.Create(Guid.Empty, "another"),
        Recipient = new() { SubjectId = NameBasedUuid.Create(Guid.Empty, "somebody"), Name = "Somebody Else", Email = "somebody.else@example.org" },
    };
}
