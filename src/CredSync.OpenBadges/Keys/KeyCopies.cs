using System.Collections.Concurrent;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// Copies of one base-library key, one for each signature that is under way: those classes do not promise that one
/// instance may be used from two threads, and a lock would let one core do all the signing.
/// </summary>
internal sealed class KeyCopies<T>(Func<T> copy) : IDisposable
    where T : class, IDisposable
{
    private readonly ConcurrentBag<T> idle = [];
    private readonly Lock gate = new();
    private volatile bool disposed;

    public T Take()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (idle.TryTake(out T? taken)) return taken;
        lock (gate) return copy();
    }

    public void Return(T used)
    {
        if (disposed) used.Dispose();
        else idle.Add(used);
    }

    public void Dispose()
    {
        disposed = true;
        while (idle.TryTake(out T? taken)) taken.Dispose();
    }
}
