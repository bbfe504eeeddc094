namespace CredSync.Core.Polling;

/// <summary>What the host does about a fault.</summary>
public enum FaultAction
{
    /// <summary>Try again later: at once the other side's own wait, else a growing one.</summary>
    BackOff,

    /// <summary>Stop this connection until a person acts; others go on.</summary>
    Pause,

    /// <summary>Set this one item aside for good, with its reason; others go on.</summary>
    Park,

    /// <summary>Keep this one item until a person or a look-up settles it; others go on.</summary>
    Hold,
}

/// <summary>The one table from the kind of a fault to what is done about it.</summary>
public static class FaultPolicy
{
    /// <summary>What is done about a fault.</summary>
    /// <param name="kind">The kind of the fault.</param>
    public static FaultAction ActionFor(FaultKind kind) => kind switch
    {
        FaultKind.Outage => FaultAction.BackOff,
        FaultKind.RateLimited => FaultAction.BackOff,
        FaultKind.Broken => FaultAction.BackOff,
        FaultKind.Unauthorized => FaultAction.Pause,
        FaultKind.Misconfigured => FaultAction.Pause,
        FaultKind.Rejected => FaultAction.Park,
        FaultKind.InDoubt => FaultAction.Hold,
        _ => FaultAction.Hold,
    };
}
