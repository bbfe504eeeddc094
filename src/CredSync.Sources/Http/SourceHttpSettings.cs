namespace CredSync.Sources.Http;

/// <summary>
/// How every source speaks HTTP. One instance serves all sources; a host or a test may register its own before the adapters.
/// The values cover hiccups of seconds: everything longer is a fault that the host waits out.
/// </summary>
public sealed class SourceHttpSettings : IHttpSettings
{
    /// <summary>How often one request is sent at most, the first time included. 1 to 5, default 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Median wait before the second try; later waits grow with decorrelated jitter. Default 400 ms.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest <c>Retry-After</c> that is waited out within a request; a longer one is handed to the host. Default 5 s.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one try, body included. Default 60 s.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how many failed tries in a row a source is left alone for <see cref="BreakFor"/>. Default 12.</summary>
    public int BreakAfter { get; init; } = 12;

    /// <summary>How long a source is left alone. Default 30 s.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest answer that is read, in bytes. Default 64 MiB.</summary>
    public int LargestAnswer { get; init; } = 64 * 1024 * 1024;

    /// <summary>The turns to call, shared by all sources that these settings serve.</summary>
    internal CallBudgets Budgets { get; } = new();
}
