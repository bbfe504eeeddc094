using System.Buffers;
using System.Text.Json;

namespace CredSync.Host.Intake.Hooks;

/// <summary>A shared token that stands in the body: read before the delivery is believed, taken out before it is stored.</summary>
internal static class BodyToken
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = WellFormed.Depth };

    /// <summary>The field's text; null when the body is no object, or has no such field of one text.</summary>
    public static string? Read(ReadOnlyMemory<byte> body, string field)
    {
        if (!WellFormed.IsJson(body.Span))
        {
            return null;
        }

        using JsonDocument json = JsonDocument.Parse(body, Reading);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(field, out JsonElement token) && token.ValueKind == JsonValueKind.String
            ? token.GetString()
            : null;
    }

    /// <summary>The body without the field, however often it stands there.</summary>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> body, string field)
    {
        using JsonDocument json = JsonDocument.Parse(body, Reading);
        var output = new ArrayBufferWriter<byte>(body.Length);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in json.RootElement.EnumerateObject().Where(p => p.Name != field))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
