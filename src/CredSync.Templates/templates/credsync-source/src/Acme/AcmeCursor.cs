using System.Globalization;
using CredSync;
using CredSync.Sources;

namespace Acme;

/// <summary>
/// Where a reading goes on: the last number of the service's log that was read. The text begins with a version, so that a later version of this adapter can
/// tell what an earlier one wrote.
/// </summary>
public static class AcmeCursor
{
    private const string Version = "v1:";

    /// <summary>The cursor after a number.</summary>
    public static Cursor At(long number) => new(Version + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number of a cursor; 0 for none.</summary>
    /// <exception cref="SourceException">It is not a cursor of this adapter.</exception>
    public static long Of(Cursor? cursor) =>
        cursor is not { } stored ? 0
        : stored.Value.StartsWith(Version, StringComparison.Ordinal) && long.TryParse(stored.Value.AsSpan(Version.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new SourceException(FaultKind.Misconfigured, "The stored cursor is not of this adapter: read the source from its beginning with 'credsync sources rewind'.");
}
