namespace CredSync.Host.Operations;

/// <summary>
/// How much of the time may go into figures that are taken again for people who look: a hundredth of one core, however many look and however large the ledger is. What somebody
/// waits for is taken in any case, and is paid for by taking the others later.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LookBudget(TimeProvider time)
{
    /// <summary>The share of the time that is spent on it.</summary>
    public const double Share = 0.01;

    // What was not spent while nobody looked is not saved up for those who do: with work going on, the work would pay for it.
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    // One look that took long must not keep all others waiting for minutes. What is dear each time rests by itself.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(-200);
    private readonly Lock one = new();
    private long stamp = time.GetTimestamp();
    private TimeSpan left = Most;

    /// <summary>Whether something may be taken again now.</summary>
    public bool Allows
    {
        get
        {
            lock (one)
            {
                long now = time.GetTimestamp();
                left += time.GetElapsedTime(stamp, now) * Share;
                stamp = now;
                left = left > Most ? Most : left;
                return left > TimeSpan.Zero;
            }
        }
    }

    /// <summary>Something was taken.</summary>
    /// <param name="cost">How long it took.</param>
    public void Spend(TimeSpan cost)
    {
        lock (one)
        {
            left = left - cost < Least ? Least : left - cost;
        }
    }
}
