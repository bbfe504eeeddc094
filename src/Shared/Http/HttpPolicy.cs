using System.Collections.Concurrent;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Contrib.WaitAndRetry;
using Polly.Timeout;

namespace CredSync.Shared.Http;

/// <summary>
/// The one HTTP policy of sources and issuers: a short retry with decorrelated jitter around a circuit breaker around a time-out for each try.
/// Each connection has its own breaker, so that one unwell platform does not silence another.
/// </summary>
internal sealed class HttpPolicy(IHttpSettings settings, TimeProvider time)
{
    /// <summary>Carries the connection's name on each request.</summary>
    public static readonly HttpRequestOptionsKey<string> Connection = new("credsync-connection");

    /// <summary>Marks a request that must not have its effect twice: it is sent again only when it certainly had none.</summary>
    public static readonly HttpRequestOptionsKey<bool> Once = new("credsync-once");

    private readonly ConcurrentDictionary<string, Policies> policies = new(StringComparer.Ordinal);

    /// <summary>The policy of the connection that a request belongs to.</summary>
    /// <param name="request">A request that carries <see cref="Connection"/>.</param>
    public IAsyncPolicy<HttpResponseMessage> PolicyFor(HttpRequestMessage request)
    {
        Policies own = policies.GetOrAdd(request.Options.TryGetValue(Connection, out string? name) ? name : "", _ => Build());
        return request.Options.TryGetValue(Once, out bool once) && once ? own.Once : own.Repeated;
    }

    /// <summary>Whether a status may be gone at the next try (source-apis.md section 0.3).</summary>
    /// <param name="status">The status of an answer.</param>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Whether a request that ended so never left this machine.</summary>
    /// <param name="fault">How it ended.</param>
    public static bool NeverLeft(HttpRequestException fault) => fault.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private Policies Build()
    {
        IAsyncPolicy<HttpResponseMessage> timeout = Policy.TimeoutAsync<HttpResponseMessage>(settings.TryTimeout, TimeoutStrategy.Optimistic);

        // A 429 is a healthy platform asking for patience: it does not count towards the breaker.
        AsyncCircuitBreakerPolicy<HttpResponseMessage> breaker = Policy<HttpResponseMessage>
            .Handle<HttpRequestException>(IsConnectionFault)
            .Or<TimeoutRejectedException>()
            .OrResult(answer => IsTransient(answer.StatusCode) && answer.StatusCode != HttpStatusCode.TooManyRequests)
            .CircuitBreakerAsync(settings.BreakAfter, settings.BreakFor);

        IAsyncPolicy<HttpResponseMessage> repeated = Policy<HttpResponseMessage>
            .Handle<HttpRequestException>(IsConnectionFault)
            .Or<TimeoutRejectedException>()
            .OrResult(answer => IsTransient(answer.StatusCode) && !AsksForLong(answer))
            .RetryAsync(settings.Tries - 1, WaitAsync);

        IAsyncPolicy<HttpResponseMessage> once = Policy<HttpResponseMessage>
            .Handle<HttpRequestException>(NeverLeft)
            .OrResult(answer => answer.StatusCode == HttpStatusCode.TooManyRequests && !AsksForLong(answer))
            .RetryAsync(settings.Tries - 1, WaitAsync);

        return new Policies(Policy.WrapAsync(repeated, breaker, timeout), Policy.WrapAsync(once, breaker, timeout));
    }

    private bool AsksForLong(HttpResponseMessage answer) => RetryAfter.Of(answer, time) > settings.LongestRetryAfter;

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

    /// <summary>What one connection's requests go through; both share the breaker.</summary>
    private sealed record Policies(IAsyncPolicy<HttpResponseMessage> Repeated, IAsyncPolicy<HttpResponseMessage> Once);
}
