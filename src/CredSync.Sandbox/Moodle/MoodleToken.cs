using System.Collections.Frozen;
using System.Net;

namespace CredSync.Sandbox.Moodle;

/// <summary>A token of a service account.</summary>
public sealed record MoodleToken
{
    /// <summary>The token's text, as sent in <c>wstoken</c>.</summary>
    public required string Value { get; init; }

    /// <summary>The account that calls with it.</summary>
    public required int UserId { get; init; }

    /// <summary>The service it opens.</summary>
    public MoodleService Service { get; init; } = MoodleService.Default;

    /// <summary>When it ends; null for never. Moodle deletes an ended token at its first use.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The only address that may use it; null for any.</summary>
    public IPAddress? OnlyFrom { get; init; }
}

/// <summary>An external service: which functions may be called, and by whom.</summary>
public sealed record MoodleService
{
    /// <summary>The nine functions that CredSync uses, open to every account with a token.</summary>
    public static MoodleService Default { get; } = new();

    /// <summary>The default functions, and those that need no sweep of single calls: a learner's courses and custom reports.</summary>
    public static MoodleService Extended { get; } = new()
    {
        Functions = [.. Default.Functions, "core_enrol_get_users_courses", "core_reportbuilder_list_reports", "core_reportbuilder_retrieve_report"],
    };

    /// <summary>The functions of the service, in the order in which site info lists them.</summary>
    public IReadOnlyList<string> Functions { get; init; } =
    [
        "core_webservice_get_site_info",
        "core_course_get_courses",
        "core_course_get_courses_by_field",
        "core_enrol_get_enrolled_users",
        "core_completion_get_course_completion_status",
        "core_completion_get_activities_completion_status",
        "gradereport_user_get_grade_items",
        "core_user_get_users_by_field",
        "core_badges_get_user_badges",
    ];

    /// <summary>The only accounts that may use the service; null for all.</summary>
    public IReadOnlySet<int>? OnlyUsers { get; init; }

    internal FrozenSet<string> FunctionSet => field ??= Functions.ToFrozenSet(StringComparer.Ordinal);
}
