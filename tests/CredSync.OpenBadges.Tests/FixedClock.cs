using System.Globalization;

namespace CredSync.OpenBadges.Tests;

/// <summary>A clock that stands still.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public static FixedClock At(string time) => new(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    public override DateTimeOffset GetUtcNow() => now;
}
