using System.CommandLine;
using System.Globalization;

namespace CredSync.Host.Commands;

/// <summary>Options that take a day: always as 2025-01-31, whatever this machine is used to.</summary>
internal static class DayOption
{
    public static Option<DateOnly?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "yyyy-mm-dd",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a day; write {name} 2025-01-31.");
            return null;
        },
    };
}
