using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>What rules rest on beside definitions and facts: part of the configuration, and of the rule book's revision.</summary>
public sealed record RuleBookSetting
{
    /// <summary>UTC, no tags, and no issuer that asks for consent.</summary>
    public static RuleBookSetting Default { get; } = new();

    /// <summary>The organisation's time zone, in which days and years begin.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The courses that sources give a tag to.</summary>
    public IReadOnlyList<CourseTag> Tags { get; init; } = [];

    /// <summary>Names of the issuers that take only people who said that they consent.</summary>
    public IReadOnlySet<string> ConsentRequiredBy { get; init; } = new HashSet<string>();

    /// <summary>What people must have said, by source; sources that are not here ask that they have not refused.</summary>
    public IReadOnlyDictionary<string, Configuration.SourceConsent> SourceConsents { get; init; } = new Dictionary<string, Configuration.SourceConsent>();

    internal long StartOf(DateOnly day)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks jump over midnight, the day begins when they have jumped.
        while (TimeZone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        return TimeZoneInfo.ConvertTimeToUtc(midnight, TimeZone).Ticks;
    }

    /// <summary>The day's first instant for completions that the platform dates to the day: they are stored as that day's beginning in UTC, whatever the zone.</summary>
    internal static long DateOf(DateOnly day) => day.ToDateTime(TimeOnly.MinValue).Ticks;

    /// <summary>As <see cref="DateOf(DateOnly)"/>, for the day in which an instant lies, in UTC ticks.</summary>
    internal long DateOf(long instant) => DateOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(new DateTimeOffset(instant, TimeSpan.Zero), TimeZone).DateTime));

    internal int YearOf(Completion completion) => completion.CompletedAtPrecision == TimePrecision.Date
        ? completion.CompletedAt!.Value.UtcDateTime.Year
        : TimeZoneInfo.ConvertTime(completion.CompletedAt!.Value, TimeZone).Year;

    // Of an earned date alone: one that is a whole day in UTC was most likely told as a day.
    internal int YearOf(DateTimeOffset earned) => earned.UtcDateTime.TimeOfDay == TimeSpan.Zero ? earned.UtcDateTime.Year : TimeZoneInfo.ConvertTime(earned, TimeZone).Year;

    internal IReadOnlyList<TaggedCourses> Tagged(string tag, string? source) =>
        [.. Tags.Where(t => t.Tag == tag && (source is null || t.Source == source)).Select(t => new TaggedCourses(t.Source, [.. t.Courses.Select(c => new CourseGlob(c))]))];
}

/// <summary>The courses to which one source gives one tag.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="Tag">The tag.</param>
/// <param name="Courses">Course keys, or patterns in which <c>*</c> stands for any characters.</param>
public sealed record CourseTag(string Source, string Tag, IReadOnlyList<string> Courses);

internal sealed record TaggedCourses(string Source, CourseGlob[] Courses)
{
    public bool Holds(string key)
    {
        foreach (CourseGlob course in Courses)
        {
            if (course.Matches(key))
            {
                return true;
            }
        }

        return false;
    }
}
