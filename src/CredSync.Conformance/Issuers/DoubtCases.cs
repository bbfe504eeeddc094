using System.Net;
using CredSync.Conformance.Http;
using CredSync.Issuers;
using static CredSync.Conformance.Issuers.IssuerConformance;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Issuers;

/// <summary>What happens when the request that mints gets no answer.</summary>
internal static class DoubtCases
{
    public static IEnumerable<ConformanceCase> For(IssuerUnderTest issuer)
    {
        yield return new("a crash between mint and answer is settled by look-up", "The connection may break after the issuer acted and before it answered.", ct => SettledAsync(issuer, ct));
        yield return new("in doubt is reported, not guessed", "A silent mint that is told as an outage is minted again without looking.", ct => ReportedAsync(issuer, ct));
        yield return new("a failed look-up is not an empty one", "A look-up that fails and says nothing was found lets the host mint again.", ct => LookupAsync(issuer, ct));
        yield return new("cancelling ends the call", "A host that is told to stop must stop, and must not take a cut call for a minted credential.", ct => CancelAsync(issuer, ct));
    }

    private static async Task SettledAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        IssuedCredential? first = null;
        try
        {
            first = await issuer.Create(new CutAfterMint(platform, andAfter: false)).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        }
        catch (IssuerException)
        {
            // The host opens the journal again and settles it.
        }

        Require(platform.Minted() == 1, $"The connection broke once after minting, and {platform.Minted()} credentials were minted.");
        IssuedCredential second = await SettleAsync(issuer.Create(platform.Handler), issuer.Request, ct).ConfigureAwait(false);
        Require(platform.Minted() == 1, $"After settling there are {platform.Minted()} credentials.");
        Require(first is null || first.CredentialId == second.CredentialId, "Settling gave another credential.");
    }

    private static async Task ReportedAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        ICredentialIssuer mint = issuer.Create(new CutAfterMint(platform, andAfter: true));
        Exception? fault = await FaultOfAsync(mint, issuer.Request, ct).ConfigureAwait(false);
        Require(fault is IssuerException, $"It ended in {fault?.GetType().Name ?? "a success that nobody confirmed"} instead of an IssuerException.");
        FaultKind kind = ((IssuerException)fault!).Kind;
        Require(kind == FaultKind.InDoubt || (mint.Capabilities.RepeatsSafely && kind == FaultKind.Outage), $"The issuer went silent after it minted, which is told as {kind}.");
    }

    private static async Task LookupAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerPlatform platform = issuer.Platform();
        await issuer.Create(platform.Handler).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        foreach (HttpStatusCode status in (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.Unauthorized])
        {
            if (issuer.Create(new FlakyHandler(platform.Handler, 0, _ => new HttpResponseMessage(status))) is not ICredentialLookup lookup)
            {
                return;
            }

            try
            {
                await lookup.FindAsync(issuer.Request, ct).ConfigureAwait(false);
            }
            catch (IssuerException)
            {
                continue;
            }

            throw new ConformanceException($"A look-up that failed with HTTP {(int)status} ended as if nothing had been minted.");
        }
    }

    private static async Task CancelAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        HangingHandler hanging = new(issuer.Platform().Handler);
        Task<IssuedCredential> minting = issuer.Create(hanging).IssueAsync(issuer.Request, cancel.Token);
        Task reached = await Task.WhenAny(hanging.Reached, minting).ConfigureAwait(false);
        Require(reached == hanging.Reached, "The call ended before its first request was answered.");
        await cancel.CancelAsync().ConfigureAwait(false);
        try
        {
            await minting.WaitAsync(issuer.Patience, issuer.Time, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (TimeoutException)
        {
            throw new ConformanceException($"A cancelled call went on for more than {issuer.Patience.TotalSeconds:0.#} s.");
        }
        catch (Exception fault)
        {
            throw new ConformanceException($"A cancelled call threw {fault.GetType().Name} instead of an OperationCanceledException.", fault);
        }

        throw new ConformanceException("A cancelled call ended as if something had been minted.");
    }
}
