using System.Globalization;
using System.Text.RegularExpressions;

namespace CredSync.OpenBadges.Validation;

/// <summary>The text formats that Open Badges 3.0 uses.</summary>
internal static partial class ValueFormats
{
    /// <summary>RFC 3339 date-time; the zone is required (Open Badges 3.0, DateTimeZ).</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        return DateTimeWithZone().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    public static bool IsTime(string text) => TryTime(text, out _);

    public static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>An absolute URI: a scheme, a colon, and none of the characters that an IRI cannot hold.</summary>
    public static bool IsUri(string text) => AbsoluteUri().IsMatch(text);

    public static bool IsLanguage(string text) => LanguageTag().IsMatch(text);

    public static bool IsExtension(string text) => ExtensionTerm().IsMatch(text);

    public static bool IsCompactJws(string text) => CompactJws().IsMatch(text);

    public static bool Matches(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DateTimeWithZone();

    [GeneratedRegex("""^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+\z""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AbsoluteUri();

    [GeneratedRegex(@"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"^ext:[A-Za-z0-9|._-]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ExtensionTerm();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CompactJws();
}
