using System.Globalization;
using System.Text.RegularExpressions;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>What a text in the place of a secret is.</summary>
internal enum SecretText
{
    Reference,
    Broken,
    Secret,
}

/// <summary>Single values as they are written.</summary>
internal static partial class Scalars
{
    public const string SecretPattern = "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$";
    public const string NamePattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const string DurationPattern = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

    public static bool IsName(string text)
    {
        bool wordBegins = true;
        foreach (char c in text)
        {
            if (c == '-' ? wordBegins : !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
            {
                return false;
            }

            wordBegins = c == '-';
        }

        return !wordBegins && text.Length <= 80;
    }

    public static bool TryNumber(string text, out decimal value)
    {
        value = 0;
        // JSON's own numbers: no hexadecimal, no underscores, no leading plus or zero.
        return NumberForm().IsMatch(text) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Durations: <c>90s</c>, <c>5m</c>, <c>1h30m</c>, <c>7d</c>, largest unit first.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        Match match = DurationForm().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        ReadOnlySpan<long> units = [TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond];
        decimal ticks = 0;
        for (int i = 0; i < units.Length; i++)
        {
            Group group = match.Groups[i + 1];
            ticks += group.Success ? decimal.Parse(group.ValueSpan, CultureInfo.InvariantCulture) * units[i] : 0;
        }

        if (ticks > TimeSpan.TicksPerDay * 36525m)
        {
            return false;
        }

        duration = new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>Shares: <c>25 %</c>; from 0 to 10 000 %. 1 is the whole.</summary>
    public static bool TryShare(string text, out decimal share)
    {
        share = 0;
        if (!text.EndsWith('%') || !TryNumber(text[..^1].TrimEnd(), out decimal percent) || percent is < 0 or > 10_000)
        {
            return false;
        }

        share = percent / 100;
        return true;
    }

    public static string Duration(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        string text = "";
        text += duration.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Days}d") : "";
        text += duration.Hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Hours}h") : "";
        text += duration.Minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m") : "";
        text += duration.Seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds}s") : "";
        return text + (duration.Milliseconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Milliseconds}ms") : "");
    }

    public static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date.Year is > 1900 and < 9000;

    /// <summary>A date, taken as its first instant in UTC, or an instant with <c>Z</c> or an offset.</summary>
    public static bool TryMoment(string text, out DateTimeOffset moment, out bool isDate)
    {
        isDate = TryDate(text, out DateOnly date);
        if (isDate)
        {
            moment = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }

        moment = default;
        if (!InstantForm().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset parsed)
            || parsed.Year is <= 1900 or >= 9000)
        {
            return false;
        }

        moment = parsed.ToUniversalTime();
        return true;
    }

    public static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && !text.Contains(' ', StringComparison.Ordinal);

    public static bool IsTimeZone(string text) => text == "UTC" || (text.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _));

    public static SecretText KindOfSecret(string text)
    {
        if (SecretForm().IsMatch(text))
        {
            return SecretText.Reference;
        }

        return text.StartsWith("env:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("${", StringComparison.Ordinal) ? SecretText.Broken : SecretText.Secret;
    }

    /// <summary>Whether a text shows a secret wherever it stands: a private key, or an address with a password.</summary>
    public static bool ShowsSecret(string text) =>
        (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) && text.Contains("-----BEGIN", StringComparison.Ordinal))
        || (text.Contains("://", StringComparison.Ordinal) && text.Contains('@', StringComparison.Ordinal) && PasswordInAddress().IsMatch(text));

    /// <summary>What another YAML reader would take unquoted text for: <c>a number</c>, <c>true or false</c>; null when for text.</summary>
    public static string? GuessedType(string text)
    {
        if (text.Length == 0 || text.Length > 40)
        {
            return null;
        }

        if (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
        {
            return GuessedNumber().IsMatch(text) ? "a number" : null;
        }

        return text.Length <= 5 && text.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" ? "true or false" : null;
    }

    public static string Range(decimal? min, decimal? max) => (min, max) switch
    {
        ({ } smallest, { } largest) => string.Create(CultureInfo.InvariantCulture, $"not from {smallest} to {largest}"),
        ({ } smallest, null) => string.Create(CultureInfo.InvariantCulture, $"less than {smallest}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"more than {max}"),
    };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"^(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex InstantForm();

    [GeneratedRegex(SecretPattern, RegexOptions.CultureInvariant)]
    private static partial Regex SecretForm();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/@\s:]*:[^/@\s]+@", RegexOptions.CultureInvariant)]
    private static partial Regex PasswordInAddress();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|^0x[0-9a-fA-F]+$|^0o[0-7]+$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$", RegexOptions.CultureInvariant)]
    private static partial Regex GuessedNumber();
}
