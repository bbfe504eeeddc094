namespace CredSync.Sandbox.Faults;

/// <summary>What goes wrong.</summary>
public enum PlayFaultKind
{
    /// <summary>429; with <c>Retry-After</c> when <see cref="PlayFault.RetryAfter"/> or <see cref="PlayFault.RetryAt"/> is set.</summary>
    TooManyRequests,

    /// <summary>503 with an HTML page; with <c>Retry-After</c> when set.</summary>
    Unavailable,

    /// <summary>403 with an empty body.</summary>
    EmptyForbidden,

    /// <summary>The right answer, late: after <see cref="PlayFault.Delay"/>, or when the fault is released.</summary>
    Slow,

    /// <summary>The right answer cut off in the middle, with a content length that agrees.</summary>
    Truncated,

    /// <summary>200 with an HTML log-in page.</summary>
    LoginPage,

    /// <summary>The connection is cut before an answer.</summary>
    CutConnection,

    /// <summary>The connection is cut in the middle of the answer.</summary>
    CutMidAnswer,

    /// <summary>The request is carried out, and then answered with 500 and an HTML page.</summary>
    ErrorAfterEffect,

    /// <summary>The request is carried out, and then not answered: until the caller hangs up, or the fault is released.</summary>
    SilentAfterEffect,

    /// <summary>The token that the request carries has ended, as the platform says it.</summary>
    ExpiredToken,

    /// <summary>Completed courses are shown as not completed.</summary>
    VanishedCompletion,

    /// <summary>The page before is sent again.</summary>
    DuplicatePage,
}

/// <summary>Something that goes wrong for some requests.</summary>
public sealed record PlayFault
{
    /// <summary>What goes wrong.</summary>
    public required PlayFaultKind Kind { get; init; }

    /// <summary>For how many requests; null, the default, until it is removed.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching requests pass first. Default 0.</summary>
    public int Skip { get; init; }

    /// <summary>The only operation that it hits, for example <c>core_enrol_get_enrolled_users</c>; null for all.</summary>
    public string? Operation { get; init; }

    /// <summary>How likely a matching request is hit, from 0 to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The seed for <see cref="Probability"/>; the same seed hits the same requests. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>For <see cref="PlayFaultKind.Slow"/>: how late; null waits until the fault is released.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary><c>Retry-After</c> in seconds; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary><c>Retry-After</c> as a date; null for none. <see cref="RetryAfter"/> wins.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
