namespace CredSync.Completions;

/// <summary>Where a completion stands.</summary>
public enum CompletionStatus
{
    /// <summary>Known, and never complete so far.</summary>
    NotCompleted,

    /// <summary>Complete.</summary>
    Completed,

    /// <summary>Was complete; the platform now says that it is not.</summary>
    Withdrawn,

    /// <summary>Explicitly revoked by the platform.</summary>
    Revoked,
}

/// <summary>How exact a completion time is. Higher is better; a better precision may replace a worse one.</summary>
public enum TimePrecision
{
    /// <summary>First seen then by CredSync; the platform gives no time.</summary>
    Observed,

    /// <summary>Computed from other times of the record, such as the newest criterion.</summary>
    Derived,

    /// <summary>A date without a time of day.</summary>
    Date,

    /// <summary>The platform's own instant.</summary>
    Instant,
}
