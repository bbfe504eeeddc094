using System.Buffers;
using System.Text.Json;

namespace CredSync.OpenBadges.Validation;

/// <summary>What the specifications ask for beyond what a JSON schema can say.</summary>
internal static class FurtherRules
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static void Credential(JsonElement credential, FindingList findings, string path)
    {
        if (Time(credential, "validFrom") is { } from && Time(credential, "validUntil") is { } until && until < from)
        {
            findings.Add($"{path}.validUntil", FindingRule.Consistency, "The credential ends before it begins.");
        }
    }

    public static void Subject(JsonElement subject, FindingList findings, string path)
    {
        bool identified = subject.TryGetProperty("id", out _)
            || (subject.TryGetProperty("identifier", out JsonElement identifier)
                && (identifier.ValueKind == JsonValueKind.Object || (identifier.ValueKind == JsonValueKind.Array && identifier.GetArrayLength() > 0)));
        if (!identified)
        {
            findings.Add(path, FindingRule.Subject, "The subject has neither an id nor an identifier.");
        }

        Results(subject, findings, path);
    }

    public static void Criteria(JsonElement criteria, FindingList findings, string path)
    {
        if (!criteria.TryGetProperty("id", out _) && !criteria.TryGetProperty("narrative", out _))
        {
            findings.Add(path, FindingRule.Required, "Criteria need an id (page) or a narrative.");
        }
    }

    public static void Identity(JsonElement identity, FindingList findings, string path)
    {
        if (identity.TryGetProperty("hashed", out JsonElement hashed) && hashed.ValueKind == JsonValueKind.True
            && identity.TryGetProperty("identityHash", out JsonElement hash) && hash.ValueKind == JsonValueKind.String
            && !IsHash(hash.GetString()!))
        {
            findings.Add($"{path}.identityHash", FindingRule.Format, "A hashed identity is written sha256$ or md5$ and hexadecimal digits.");
        }
    }

    public static void Status(JsonElement status, FindingList findings, string path)
    {
        if (!status.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() != "BitstringStatusListEntry")
        {
            return;
        }

        foreach (string name in (ReadOnlySpan<string>)["statusPurpose", "statusListIndex", "statusListCredential"])
        {
            if (!status.TryGetProperty(name, out JsonElement value))
            {
                findings.Add($"{path}.{name}", FindingRule.Required, $"A status entry needs {name}.");
            }
            // The specification wants the index as a text; 1EdTech's own samples write a number, and every verifier reads it.
            else if (value.ValueKind != JsonValueKind.String && !(name == "statusListIndex" && value.ValueKind == JsonValueKind.Number))
            {
                findings.Add($"{path}.{name}", FindingRule.Kind, $"The value of {name} must be a text.");
            }
        }

        if (status.TryGetProperty("id", out JsonElement id) && status.TryGetProperty("statusListCredential", out JsonElement list)
            && id.ValueKind == JsonValueKind.String && list.ValueKind == JsonValueKind.String && id.GetString() == list.GetString())
        {
            findings.Add($"{path}.id", FindingRule.Consistency, "The id of a status entry must not be that of its list.");
        }
    }

    // Open Badges 3.0, class Result: a status is required where the description's type is Status.
    private static void Results(JsonElement subject, FindingList findings, string path)
    {
        if (!subject.TryGetProperty("achievement", out JsonElement achievement) || achievement.ValueKind != JsonValueKind.Object
            || !achievement.TryGetProperty("resultDescription", out JsonElement descriptions)
            || !subject.TryGetProperty("result", out JsonElement results))
        {
            return;
        }

        HashSet<string> statuses = [.. Items(descriptions).Where(static d => Text(d, "resultType") == "Status").Select(static d => Text(d, "id")).OfType<string>()];
        int index = 0;
        foreach (JsonElement result in Items(results))
        {
            if (Text(result, "resultDescription") is { } id && statuses.Contains(id) && Text(result, "status") is null)
            {
                string at = results.ValueKind == JsonValueKind.Array ? $"[{index}]" : "";
                findings.Add($"{path}.result{at}.status", FindingRule.Required, "A result whose description has the type Status needs a status.");
            }

            index++;
        }
    }

    private static JsonElement[] Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        Text(element, name) is { } text && ValueFormats.TryTime(text, out DateTimeOffset time) ? time : null;

    private static bool IsHash(string text)
    {
        int dollar = text.IndexOf('$', StringComparison.Ordinal);
        return dollar > 0
            && text[..dollar].ToLowerInvariant() is "sha256" or "md5"
            && text.Length > dollar + 1
            && !text.AsSpan(dollar + 1).ContainsAnyExcept(HexDigits);
    }
}
