namespace CredSync.Sandbox.Faults;

/// <summary>A fault that was set: it counts its hits and can be taken back.</summary>
public sealed class ActiveFault
{
    private readonly FaultKnobs _knobs;
    private readonly Random _random;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;
    private int _hits;

    internal ActiveFault(FaultKnobs knobs, PlayFault fault)
    {
        _knobs = knobs;
        Fault = fault;
        _random = new Random(fault.Seed);
    }

    /// <summary>What was set.</summary>
    public PlayFault Fault { get; }

    /// <summary>How many requests it hit so far.</summary>
    public int Hits => Volatile.Read(ref _hits);

    internal Task Released => _released.Task;

    /// <summary>Waits until it hit a number of requests.</summary>
    /// <param name="hits">How many, counted from the beginning.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task WaitForHitsAsync(int hits, CancellationToken ct)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _hit).Task;
            if (Hits >= hits)
            {
                return;
            }

            await next.WaitAsync(ct);
        }
    }

    /// <summary>Takes it back, and lets requests that it holds go on.</summary>
    public void Release()
    {
        _knobs.Remove(this);
        _released.TrySetResult();
    }

    /// <summary>Called under the knobs' lock, one request at a time.</summary>
    internal bool Hit(string operation)
    {
        if ((Fault.Operation is not null && Fault.Operation != operation) || _hits >= (Fault.Count ?? int.MaxValue))
        {
            return false;
        }

        _seen++;
        if (_seen <= Fault.Skip || (Fault.Probability < 1 && _random.NextDouble() >= Fault.Probability))
        {
            return false;
        }

        Interlocked.Increment(ref _hits);
        Interlocked.Exchange(ref _hit, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return true;
    }
}
