using System.Globalization;
using System.Text.Json;

namespace CredSync.Sources;

/// <summary>Reads the bodies of deliveries, which anybody may have written: nothing in it throws.</summary>
internal static class HookJson
{
    /// <summary>A property of an object; null when it is missing, or the element is no object.</summary>
    public static JsonElement? Property(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>A property's text, filled and of a sensible length; null otherwise.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.String } text && text.GetString()!.Trim() is { Length: > 0 and <= 2000 } filled ? filled : null;

    /// <summary>A property's positive whole number, which may stand there as text; null otherwise.</summary>
    public static long? Number(this JsonElement element, string name) => element.Property(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long value) && value > 0 => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 => value,
        _ => null,
    };

    /// <summary>A property's yes or no, which may stand there as a number or text; null otherwise.</summary>
    public static bool? Flag(this JsonElement element, string name) => element.Property(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) && value is 0 or 1 => value == 1,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out bool value) => value,
        _ => null,
    };
}
