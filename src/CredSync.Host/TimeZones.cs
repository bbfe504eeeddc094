namespace CredSync.Host;

/// <summary>Finds time zones by their id; one that this machine does not know is UTC.</summary>
internal static class TimeZones
{
    public static TimeZoneInfo Find(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
}
