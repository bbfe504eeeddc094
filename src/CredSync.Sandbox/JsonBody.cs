using System.Buffers;
using System.Text.Json;

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
