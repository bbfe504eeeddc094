using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CredSync.Conformance.Http;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;
using static CredSync.Conformance.Sources.SourceConformance;

namespace CredSync.Conformance.Sources;

/// <summary>What a source says when the platform fails. Each fault is tried at every request of a reading.</summary>
internal static class FaultCases
{
    private static readonly TimeSpan Asked = TimeSpan.FromMinutes(7);

    public static IEnumerable<ConformanceCase> For(SourceUnderTest source)
    {
        yield return Case(source, "401 is Unauthorized", "A refused token is mended by a person; asking again is no use.", FaultKind.Unauthorized, _ => new(HttpStatusCode.Unauthorized));
        yield return Case(source, "5xx is an Outage", "An unwell platform is waited for, and a failed reading is no empty one.", FaultKind.Outage, _ => new(HttpStatusCode.ServiceUnavailable));
        yield return Case(source, "a cut connection is an Outage", "A network that fails is waited for.", FaultKind.Outage, _ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        yield return Case(source, "a web page instead of data is Broken", "A login page with status 200 is no empty list.", FaultKind.Broken, _ => Page());
        yield return Case(source, "truncated JSON is Broken", "Half an answer is no answer.", FaultKind.Broken, _ => Text("{\"a\":[{\"b\":1},", "application/json"));
        yield return new("429 carries its delay", "A platform that asks for patience and does not get it closes the door.", ct => PatienceAsync(source, ct));
        yield return new("a failed check is a result", "A check that throws tells the operator nothing about the rest.", ct => CheckAsync(source, ct));
        if (source.PlatformThatRepeatsAPage is { } platform)
        {
            yield return new("a page that repeats is Broken", "Paging that does not advance is read for ever.", ct => RepeatedAsync(source, platform, ct));
        }
    }

    private static ConformanceCase Case(SourceUnderTest source, string name, string why, FaultKind kind, Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(name, why, ct => EverywhereAsync(source, answer, fault => Require(fault.Kind == kind, $"It is told as {fault.Kind}: {fault.Message}"), ct));

    private static Task PatienceAsync(SourceUnderTest source, CancellationToken ct) => EverywhereAsync(
        source,
        _ =>
        {
            HttpResponseMessage answer = new(HttpStatusCode.TooManyRequests);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(Asked);
            return answer;
        },
        fault =>
        {
            Require(fault.Kind == FaultKind.RateLimited, $"It is told as {fault.Kind}: {fault.Message}");
            Require(fault.RetryAfter == Asked, $"The platform asked for {Asked}, the fault says {fault.RetryAfter?.ToString() ?? "nothing"}.");
        },
        ct);

    /// <summary>From one request on the platform fails: a fault must come, and the pages before it must be those of a healthy reading, none made up.</summary>
    private static async Task EverywhereAsync(
        SourceUnderTest source, Func<HttpRequestMessage, HttpResponseMessage> answer, Action<SourceException> judge, CancellationToken ct)
    {
        Readings healthy = await ReadAllAsync(source, ct).ConfigureAwait(false);
        int requests = await CountRequestsAsync(source, ct).ConfigureAwait(false);
        for (int from = 0; from < requests; from++)
        {
            Readings readings = new();
            Exception? fault = await readings.ReadFaultAsync(source.Create(new FlakyHandler(source.Platform(), from, answer)), ct).ConfigureAwait(false);
            Require(fault is SourceException, fault is null
                ? $"The platform failed from request {from + 1} on, and the reading ended as if it were complete."
                : $"The platform failed from request {from + 1} on, and the source threw {fault.GetType().Name} instead of a SourceException.");
            judge((SourceException)fault!);
            bool prefix = readings.Pages.Count <= healthy.Pages.Count
                && readings.Pages.Zip(healthy.Pages).All(pair => pair.First.Next == pair.Second.Next && pair.First.Completions.Count == pair.Second.Completions.Count);
            Require(prefix, $"The platform failed from request {from + 1} on, and a page came before the fault that a healthy reading does not have: what is missing from it is lost.");
        }
    }

    private static async Task RepeatedAsync(SourceUnderTest source, Func<HttpMessageHandler> platform, CancellationToken ct)
    {
        Exception? fault = await new Readings().ReadFaultAsync(source.Create(platform()), ct).ConfigureAwait(false);
        Require(fault is SourceException { Kind: FaultKind.Broken }, fault is null
            ? "A page that repeats was read to an end that is not there."
            : $"A page that repeats is told as {(fault as SourceException)?.Kind.ToString() ?? fault.GetType().Name}.");
    }

    private static async Task CheckAsync(SourceUnderTest source, CancellationToken ct)
    {
        if (source.Create(new FlakyHandler(source.Platform(), 0, _ => new HttpResponseMessage(HttpStatusCode.Unauthorized))) is not ICheckable checkable)
        {
            return;
        }

        try
        {
            IReadOnlyList<CheckResult> results = await checkable.CheckAsync(ct).ConfigureAwait(false);
            Require(results.Any(result => result.Outcome == CheckOutcome.Failed && result.Remedy is not null), "The platform refuses the credentials, and no check failed with a remedy.");
        }
        catch (Exception fault) when (fault is not ConformanceException && !ct.IsCancellationRequested)
        {
            throw new ConformanceException($"The check threw {fault.GetType().Name} instead of telling a result.", fault);
        }
    }

    private static HttpResponseMessage Page() => Text("<!DOCTYPE html><html><body>Log in</body></html>", "text/html");

    private static HttpResponseMessage Text(string body, string type) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, type) };
}
