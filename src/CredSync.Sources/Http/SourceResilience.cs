using System.Collections.Concurrent;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Contrib.WaitAndRetry;
using Polly.Timeout;
using Polly.Wrap;

namespace CredSync.Sources.Http;

/// <summary>
/// The one HTTP policy: a short retry with decorrelated jitter around a circuit breaker around a time-out for each try.
/// Each source has its own breaker, so that one unwell platform does not silence another.
/// </summary>
internal sealed class SourceResilience(SourceHttpSettings settings, TimeProvider time)
{
    /// <summary>Carries the source's name on each request.</summary>
    public static readonly HttpRequestOptionsKey<string> SourceName = new("credsync-source");

    private readonly ConcurrentDictionary<string, IAsyncPolicy<HttpResponseMessage>> policies = new(StringComparer.Ordinal);

    /// <summary>The policy of the source that a request belongs to.</summary>
    /// <param name="request">A request that carries <see cref="SourceName"/>.</param>
    public IAsyncPolicy<HttpResponseMessage> PolicyFor(HttpRequestMessage request) =>
        policies.GetOrAdd(request.Options.TryGetValue(SourceName, out string? name) ? name : "", _ => Build());

    /// <summary>Whether a status may be gone at the next try (source-apis.md section 0.3).</summary>
    /// <param name="status">The status of an answer.</param>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    private AsyncPolicyWrap<HttpResponseMessage> Build()
    {
        IAsyncPolicy<HttpResponseMessage> timeout = Policy.TimeoutAsync<HttpResponseMessage>(settings.TryTimeout, TimeoutStrategy.Optimistic);

        // A 429 is a healthy platform asking for patience: it does not count towards the breaker.
        AsyncCircuitBreakerPolicy<HttpResponseMessage> breaker = Policy<HttpResponseMessage>
            .Handle<HttpRequestException>(IsConnectionFault)
            .Or<TimeoutRejectedException>()
            .OrResult(answer => IsTransient(answer.StatusCode) && answer.StatusCode != HttpStatusCode.TooManyRequests)
            .CircuitBreakerAsync(settings.BreakAfter, settings.BreakFor);

        IAsyncPolicy<HttpResponseMessage> retry = Policy<HttpResponseMessage>
            .Handle<HttpRequestException>(IsConnectionFault)
            .Or<TimeoutRejectedException>()
            .OrResult(answer => IsTransient(answer.StatusCode) && !(RetryAfter.Of(answer, time) > settings.LongestRetryAfter))
            .RetryAsync(settings.Tries - 1, WaitAsync);

        return Policy.WrapAsync(retry, breaker, timeout);
    }

    /// <summary>Waits on the injected clock; Polly's own waiting would use the machine's.</summary>
    private async Task WaitAsync(DelegateResult<HttpResponseMessage> outcome, int attempt, Context context)
    {
        TimeSpan jitter = Backoff.DecorrelatedJitterBackoffV2(settings.FirstWait, attempt).Last();
        TimeSpan wait = outcome.Result is { } answer && RetryAfter.Of(answer, time) is { } asked && asked > jitter ? asked : jitter;
        outcome.Result?.Dispose();
        CancellationToken ct = context.TryGetValue(CancellationHandler.Key, out object? token) ? (CancellationToken)token : CancellationToken.None;
        await Task.Delay(wait, time, ct).ConfigureAwait(false);
    }

    private static bool IsConnectionFault(HttpRequestException fault) => fault.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded;
}
