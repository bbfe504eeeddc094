using CredSync.Host.Ledger;

namespace CredSync.Host.Dispatch;

/// <summary>
/// From a page that this worker took in straight to this worker's dispatcher: what the page planned was committed as claimed, in the same transaction, and need not be looked up
/// and claimed again. A claim that is lost between the two, with this process, lapses like any other.
/// </summary>
internal sealed class Handover(IOutbox outbox, OutboxSignal signal, TimeProvider time)
{
    // More than this waits in the ledger, where it belongs.
    private const int Most = 4_000;
    private readonly Lock gate = new();
    private readonly Queue<(IReadOnlyList<ClaimedIssuance> Claims, DateTimeOffset Until)> waiting = [];
    private TimeSpan? lease;
    private Func<bool> isReady = static () => false;
    private int count;

    /// <summary>For how long a page may claim what it plans; null when its lines are to wait for a dispatcher: there is none here, or it has enough to do, or the queue is away.</summary>
    public TimeSpan? Lease
    {
        get
        {
            lock (gate)
            {
                return lease is { } given && count < Most && isReady() ? given : null;
            }
        }
    }

    /// <summary>Says that a dispatcher runs here.</summary>
    /// <param name="claimLease">How long its claims last.</param>
    /// <param name="ready">Whether the queue would take a message now.</param>
    public void Open(TimeSpan claimLease, Func<bool> ready)
    {
        lock (gate)
        {
            (lease, isReady) = (claimLease, ready);
        }
    }

    /// <summary>Says that the dispatcher ends.</summary>
    /// <returns>What it has not taken.</returns>
    public IReadOnlyList<ClaimedIssuance> Close()
    {
        lock (gate)
        {
            lease = null;
            return TakeAll();
        }
    }

    /// <summary>Hands over what a committed page claimed. Without a dispatcher it is given back to the ledger.</summary>
    public async Task GiveAsync(IReadOnlyList<ClaimedIssuance> claims, CancellationToken ct)
    {
        if (claims.Count == 0)
        {
            return;
        }

        lock (gate)
        {
            if (lease is { } given)
            {
                // Half of the lease is for publishing.
                waiting.Enqueue((claims, time.GetUtcNow() + (given / 2)));
                count += claims.Count;
                claims = [];
            }
        }

        if (claims.Count > 0)
        {
            await outbox.ReleaseAsync(claims, ct).ConfigureAwait(false);
        }

        signal.Notify();
    }

    /// <summary>What was handed over since.</summary>
    public IReadOnlyList<ClaimedIssuance> Take()
    {
        lock (gate)
        {
            return TakeAll();
        }
    }

    // What waited for too long lapses, and is claimed anew.
    private List<ClaimedIssuance> TakeAll()
    {
        var taken = new List<ClaimedIssuance>(count);
        DateTimeOffset now = time.GetUtcNow();
        while (waiting.TryDequeue(out (IReadOnlyList<ClaimedIssuance> Claims, DateTimeOffset Until) next))
        {
            if (now < next.Until)
            {
                taken.AddRange(next.Claims);
            }
        }

        count = 0;
        return taken;
    }
}
