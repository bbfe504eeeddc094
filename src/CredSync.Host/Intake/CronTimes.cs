using Quartz;

namespace CredSync.Host.Intake;

/// <summary>When a source that is read by a cron expression is read.</summary>
internal static class CronTimes
{
    /// <summary>The first time after another.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="zone">The organisation's time zone.</param>
    /// <param name="after">The other time.</param>
    /// <returns>UTC; null when it is never read again.</returns>
    public static DateTimeOffset? Next(string cron, TimeZoneInfo zone, DateTimeOffset after) =>
        CronExpression.TryParse(cron, out CronExpression? expression) ? expression.WithTimeZone(zone).GetNextValidTimeAfter(after) : null;
}
