using System.Collections.Concurrent;
using CredSync.Host.Storage;

namespace CredSync.Host.Operations;

/// <summary>What open screens show, kept for a while: everybody who looks at the same screen in the same way sees the same figures, taken once.</summary>
/// <param name="sql">The ledger.</param>
/// <param name="budget">What may be spent on looking.</param>
/// <param name="time">The clock.</param>
internal sealed class Looks(ISql sql, LookBudget budget, TimeProvider time) : IDisposable
{
    // So many screens are open at once in no organisation; what nobody has looked at for longest is forgotten first.
    private const int Most = 300;
    private readonly ConcurrentDictionary<object, ILook> looks = new();

    // What has been read once in this process; of few types.
    private readonly ConcurrentDictionary<Type, bool> kinds = new();

    /// <summary>What is to be seen.</summary>
    /// <param name="key">Which screen, and of what: equal for those who see the same, and only of one kind of figures.</param>
    /// <param name="take">Reads it.</param>
    /// <param name="fresh">Whether it must be read now, because who looks has just changed something.</param>
    /// <param name="ct">Cancels.</param>
    public ValueTask<T> SeeAsync<T>(object key, Func<CancellationToken, Task<T>> take, bool fresh, CancellationToken ct)
        where T : class
    {
        if (looks.Count > Most)
        {
            // Somebody may be waiting for one of these; it is only not found again.
            foreach (KeyValuePair<object, ILook> old in looks.OrderBy(l => l.Value.LookedAt).Take(Most / 3))
            {
                looks.TryRemove(old);
            }
        }

        return ((Figures<T>)looks.GetOrAdd(key, static (_, own) => new Figures<T>(own.sql, own.budget, own.kinds.TryAdd(typeof(T), true), own.time), (sql, budget, kinds, time))).GetAsync(take, fresh, ct);
    }

    /// <summary>Forgets everything, as if nobody had looked for long.</summary>
    public void Forget() => looks.Clear();

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (ILook look in looks.Values)
        {
            look.Dispose();
        }
    }
}

/// <summary>Figures of any kind.</summary>
internal interface ILook : IDisposable
{
    /// <summary>When somebody looked last, by the clock's own count.</summary>
    long LookedAt { get; }
}
