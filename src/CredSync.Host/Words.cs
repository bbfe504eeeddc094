using System.Globalization;

namespace CredSync.Host;

/// <summary>Times and durations in words for people.</summary>
internal static class Words
{
    /// <summary>A duration as configuration writes it: <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
        {
            return $"{(int)span.TotalMilliseconds}ms";
        }

        string text = "";
        text += span.Days > 0 ? $"{span.Days}d" : "";
        text += span.Hours > 0 ? $"{span.Hours}h" : "";
        text += span.Minutes > 0 && span.Days == 0 ? $"{span.Minutes}m" : "";
        text += span.Seconds > 0 && span.TotalHours < 1 ? $"{span.Seconds}s" : "";
        return text;
    }

    /// <summary>An instant, UTC, to the second.</summary>
    public static string Time(DateTimeOffset? time) => time is { } t ? t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "–";

    /// <summary>A day, UTC.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A number of things.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">What one of them is called; more of them with an s.</param>
    public static string Many(long count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>How long ago something was.</summary>
    public static string Ago(DateTimeOffset? time, DateTimeOffset now) => time is { } t ? $"{Duration(TimeSpan.FromSeconds(Math.Max(1, Math.Floor((now - t).TotalSeconds))))} ago" : "never";
}
