namespace CredSync.Sources.Http;

/// <summary>Compares a platform's clock with this machine's. The platform's tells when something was completed and stored, this machine's when a badge is valid and a signature stale.</summary>
internal static class ClockCheck
{
    // Answers name the second, and a slow one is on its way for some; what is less does no harm anywhere.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>The check; none for a platform whose answers do not say what time it has.</summary>
    /// <param name="theirs">The time that an answer named in its header <c>Date</c>; null when it named none.</param>
    /// <param name="now">This machine's time when the answer came.</param>
    public static IReadOnlyList<CheckResult> Of(DateTimeOffset? theirs, DateTimeOffset now)
    {
        if (theirs is not { } told)
        {
            return [];
        }

        TimeSpan ahead = told - now;
        return ahead.Duration() <= Tolerance
            ? [new CheckResult("clock", CheckOutcome.Passed, "The platform's clock and this machine's agree.")]
            : [new CheckResult("clock", CheckOutcome.Warning,
                $"The platform's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Let both take their time from the network; completion dates are the platform's own.")];
    }
}
