using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CredSync.Conformance.Http;
using CredSync.Issuers;
using static CredSync.Conformance.Issuers.IssuerConformance;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Issuers;

/// <summary>What an issuer says when the remote side fails from the first request on.</summary>
internal static class IssuerFaultCases
{
    private static readonly TimeSpan Asked = TimeSpan.FromMinutes(7);

    public static IEnumerable<ConformanceCase> For(IssuerUnderTest issuer)
    {
        yield return Case(issuer, "401 is Unauthorized", "A refused token is mended by a person; asking again is no use.", _ => new(HttpStatusCode.Unauthorized), FaultKind.Unauthorized);
        yield return Case(issuer, "403 is Misconfigured", "Missing rights are given by a person.", _ => new(HttpStatusCode.Forbidden), FaultKind.Misconfigured, FaultKind.Unauthorized);
        yield return Case(issuer, "an issuer that cannot be reached is an Outage", "What never left this machine is not in doubt.",
            _ => throw new HttpRequestException(HttpRequestError.ConnectionError), FaultKind.Outage);
        yield return Case(issuer, "a web page instead of data is no credential", "A login page with status 200 has minted nothing.", _ => Page(), FaultKind.Broken, FaultKind.InDoubt);
        yield return new("429 carries its delay", "An issuer that asks for patience and does not get it closes the door.", ct => PatienceAsync(issuer, ct));
        yield return new("a failed check is a result", "A check that throws tells the operator nothing about the rest.", ct => CheckAsync(issuer, ct));
    }

    private static ConformanceCase Case(IssuerUnderTest issuer, string name, string why, Func<HttpRequestMessage, HttpResponseMessage> answer, params FaultKind[] kinds) =>
        new(name, why, async ct =>
        {
            IssuerException fault = await FailedAsync(issuer, answer, ct).ConfigureAwait(false);
            Require(kinds.Contains(fault.Kind), $"It is told as {fault.Kind}: {fault.Message}");
        });

    private static async Task PatienceAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        IssuerException fault = await FailedAsync(issuer, _ =>
        {
            HttpResponseMessage answer = new(HttpStatusCode.TooManyRequests);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(Asked);
            return answer;
        }, ct).ConfigureAwait(false);
        Require(fault.Kind == FaultKind.RateLimited, $"It is told as {fault.Kind}: {fault.Message}");
        Require(fault.RetryAfter == Asked, $"The issuer asked for {Asked}, the fault says {fault.RetryAfter?.ToString() ?? "nothing"}.");
    }

    private static async Task<IssuerException> FailedAsync(IssuerUnderTest issuer, Func<HttpRequestMessage, HttpResponseMessage> answer, CancellationToken ct)
    {
        Exception? fault = await FaultOfAsync(issuer.Create(new FlakyHandler(issuer.Platform().Handler, 0, answer)), issuer.Request, ct).ConfigureAwait(false);
        return fault as IssuerException ?? throw new ConformanceException(fault is null
            ? "The issuer failed from the first request on, and the call ended as if something had been minted."
            : $"The issuer failed from the first request on, and the adapter threw {fault.GetType().Name} instead of an IssuerException.");
    }

    private static async Task CheckAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        if (issuer.Create(new FlakyHandler(issuer.Platform().Handler, 0, _ => new HttpResponseMessage(HttpStatusCode.Unauthorized))) is not ICheckable checkable)
        {
            return;
        }

        try
        {
            IReadOnlyList<CheckResult> results = await checkable.CheckAsync(ct).ConfigureAwait(false);
            Require(results.Any(result => result.Outcome == CheckOutcome.Failed && result.Remedy is not null), "The issuer refuses the credentials, and no check failed with a remedy.");
        }
        catch (Exception fault) when (fault is not ConformanceException && !ct.IsCancellationRequested)
        {
            throw new ConformanceException($"The check threw {fault.GetType().Name} instead of telling a result.", fault);
        }
    }

    private static HttpResponseMessage Page() => new(HttpStatusCode.OK) { Content = new StringContent("<!DOCTYPE html><html><body>Log in</body></html>", Encoding.UTF8, "text/html") };
}
