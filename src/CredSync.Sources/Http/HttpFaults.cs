using System.Globalization;
using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CredSync.Sources.Http;

/// <summary>Turns what HTTP did into a fault with one sentence; the sentences hold no addresses, secrets or bodies.</summary>
internal static class HttpFaults
{
    /// <summary>
    /// Whether a platform says that it does not know a page which it named itself: such links and cursors expire, and a stored one may be days old. What they belong to is then read again.
    /// </summary>
    /// <param name="answer">The answer to a link or cursor of the platform's own.</param>
    public static bool IsForgottenPage(HttpResponseMessage answer) => answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Gone;

    /// <summary>The fault when a page is not known even right after the platform named it.</summary>
    /// <param name="who">The platform and source in words.</param>
    public static SourceException Forgotten(string who) =>
        new(FaultKind.Broken, $"{who} does not know the page that it has just named as the next one: reading stops here and is tried again later.");

    /// <summary>The fault behind an answer that is not a success.</summary>
    /// <param name="who">The platform and source in words, for example <c>Moodle (source 'moodle-hr')</c>.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="time">The clock.</param>
    public static SourceException Of(string who, HttpResponseMessage answer, TimeProvider time)
    {
        int status = (int)answer.StatusCode;
        TimeSpan? wait = RetryAfter.Of(answer, time);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(FaultKind.Unauthorized,
                $"{who} refuses the credentials (HTTP 401): renew the secret that the source refers to, then resume the source."),
            // One platform says so when it is asked too much, with what is left of its allowance beside it (source-apis.md section 4.7).
            HttpStatusCode.Forbidden when IsUsedUp(answer) => new(FaultKind.RateLimited,
                $"{who} asks for fewer calls (HTTP 403 with nothing left of its allowance): it is left alone for a while.", wait),
            HttpStatusCode.Forbidden => new(FaultKind.Misconfigured,
                $"{who} forbids the call (HTTP 403): give the account the rights that the adapter's page lists, or ask whether a firewall blocks this machine."),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(FaultKind.Misconfigured,
                $"{who} does not know the address (HTTP {status}): correct the source's address."),
            HttpStatusCode.TooManyRequests => new(FaultKind.RateLimited,
                $"{who} asks for fewer calls (HTTP 429): it is left alone for as long as it asked.", wait),
            HttpStatusCode.RequestTimeout => new(FaultKind.Outage,
                $"{who} did not take the request in time (HTTP 408): it is tried again later.", wait),
            >= HttpStatusCode.InternalServerError => new(FaultKind.Outage,
                $"{who} is unwell (HTTP {status}): it is tried again later; if this lasts, ask its administrator.", wait),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(FaultKind.Misconfigured,
                $"{who} redirects to another address (HTTP {status}): configure the address that it redirects to, with https if that is the difference."),
            _ => new(FaultKind.Broken,
                $"{who} refuses the request (HTTP {status}): the platform may have changed; run the check of this source and report the result."),
        };
    }

    private static bool IsUsedUp(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Rate-Limit-Remaining", out IEnumerable<string>? left)
        && decimal.TryParse(left.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal remaining) && remaining < 1;

    /// <summary>The fault behind an exception of the HTTP client or the policy.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="fault">The exception; not a cancellation by the caller.</param>
    /// <param name="settings">Limits to name in the sentence.</param>
    public static SourceException Of(string who, Exception fault, SourceHttpSettings settings) => fault switch
    {
        BrokenCircuitException => new(FaultKind.Outage,
            $"{who} failed {settings.BreakAfter} times in a row and is left alone for a moment: it is tried again later.", settings.BreakFor),
        TimeoutRejectedException or OperationCanceledException => new(FaultKind.Outage,
            $"{who} did not answer within {settings.TryTimeout.TotalSeconds:0.###} s: it is tried again later."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(FaultKind.Broken,
            $"{who} sent an answer of more than {settings.LargestAnswer / 1024} KiB, which is beyond any page that was asked for: lower the page size."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(FaultKind.Outage,
            $"The host name of {who} cannot be resolved: check the source's address and this machine's DNS; it is tried again later."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(FaultKind.Outage,
            $"No secure connection to {who}: its certificate is expired, of another host or not trusted here; it is tried again later."),
        _ => new(FaultKind.Outage, $"{who} cannot be reached, or the connection broke in mid-answer: it is tried again later."),
    };
}
