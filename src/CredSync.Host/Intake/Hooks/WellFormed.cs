using System.Text.Json;
using System.Text.Unicode;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Whether a body can be read as JSON from end to end, so that nothing behind the door meets what it cannot read.</summary>
internal static class WellFormed
{
    /// <summary>How deep values may be nested.</summary>
    public const int Depth = 32;

    public static bool IsJson(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return false;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Depth });
        try
        {
            bool any = false;
            while (reader.Read())
            {
                any = true;
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    // Half of a surrogate pair is found out only by reading the text.
                    _ = reader.GetString();
                }
            }

            return any;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
