using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.Sandbox;

/// <summary>Writes JSON answers.</summary>
internal static class JsonBody
{
    public const string ContentType = "application/json";

    public static PlayAnswer Answer(int status, Action<Utf8JsonWriter> write, string contentType = ContentType)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        return new PlayAnswer { Status = status, ContentType = contentType, Body = buffer.WrittenMemory };
    }

    /// <summary>An answer of a ready document.</summary>
    public static PlayAnswer Answer(int status, JsonNode body, string contentType = ContentType) => new()
    {
        Status = status,
        ContentType = contentType,
        Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
    };

    /// <summary>The body of a request; null when it is not a JSON object.</summary>
    public static JsonObject? Read(PlayRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body.Length == 0 ? "null" : request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text, or a whole number as text, in an object; null when it is not there.</summary>
    public static string? Text(this JsonObject? body, string name) => body?[name] is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => value.ToJsonString(),
            _ => null,
        }
        : null;

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void Milliseconds(this Utf8JsonWriter json, string name, DateTimeOffset? value) => json.Number(name, value?.ToUnixTimeMilliseconds());
}
