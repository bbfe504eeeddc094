using System.Globalization;

namespace CredSync.Core.Polling;

/// <summary>Whether what a source brings is as new as it should be. A source can answer every poll and still be dead: a report that is no longer made, a course that moved.</summary>
public static class Freshness
{
    /// <summary>What is wrong with a source's freshness.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="expected">After how long without a newer completion it is stale; null: never.</param>
    /// <param name="newest">When its newest completion was completed, UTC; null when it has brought none.</param>
    /// <param name="lastSuccess">When it was last read to its end, UTC; null when it never was.</param>
    /// <param name="now">The time.</param>
    /// <returns>One sentence for the operator; null when all is well, or nothing can be said yet.</returns>
    public static string? Problem(string source, TimeSpan? expected, DateTimeOffset? newest, DateTimeOffset? lastSuccess, DateTimeOffset now)
    {
        if (expected is not { } limit || lastSuccess is null)
        {
            return null;
        }

        if (newest is not { } last)
        {
            return $"Source '{source}' was read and has brought no completion at all: check which courses it reads and what its account may see.";
        }

        return now - last <= limit
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Source '{source}' answers, but its newest completion is of {last.UtcDateTime:yyyy-MM-dd}, older than the {Written(limit)} that are expected: look whether people still finish courses there, and what its account may see; if they do not, raise 'expected_freshness'.");
    }

    private static string Written(TimeSpan span) => span.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} hours");
}
