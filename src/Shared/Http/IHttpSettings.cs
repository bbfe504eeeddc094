namespace CredSync.Shared.Http;

/// <summary>The values of the one HTTP policy; sources and issuers have their own.</summary>
internal interface IHttpSettings
{
    /// <summary>How often one request is sent at most, the first time included.</summary>
    int Tries { get; }

    /// <summary>Median wait before the second try; later waits grow with decorrelated jitter.</summary>
    TimeSpan FirstWait { get; }

    /// <summary>The longest <c>Retry-After</c> that is waited out within a request.</summary>
    TimeSpan LongestRetryAfter { get; }

    /// <summary>Time for one try, body included.</summary>
    TimeSpan TryTimeout { get; }

    /// <summary>After how many failed tries in a row a connection is left alone for <see cref="BreakFor"/>.</summary>
    int BreakAfter { get; }

    /// <summary>How long a connection is left alone.</summary>
    TimeSpan BreakFor { get; }

    /// <summary>The largest answer that is read, in bytes.</summary>
    int LargestAnswer { get; }
}
