using CredSync.Issuers;
using static CredSync.Conformance.Issuers.IssuerConformance;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Issuers;

/// <summary>What minting, looking up and revoking promise while nothing fails.</summary>
internal static class MintingCases
{
    public static IEnumerable<ConformanceCase> For(IssuerUnderTest issuer)
    {
        yield return new("what is minted is named", "Without the credential's id nobody can find, revoke or show it.", ct => NamedAsync(issuer, ct));
        yield return new("the same key twice mints once", "A message that comes twice must not become two badges.", ct => OnceAsync(issuer, ct));
        yield return new("two people get two credentials", "A key that takes two people for one leaves one of them without a badge.", ct => TwoAsync(issuer, ct));
        yield return new("the earned date arrives", "A badge that says when it was processed says something untrue.", ct => EarnedAsync(issuer, ct));
        yield return new("what is in doubt can be settled", "An issuer that can neither be asked nor asked again leaves every crash to a person.", _ => SettledAsync(issuer));
        ICredentialIssuer probe = issuer.Create(issuer.Platform().Handler);
        if (probe is ICredentialLookup)
        {
            yield return new("a look-up finds nothing that was not minted", "A look-up that guesses takes somebody else's badge for this one.", ct => NothingAsync(issuer, ct));
        }

        if (probe.Capabilities.DuplicateGuard)
        {
            yield return new("a duplicate that is ours is a success", "The issuer says no because the work is done already.", ct => OursAsync(issuer, ct));
        }

        if (probe is ICredentialRevoker)
        {
            yield return new("revoking is idempotent", "The host asks again after any crash, and a credential can be revoked by hand meanwhile.", ct => RevokeAsync(issuer, ct));
        }

        if (probe.Capabilities.NeedsEmail)
        {
            yield return new("a missing address is told as such", "A made-up address gives the badge to a stranger.", ct => LackingAsync(issuer, r => r with { Recipient = r.Recipient with { Email = null } }, FaultKind.Rejected, ct));
        }

        if (probe.Capabilities.NeedsTemplate)
        {
            yield return new("a missing template is told as such", "The definition's author has to mend it, not the person who earned it.", ct => LackingAsync(issuer, r => r with { Credential = r.Credential with { Template = null } }, FaultKind.Misconfigured, ct));
        }
    }

    private static async Task NamedAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuedCredential issued = await issuer.Create(issuer.Platform().Handler).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        Require(!string.IsNullOrWhiteSpace(issued.CredentialId), "The minted credential has no id.");
        Require(issued.IssuedAt.Offset == TimeSpan.Zero, "The issue date is not in UTC.");
        Require(issued.PublicUrl is null || Uri.TryCreate(issued.PublicUrl, UriKind.Absolute, out _), "The public address is none.");
    }

    private static async Task OnceAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        IssuedCredential first = await issuer.Create(platform.Handler).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        IssuedCredential second = await SettleAsync(issuer.Create(platform.Handler), issuer.Request, ct).ConfigureAwait(false);
        Require(second.CredentialId == first.CredentialId, "The second time gave another credential than the first.");
        Require(platform.Minted() == 1, $"One key minted {platform.Minted()} credentials.");
    }

    private static async Task TwoAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        ICredentialIssuer mint = issuer.Create(platform.Handler);
        IssuedCredential first = await mint.IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        IssuedCredential second = await mint.IssueAsync(ForAnother(issuer.Request), ct).ConfigureAwait(false);
        Require(first.CredentialId != second.CredentialId && platform.Minted() == 2, "Two people got one credential.");
    }

    private static async Task NothingAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        var lookup = (ICredentialLookup)issuer.Create(platform.Handler);
        Require(await lookup.FindAsync(issuer.Request, ct).ConfigureAwait(false) is null, "A look-up found a credential where nothing was minted.");
        await ((ICredentialIssuer)lookup).IssueAsync(ForAnother(issuer.Request), ct).ConfigureAwait(false);
        Require(await lookup.FindAsync(issuer.Request, ct).ConfigureAwait(false) is null, "A look-up found somebody else's credential.");
    }

    private static async Task OursAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        IssuedCredential first = await issuer.Create(platform.Handler).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        try
        {
            IssuedCredential second = await issuer.Create(platform.Handler).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
            Require(second.CredentialId == first.CredentialId && platform.Minted() == 1, "A duplicate of ours gave another credential.");
        }
        catch (IssuerException fault)
        {
            throw new ConformanceException($"A duplicate of ours is told as {fault.Kind}.", fault);
        }
    }

    private static async Task EarnedAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        ICredentialIssuer mint = issuer.Create(platform.Handler);
        IssuedCredential issued = await mint.IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        if (mint.Capabilities.EarnedDate)
        {
            DateTimeOffset? arrived = platform.EarnedAt(issued);
            Require(arrived is { } at && (at - issuer.Request.Award.EarnedAt).Duration() < issuer.EarnedPrecision,
                $"It was earned at {issuer.Request.Award.EarnedAt:u}, the credential says {arrived?.ToString("u") ?? "nothing"}.");
        }
    }

    private static Task SettledAsync(IssuerUnderTest issuer)
    {
        ICredentialIssuer probe = issuer.Create(issuer.Platform().Handler);
        Require(probe.Capabilities.RepeatsSafely || probe is ICredentialLookup, "The issuer neither repeats safely nor can be looked up at.");
        return Task.CompletedTask;
    }

    private static async Task RevokeAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        ICredentialIssuer mint = issuer.Create(platform.Handler);
        long? number = mint.Capabilities.StatusNumbers ? 7 : null;
        IssuedCredential issued = await mint.IssueAsync(issuer.Request with { StatusNumber = number }, ct).ConfigureAwait(false);
        RevocationRequest request = new()
        {
            IssuanceId = issuer.Request.IssuanceId,
            CredentialId = issued.CredentialId,
            StatusNumber = number,
            Reason = "The completion was withdrawn.",
            RevokedAt = issuer.Request.IssuedAt.AddDays(1),
        };
        for (int time = 1; time <= 2; time++)
        {
            try
            {
                await ((ICredentialRevoker)issuer.Create(platform.Handler)).RevokeAsync(request, ct).ConfigureAwait(false);
            }
            catch (IssuerException fault)
            {
                throw new ConformanceException($"Revoking for the {(time == 1 ? "first" : "second")} time is told as {fault.Kind}.", fault);
            }

            // With a status number it is the host's record that revokes, in the list that the issuer publishes from it.
            Require(number is not null || platform.IsRevoked(issued.CredentialId), "The issuer confirmed a revocation, and the credential is still valid.");
        }
    }

    private static async Task LackingAsync(IssuerUnderTest issuer, Func<IssuanceRequest, IssuanceRequest> lack, FaultKind kind, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        Exception? fault = await FaultOfAsync(issuer.Create(platform.Handler), lack(issuer.Request), ct).ConfigureAwait(false);
        Require(fault is IssuerException told && told.Kind == kind, $"It is told as {(fault as IssuerException)?.Kind.ToString() ?? fault?.GetType().Name ?? "a success"} instead of {kind}.");
        Require(platform.Minted() == 0, "Something was minted all the same.");
    }
}
