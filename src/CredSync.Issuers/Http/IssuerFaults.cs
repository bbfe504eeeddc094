using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CredSync.Issuers.Http;

/// <summary>Turns what HTTP did into a fault with one sentence; the sentences hold no addresses, secrets or bodies.</summary>
internal static class IssuerFaults
{
    /// <summary>It is not known whether a credential was minted.</summary>
    public const string OutcomeUnknown = "issuer-outcome-unknown";

    /// <summary>The fault behind an answer that is not a success.</summary>
    /// <param name="who">The service and issuer in words.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="effect">What the request does there.</param>
    public static IssuerException Of(string who, IssuerAnswer answer, Effect effect)
    {
        int status = (int)answer.Status;
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(FaultKind.Unauthorized, "issuer-token-refused",
                $"{who} refuses the credentials (HTTP 401): renew the secret that the issuer refers to; what waits goes out by itself then."),
            HttpStatusCode.Forbidden => new(FaultKind.Misconfigured, "issuer-rights-missing",
                $"{who} forbids the call (HTTP 403): give the account the rights that docs/issuers.md lists for it."),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(FaultKind.Misconfigured, "issuer-address-wrong",
                $"{who} does not know what it was asked for (HTTP {status}): check address, account and template."),
            HttpStatusCode.TooManyRequests => new(FaultKind.RateLimited, "issuer-asks-for-patience",
                $"{who} asks for fewer calls (HTTP 429): it is left alone for as long as it asked.", answer.RetryAfter),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError when effect == Effect.Mint => Doubt(who, $"failed while it minted (HTTP {status})", answer.RetryAfter),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new(FaultKind.Outage, "issuer-unwell",
                $"{who} is unwell (HTTP {status}): it is asked again later; if this lasts, ask its support.", answer.RetryAfter),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(FaultKind.Misconfigured, "issuer-address-wrong",
                $"{who} redirects to another address (HTTP {status}): configure the address that it redirects to."),
            _ => new(FaultKind.Rejected, "issuer-refused",
                $"{who} refuses the request (HTTP {status}): compare the template's and the credential's settings with what docs/issuers.md says of it."),
        };
    }

    /// <summary>The fault behind an exception of the HTTP client or the policy.</summary>
    /// <param name="who">The service and issuer in words.</param>
    /// <param name="fault">The exception; not a cancellation by the caller.</param>
    /// <param name="effect">What the request does there.</param>
    /// <param name="settings">Limits to name in the sentence.</param>
    public static IssuerException Silent(string who, Exception fault, Effect effect, IssuerHttpSettings settings) => fault switch
    {
        BrokenCircuitException => new(FaultKind.Outage, "issuer-left-alone",
            $"{who} failed {settings.BreakAfter} times in a row and is left alone for a moment: it is asked again later.", settings.BreakFor),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(FaultKind.Outage, "issuer-unreachable",
            $"The host name of {who} cannot be resolved: check the issuer's address and this machine's DNS; it is asked again later."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(FaultKind.Outage, "issuer-unreachable",
            $"No secure connection to {who}: its certificate is expired, of another host or not trusted here; it is asked again later."),
        HttpRequestException silent when HttpPolicy.NeverLeft(silent) => new(FaultKind.Outage, "issuer-unreachable",
            $"{who} cannot be reached: it is asked again later."),
        _ when effect == Effect.Mint => Doubt(who, fault is HttpRequestException or IOException ? "broke the connection while it minted" : "did not answer in time while it minted"),
        TimeoutRejectedException or OperationCanceledException => new(FaultKind.Outage, "issuer-slow",
            $"{who} did not answer within {settings.TryTimeout.TotalSeconds:0.###} s: it is asked again later."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(FaultKind.Broken, "issuer-answer-unreadable",
            $"{who} sent an answer of more than {settings.LargestAnswer / 1024} KiB, which is beyond anything that was asked for."),
        _ => new(FaultKind.Outage, "issuer-unreachable", $"{who} broke the connection in mid-answer: it is asked again later."),
    };

    /// <summary>The fault of a success whose body is not what the issuer's documentation says.</summary>
    /// <param name="who">The service and issuer in words.</param>
    /// <param name="effect">What the request does there.</param>
    public static IssuerException Unreadable(string who, Effect effect) => effect == Effect.Mint
        ? Doubt(who, "answered the mint with something that is not its documented answer")
        : new(FaultKind.Broken, "issuer-answer-unreadable", $"{who} sent something else than its documentation says: check the address; it is asked again later.");

    private static IssuerException Doubt(string who, string what, TimeSpan? retryAfter = null) => new(FaultKind.InDoubt, OutcomeUnknown,
        $"{who} {what}: it is looked up there before anything is minted again.", retryAfter);
}
