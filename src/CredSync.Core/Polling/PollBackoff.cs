namespace CredSync.Core.Polling;

/// <summary>How long to wait before a connection is tried again. A value: each answer gives the next one, and nothing else is remembered.</summary>
public readonly record struct PollBackoff
{
    /// <summary>The wait after the first failure in a row, before jitter.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait that CredSync chooses by itself.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>The longest wait that the other side is granted when it asks for one.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    /// <summary>Failures in a row; 0 after a success.</summary>
    public int Failures { get; init; }

    /// <summary>The state after a success: the next failure waits <see cref="Shortest"/> again.</summary>
    public static PollBackoff AfterSuccess() => default;

    /// <summary>The state and the wait after a failure.</summary>
    /// <param name="action">What is done about the fault; see <see cref="FaultPolicy"/>.</param>
    /// <param name="retryAfter">How long the other side asked to wait; null when it did not say.</param>
    /// <param name="fraction">A number from 0 (inclusive) to 1 (exclusive), random, that spreads workers over time.</param>
    /// <returns>
    /// The next state, and the wait: null for <see cref="FaultAction.Pause"/>, which no waiting mends. For <see cref="FaultAction.BackOff"/> it doubles
    /// with each failure in a row from <see cref="Shortest"/> to <see cref="Longest"/>, less up to half of it as jitter, but is never shorter than the
    /// other side asked (up to <see cref="LongestAsked"/>). Zero for faults of one item, which do not hold the connection up.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not within its range.</exception>
    public (PollBackoff Next, TimeSpan? Wait) AfterFailure(FaultAction action, TimeSpan? retryAfter, double fraction)
    {
        if (!(fraction is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), "The jitter is a fraction from 0 to just under 1.");
        }

        return action switch
        {
            FaultAction.Pause => (Failed(), null),
            FaultAction.BackOff => (Failed(), Wait(retryAfter, fraction)),
            _ => (this, TimeSpan.Zero),
        };
    }

    private PollBackoff Failed() => new() { Failures = Failures == int.MaxValue ? Failures : Failures + 1 };

    private TimeSpan Wait(TimeSpan? retryAfter, double fraction)
    {
        // 2^16 times the shortest is beyond the longest: the exponent is capped so that the product cannot overflow.
        double seconds = Math.Min(Shortest.TotalSeconds * Math.Pow(2, Math.Clamp(Failures, 0, 16)), Longest.TotalSeconds);
        TimeSpan own = TimeSpan.FromSeconds(seconds * (1 - (fraction / 2)));
        if (retryAfter is not { } asked || asked <= TimeSpan.Zero)
        {
            return own;
        }

        TimeSpan granted = asked < LongestAsked ? asked : LongestAsked;
        // Jitter comes on top of what was asked, never below it.
        TimeSpan spread = granted + TimeSpan.FromSeconds(Math.Min(granted.TotalSeconds / 10, 30) * fraction);
        return spread > own ? spread : own;
    }
}
