using System.Globalization;

namespace CredSync.Issuers.Http;

/// <summary>Checks that all remote issuers have in common.</summary>
internal static class IssuerChecks
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>A fault as a failed check.</summary>
    public static CheckResult Failed(string name, IssuerException fault) => new(name, fault.Kind is FaultKind.Outage or FaultKind.RateLimited ? CheckOutcome.NotChecked : CheckOutcome.Failed,
        fault.Message, "Do what the sentence says, then check again.");

    /// <summary>A fault of the first call, when nothing is known yet: also an outage is a failed check there.</summary>
    public static CheckResult Unreachable(string name, IssuerException fault) => new(name, CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again.");

    /// <summary>Whether the issuer's clock and this machine's agree.</summary>
    public static CheckResult Clock(DateTimeOffset? theirs, TimeProvider time)
    {
        if (theirs is not { } date)
        {
            return new("clock", CheckOutcome.NotChecked, "The issuer did not tell its time.");
        }

        TimeSpan off = (time.GetUtcNow() - date).Duration();
        return off <= Skew
            ? new("clock", CheckOutcome.Passed, "This machine's clock agrees with the issuer's.")
            : new("clock", CheckOutcome.Warning, string.Create(CultureInfo.InvariantCulture, $"This machine's clock and the issuer's differ by {off.TotalMinutes:0} minutes."),
                "Set this machine's clock by NTP: dates in the future are refused.");
    }

    /// <summary>How long a token is still good.</summary>
    /// <param name="expires">Its last day; null when the configuration does not say.</param>
    /// <param name="time">The clock.</param>
    /// <param name="what">What ends, where it is no token.</param>
    public static CheckResult TokenExpiry(DateOnly? expires, TimeProvider time, string what = "token")
    {
        string name = $"{what} expiry";
        if (expires is not { } last)
        {
            return new(name, CheckOutcome.NotChecked, $"The configuration does not say when the {what} ends.", $"Set token_expires to the date that the issuer shows beside the {what}.");
        }

        int days = last.DayNumber - DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber;
        string date = last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return days switch
        {
            < 0 => new(name, CheckOutcome.Failed, $"The {what} ended on {date}.", $"Make a new {what} at the issuer, put it where the secret is read, and correct token_expires."),
            <= 30 => new(name, CheckOutcome.Warning, $"The {what} ends on {date}, {Days(days)}.", $"Make a new {what} in time, put it where the secret is read, and correct token_expires."),
            _ => new(name, CheckOutcome.Passed, $"The {what} ends on {date}, {Days(days)}."),
        };
    }

    private static string Days(int days) => days switch
    {
        0 => "today",
        1 => "tomorrow",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {days} days"),
    };
}
