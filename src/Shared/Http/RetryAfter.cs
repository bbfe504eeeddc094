namespace CredSync.Shared.Http;

/// <summary>Reads <c>Retry-After</c> in both forms of RFC 9110 section 10.2.3.</summary>
internal static class RetryAfter
{
    /// <summary>How long an answer asks to wait; null when it does not say; never negative.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="time">The clock, used only when the answer does not carry its own.</param>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time)
    {
        TimeSpan? wait = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            // The platform's own Date makes the difference right even when its clock is wrong.
            { Date: { } date } => date - (answer.Headers.Date ?? time.GetUtcNow()),
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
