namespace CredSync.Host.Outcome;

/// <summary>Tells waiting parts of this process (the demo, <c>sync --wait</c>) that the ledger has new outcomes. A hint: the ledger is the truth.</summary>
internal sealed class IssuedSignal
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next outcome.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Wakes everyone who waits.</summary>
    public void Notify() => Interlocked.Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
