using System.Globalization;
using System.Text.Json;

namespace CredSync.Sources.HttpJson;

/// <summary>Where a value stands in an answer: names joined by dots, places in lists in brackets, for example <c>user.emails[0].address</c>. Empty: the whole.</summary>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<(string? Name, int Place)> steps;

    private JsonPath(IReadOnlyList<(string? Name, int Place)> steps) => this.steps = steps;

    /// <summary>Reads a path; null when it is none.</summary>
    public static JsonPath? TryParse(string text)
    {
        List<(string? Name, int Place)> steps = [];
        foreach (string part in text.Length == 0 ? [] : text.Split('.'))
        {
            int bracket = part.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 && bracket != 0)
            {
                return null;
            }

            if (name.Length > 0)
            {
                steps.Add((name, 0));
            }

            for (string rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                int end = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || end < 2 || !int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out int place))
                {
                    return null;
                }

                steps.Add((null, place));
                rest = rest[(end + 1)..];
            }
        }

        return new JsonPath(steps);
    }

    /// <summary>The value there; null when there is none, or when it is null.</summary>
    public JsonElement? Find(JsonElement element)
    {
        foreach ((string? name, int place) in steps)
        {
            if (name is not null)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                {
                    return null;
                }
            }
            else if (element.ValueKind != JsonValueKind.Array || place >= element.GetArrayLength())
            {
                return null;
            }
            else
            {
                element = element[place];
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>The value there as text; null when there is none, or it is empty, a list or an object.</summary>
    public string? Text(JsonElement element) => Find(element) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim() is { Length: > 0 } filled ? filled : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        _ => null,
    };
}
