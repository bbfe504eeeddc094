using System.Globalization;

namespace CredSync.Core.Rules;

/// <summary>A length of time as people write it in calendars: months, or days. <c>24 months</c>, <c>2 years</c>, <c>6 weeks</c>, <c>90 days</c>.</summary>
/// <param name="Months">Calendar months; 0 when it is counted in days.</param>
/// <param name="Days">Days; 0 when it is counted in months.</param>
public readonly record struct Period(int Months, int Days)
{
    /// <summary>The longest that is accepted, in days and, taken as 31 days each, months: a hundred years.</summary>
    public const int LongestDays = 36525;

    // Beyond these, the calendar's own ends are near: a nonsense date of a platform must not stop a page.
    private const int FirstYear = 102;
    private const int LastYear = 9897;

    /// <summary>This much later. The last day of a shorter month stands for days that it lacks.</summary>
    /// <param name="time">From when.</param>
    public DateTimeOffset After(DateTimeOffset time) =>
        time.Year > LastYear ? DateTimeOffset.MaxValue : time.AddMonths(Months).AddDays(Days);

    /// <summary>This much earlier. The last day of a shorter month stands for days that it lacks.</summary>
    /// <param name="time">From when.</param>
    public DateTimeOffset Before(DateTimeOffset time) =>
        time.Year < FirstYear ? DateTimeOffset.MinValue : time.AddMonths(-Months).AddDays(-Days);

    /// <summary>Days, months counted as 30.4 days; for comparing two periods.</summary>
    public double ApproximateDays => (Months * 30.4) + Days;

    /// <summary>Reads a period.</summary>
    /// <param name="text">A whole number from 1 and a unit: <c>days</c>, <c>weeks</c>, <c>months</c> or <c>years</c> (the singular is allowed).</param>
    /// <param name="period">The period.</param>
    /// <returns>Whether the text is a period.</returns>
    public static bool TryParse(string text, out Period period)
    {
        period = default;
        ArgumentNullException.ThrowIfNull(text);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 1 || !int.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > LongestDays)
        {
            return false;
        }

        (int months, int days) = text[(space + 1)..] switch
        {
            "day" or "days" => (0, count),
            "week" or "weeks" => (0, count * 7),
            "month" or "months" => (count, 0),
            "year" or "years" => (count * 12, 0),
            _ => (0, 0),
        };
        period = new Period(months, days);
        return (months != 0 || days != 0) && months <= 1200 && days <= LongestDays;
    }

    /// <summary>For example <c>24 months</c>.</summary>
    public override string ToString() => Months != 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Months} {(Months == 1 ? "month" : "months")}")
        : string.Create(CultureInfo.InvariantCulture, $"{Days} {(Days == 1 ? "day" : "days")}");
}
