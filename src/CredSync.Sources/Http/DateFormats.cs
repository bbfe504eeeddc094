using System.Globalization;

namespace CredSync.Sources.Http;

/// <summary>Looks at .NET formats of dates that people write into settings.</summary>
internal static class DateFormats
{
    // Every part of it differs from every other, and the year from this one, so that one taken for another shows, and one that is missing too.
    private static readonly DateTime Sample = new(2011, 11, 23, 14, 52, 37, DateTimeKind.Unspecified);

    /// <summary>What is wrong with a format, as a sentence; null when year, month and day come back from it as they were.</summary>
    /// <param name="format">The format.</param>
    public static string? ProblemOf(string format)
    {
        try
        {
            bool read = DateTime.TryParseExact(Sample.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out DateTime back);
            return read && back.Date == Sample.Date ? null
                : $"'{format}' does not tell year, month and day apart; write yyyy, MM and dd (mm is minutes), for example dd.MM.yyyy.";
        }
        catch (FormatException)
        {
            return $"'{format}' is no .NET format of a date; write yyyy, MM and dd, for example dd.MM.yyyy.";
        }
    }

    /// <summary>What is wrong with a time zone, as a sentence; null when this machine knows it.</summary>
    /// <param name="zone">The time zone.</param>
    public static string? ProblemOfZone(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? null : $"'{zone}' is no time zone; write an IANA name such as Europe/Berlin.";
}
