namespace CredSync.Issuers.Http;

/// <summary>
/// Keeps one issuer's calls below the number a minute that it allows: a bucket that holds ten seconds' worth and fills steadily. Each process has its own,
/// so several that issue at once share what is configured by configuring a part each.
/// </summary>
internal sealed class RateBudget(int callsPerMinute, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly double most = Math.Max(1, callsPerMinute / 6.0);
    private double left = Math.Max(1, callsPerMinute / 6.0);
    private DateTimeOffset at = time.GetUtcNow();

    /// <summary>Waits until a call may be made.</summary>
    /// <param name="ct">Cancels the wait; the call's place is lost.</param>
    public async Task WaitAsync(CancellationToken ct)
    {
        TimeSpan wait;
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now > at)
            {
                left = Math.Min(most, left + ((now - at).TotalMinutes * callsPerMinute));
                at = now;
            }

            // Below zero are calls that wait already: each takes its place behind them.
            left -= 1;
            wait = left >= 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(-left / callsPerMinute);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct).ConfigureAwait(false);
        }
    }
}
