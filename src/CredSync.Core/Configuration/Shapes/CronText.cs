using System.Globalization;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>Cron expressions of the scheduler: seconds, minutes, hours, day of month, month, day of week, and perhaps a year.</summary>
internal static class CronText
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public static bool IsValid(string text)
    {
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is < 6 or > 7)
        {
            return false;
        }

        // One of the two days is left open by a question mark, and only one.
        bool openDay = fields[3] == "?" ^ fields[5] == "?";
        return openDay && IsList(fields[0], 0, 59, []) && IsList(fields[1], 0, 59, []) && IsList(fields[2], 0, 23, [])
            && (fields[3] is "?" or "L" or "LW" || IsList(fields[3].EndsWith('W') ? fields[3][..^1] : fields[3], 1, 31, []))
            && IsList(fields[4], 1, 12, Months) && (fields[5] == "?" || IsDayOfWeek(fields[5])) && (fields.Length == 6 || IsList(fields[6], 1970, 2099, []));
    }

    private static bool IsDayOfWeek(string field)
    {
        if (field.EndsWith('L'))
        {
            return field == "L" || IsValue(field[..^1], 1, 7, Days);
        }

        int hash = field.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? IsList(field, 1, 7, Days) : IsValue(field[..hash], 1, 7, Days) && IsValue(field[(hash + 1)..], 1, 5, []);
    }

    private static bool IsList(string field, int min, int max, string[] names) => field.Split(',').All(part => IsPart(part, min, max, names));

    private static bool IsPart(string part, int min, int max, string[] names)
    {
        string[] step = part.Split('/');
        if (step.Length > 2 || (step.Length == 2 && !IsValue(step[1], 1, max == 0 ? 1 : max, [])))
        {
            return false;
        }

        string[] range = step[0].Split('-');
        return step[0] == "*" || (range.Length <= 2 && range.All(value => IsValue(value, min, max, names)));
    }

    private static bool IsValue(string text, int min, int max, string[] names) =>
        Array.IndexOf(names, text.ToUpperInvariant()) >= 0
        || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max);
}
