using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Jcs;

/// <summary>Reads texts and numbers of JSON nodes, whether they were parsed or made from .NET values.</summary>
internal static class JsonScalar
{
    public static string Text(JsonValue value) =>
        value.TryGetValue(out string? text) ? text : JsonSerializer.SerializeToElement(value).GetString()!;

    public static double Number(JsonValue value)
    {
        if (value.TryGetValue(out JsonElement element)) return element.TryGetDouble(out double parsed) ? parsed : double.NaN;
        if (value.TryGetValue(out double real)) return real;
        if (value.TryGetValue(out int small)) return small;
        // decimal, long and the rest print themselves exactly.
        return double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
