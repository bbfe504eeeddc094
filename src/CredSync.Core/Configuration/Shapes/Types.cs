using System.Text.RegularExpressions;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>The single values that configuration knows.</summary>
internal static partial class Types
{
    public static readonly ScalarType Text = new TextType();

    public static readonly ScalarType Boolean = new BooleanType();

    public static readonly ScalarType Secret = new SecretType();

    public static readonly ScalarType DeliveryKey = new DeliveryKeyType();

    public static readonly ScalarType Name = new FormType("a name: lower-case words and digits joined by '-'", Scalars.IsName, Scalars.NamePattern, Codes.WrongName)
    {
        Mend = static text => NotInNames().Replace(text.Trim().ToLowerInvariant(), "-").Trim('-') is { Length: > 0 and <= 80 } name ? $"write {name}" : null,
    };

    public static readonly ScalarType Duration = new FormType("a duration such as 90s, 5m, 1h30m or 7d", static t => Scalars.TryDuration(t, out _), Scalars.DurationPattern)
    {
        Mend = static text => SpacedDuration().Match(text) is { Success: true } match ? $"write {match.Groups[1].Value}{char.ToLowerInvariant(match.Groups[2].Value[0])}" : null,
    };

    public static readonly ScalarType Period = new FormType(
        "a period such as 24 months, 2 years or 90 days", static t => Rules.Period.TryParse(t, out _), "^[1-9][0-9]* (day|week|month|year)s?$");

    public static readonly ScalarType Date = new FormType("a date such as 2025-01-31", static t => Scalars.TryDate(t, out _), "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

    public static readonly ScalarType Moment = new FormType(
        "a date such as 2025-01-31, or an instant such as 2025-01-31T09:30:00Z", static t => Scalars.TryMoment(t, out _, out _), MomentPattern);

    public static readonly ScalarType MomentOrUnknown = new FormType(
        "a date such as 2025-01-31, an instant such as 2025-01-31T09:30:00Z, or unknown", static t => t == "unknown" || Scalars.TryMoment(t, out _, out _), $"^unknown$|{MomentPattern}");

    public static readonly ScalarType MomentOrNever = new FormType(
        "a date such as 2025-01-31, an instant such as 2025-01-31T09:30:00Z, or never", static t => t == "never" || Scalars.TryMoment(t, out _, out _), $"^never$|{MomentPattern}");

    public static readonly ScalarType Url = new FormType("an absolute address that begins with http:// or https://", Scalars.IsUrl, "^https?://[^ ]+$");

    public static readonly ScalarType ScoreCondition = new FormType(
        "a condition on a score such as '>= 80 %' or '>= 60 of 100'", static t => Rules.ScoreCondition.TryParse(t, out _), "^(>=|>|<=|<) *[0-9.]+ *(%|of [0-9.]+)$", Codes.ScoreUnit)
    {
        Mend = static text => BareScore().Match(text.Trim()) is { Success: true } match
            ? $"write '{(match.Groups[1].Length > 0 ? match.Groups[1].Value : ">=")} {match.Groups[2].Value} %' or '{(match.Groups[1].Length > 0 ? match.Groups[1].Value : ">=")} {match.Groups[2].Value} of 100'"
            : null,
    };

    public static readonly ScalarType Score = new FormType(
        "a score such as '80 %' or '60 of 100'", static t => ScoreText.TryParse(t, out _, out _), "^[0-9.]+ *(%|of [0-9.]+)$", Codes.ScoreUnit);

    public static readonly ScalarType Colour = new FormType("a colour such as '#1f6feb'", static t => ColourForm().IsMatch(t), "^#[0-9a-fA-F]{6}$");

    public static readonly ScalarType TimeZone = new FormType("a time zone such as Europe/Madrid or UTC", Scalars.IsTimeZone);

    public static readonly ScalarType Cron = new FormType(
        "a cron expression of six or seven fields, seconds first, such as '0 0/15 6-20 ? * MON-FRI'", CronText.IsValid);

    public static readonly ScalarType Count = new NumberType(whole: true, min: 1, max: 1000);

    public static readonly ScalarType CallsPerMinute = new NumberType(whole: true, min: 1, max: 100_000);

    public static readonly ScalarType LargeCount = new NumberType(whole: true, min: 0, max: 1_000_000_000);

    public static readonly ScalarType Share = new FormType("a share such as '25 %'", static t => Scalars.TryShare(t, out _), "^[0-9]{1,5}(\\.[0-9]+)? *%$");

    private const string MomentPattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$";

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"^([0-9]{1,9}) ?(days?|hours?|minutes?|mins?|seconds?|secs?|[dhms])$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SpacedDuration();

    [GeneratedRegex(@"^(>=|>|<=|<)? *([0-9]+(?:\.[0-9]+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex BareScore();

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex ColourForm();
}
