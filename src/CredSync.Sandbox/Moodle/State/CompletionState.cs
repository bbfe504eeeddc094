namespace CredSync.Sandbox.Moodle.State;

/// <summary>How far one learner is with one course; it exists from the first criterion on.</summary>
internal sealed class CompletionState(int criteria)
{
    /// <summary>When the course was completed; null as long as it is not.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>When each criterion was met, in the course's order of criteria.</summary>
    public DateTimeOffset?[] Criteria { get; } = new DateTimeOffset?[criteria];

    /// <summary>A criterion was met that has not been counted yet.</summary>
    public bool Uncounted { get; set; }
}
