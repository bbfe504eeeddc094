using System.Text.Json;

namespace CredSync.Sources;

/// <summary>Cursors as small versioned JSON, the same way for every source.</summary>
internal static class CursorText
{
    /// <summary>Reads a stored cursor.</summary>
    /// <typeparam name="T">The source's cursor.</typeparam>
    /// <param name="stored">The stored cursor.</param>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="isValid">Whether it is of a version and with values that the source knows.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Misconfigured"/>: it is of another version, or no cursor of this adapter.</exception>
    public static T Parse<T>(Cursor stored, string who, Func<T, bool> isValid)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(stored.Value) is { } read && isValid(read))
            {
                return read;
            }
        }
        catch (JsonException)
        {
            // Falls through to the one sentence for every cursor that cannot be read.
        }

        throw new SourceException(FaultKind.Misconfigured,
            $"{who} has a stored cursor that this version cannot read (another adapter's, or of a newer CredSync): reset the source's cursor; everything is then read and compared again, and nothing is lost.");
    }

    /// <summary>As text for the host.</summary>
    /// <typeparam name="T">The source's cursor.</typeparam>
    /// <param name="cursor">The cursor.</param>
    public static Cursor Write<T>(T cursor) => new(JsonSerializer.Serialize(cursor));
}
