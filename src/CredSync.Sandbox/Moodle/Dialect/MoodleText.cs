using System.Net;
using System.Text.RegularExpressions;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>Text as Moodle lets it out: escaped, unless <c>moodlewssettingraw</c> asks for it as stored.</summary>
internal static partial class MoodleText
{
    /// <summary>A name: ampersands are escaped, entities that are already there stay.</summary>
    public static string Name(string stored, bool raw) => raw || !stored.Contains('&', StringComparison.Ordinal) ? stored : BareAmpersand().Replace(stored, "&amp;");

    /// <summary>A piece of HTML: entities become characters, except those that HTML needs.</summary>
    public static string Html(string stored, bool raw) => raw || !stored.Contains('&', StringComparison.Ordinal)
        ? stored
        : Name(Entity().Replace(stored, match => match.Value is "&amp;" or "&lt;" or "&gt;" or "&quot;" ? match.Value : WebUtility.HtmlDecode(match.Value)), raw: false);

    [GeneratedRegex("&(?![A-Za-z][A-Za-z0-9]*;|#[0-9]+;|#x[0-9A-Fa-f]+;)")]
    private static partial Regex BareAmpersand();

    [GeneratedRegex("&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);")]
    private static partial Regex Entity();
}
