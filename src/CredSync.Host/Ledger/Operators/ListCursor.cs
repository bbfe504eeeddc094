using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CredSync.Host.Ledger.Operators;

/// <summary>Where the next page of a list begins: the last line's place in the order, in a form that nobody needs to read.</summary>
internal static class ListCursor
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Of(DateTimeOffset? time, params string[] rest) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([time?.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) ?? "", .. rest]));

    /// <summary>Reads a cursor with a time and so many words after it.</summary>
    /// <exception cref="CursorException">It is not one of ours.</exception>
    public static (DateTimeOffset Time, string[] Words) Read(string cursor, int words)
    {
        try
        {
            string[] parts = JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))) ?? [];
            if (parts.Length == words + 1 && parts.All(p => p is not null))
            {
                return (DateTimeOffset.ParseExact(parts[0], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), parts[1..]);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            // Said below.
        }

        throw new CursorException();
    }

    /// <summary>Reads the id in a cursor.</summary>
    public static Guid Id(string word) => Guid.TryParse(word, out Guid id) ? id : throw new CursorException();
}

/// <summary>A cursor that no list has given.</summary>
internal sealed class CursorException() : Exception("The cursor is not one that this list has given; begin without one.");
