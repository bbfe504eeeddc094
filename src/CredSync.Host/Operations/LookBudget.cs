namespace CredSync.Host.Operations;

/// <summary>
/// How much of the time may go into figures that are taken again for people who look: one fiftieth of one core, however many look and however large the ledger is. What somebody
/// waits for is taken in any case, and is paid for by taking the others later.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LookBudget(TimeProvider time)
{
    /// <summary>The share of the time that is spent on it.</summary>
    public const double Share = 0.02;

    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(500);
    private readonly Lock one = new();
    private long stamp = time.GetTimestamp();
    private TimeSpan left = Most;
    private long taken;

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

    /// <summary>How often something was taken since the start.</summary>
    public long Taken
    {
        get
        {
            lock (one)
            {
                return taken;
            }
        }
    }

    /// <summary>Something was taken.</summary>
    /// <param name="cost">How long it took.</param>
    public void Spend(TimeSpan cost)
    {
        lock (one)
        {
            taken++;

            // One look at everything must not keep all others waiting for an hour.
            left = left - cost < -Most ? -Most : left - cost;
        }
    }
}
