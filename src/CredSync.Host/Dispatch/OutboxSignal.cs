namespace CredSync.Host.Dispatch;

/// <summary>Tells the dispatcher of this process that a page planned something, so that it need not wait for its next look. A hint: the ledger is the truth.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim planned = new(0, 1);

    /// <summary>Wakes the dispatcher.</summary>
    public void Notify()
    {
        try
        {
            planned.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>Waits for a hint, or until the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await planned.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over; look at the ledger.
        }
    }

    public void Dispose() => planned.Dispose();
}
