namespace CredSync.Sandbox.Moodle;

/// <summary>The site itself: its name, its release and its switches. May be changed at any time; the next call sees the change.</summary>
public sealed class MoodleSite
{
    /// <summary>The site's full name; also the full name of course 1.</summary>
    public string Name { get; set; } = "Play Moodle";

    /// <summary>The site's short name; also the short name of course 1.</summary>
    public string ShortName { get; set; } = "playmoodle";

    /// <summary>The address that appears inside answers (links, pictures), without a slash at the end; null for the address that the platform really listens on.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>The release as a person reads it.</summary>
    public string Release { get; set; } = "4.5.6 (Build: 20250811)";

    /// <summary>The version number, also the version of core functions.</summary>
    public string Version { get; set; } = "2024100706";

    /// <summary>The number in picture addresses that changes with the theme.</summary>
    public long ThemeRevision { get; set; } = 1;

    /// <summary>The address for badge recipients' questions.</summary>
    public string BadgeContact { get; set; } = "badges@example.com";

    /// <summary>False: every web-service call answers 403 with an empty body.</summary>
    public bool WebServicesEnabled { get; set; } = true;

    /// <summary>False: every REST call answers 403 with an empty body.</summary>
    public bool RestEnabled { get; set; } = true;

    /// <summary>True: calls with a good token answer 200 with the error <c>sitemaintenance</c>.</summary>
    public bool Maintenance { get; set; }

    /// <summary>True: every call answers 503 with an HTML page, as in command-line maintenance.</summary>
    public bool CommandLineMaintenance { get; set; }

    /// <summary>False: completion is off for the whole site.</summary>
    public bool CompletionEnabled { get; set; } = true;

    /// <summary>False: badge functions answer <c>badgesdisabled</c>.</summary>
    public bool BadgesEnabled { get; set; } = true;

    /// <summary>True: errors carry <c>debuginfo</c> where Moodle has any.</summary>
    public bool Debug { get; set; }

    /// <summary>The zone in which custom reports show times.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;
}
