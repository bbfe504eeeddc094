using CredSync.Host.Storage;

namespace CredSync.Host.Operations;

/// <summary>
/// Figures that many look at: whoever looks sees the last ones. They are taken again when the ledger has changed since, no oftener than is useful and
/// than the budget for looking allows. One at a time takes them; while there are old ones, nobody waits for dear ones.
/// </summary>
/// <typeparam name="T">The figures.</typeparam>
/// <param name="sql">The ledger, which tells whether anything changed.</param>
/// <param name="budget">What may be spent on looking.</param>
/// <param name="isNew">Whether nothing of this kind was taken in this process before: how long that takes says little of what it costs, for much is done then for the first time.</param>
/// <param name="time">The clock.</param>
internal sealed class Figures<T>(ISql sql, LookBudget budget, bool isNew, TimeProvider time) : ILook
    where T : class
{
    /// <summary>Figures that are younger are not taken again.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    // Some of what is shown depends on the clock: a source that is silent, a token that ends.
    private static readonly TimeSpan Unchanged = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Cheap = TimeSpan.FromMilliseconds(50);

    // However dear they are and whatever else is looked at, nobody is shown older ones when the ledger has changed.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Taken? last;
    private bool isNew = isNew;

    /// <inheritdoc />
    public long LookedAt { get; private set; } = time.GetTimestamp();

    /// <summary>The figures.</summary>
    /// <param name="take">Takes them.</param>
    /// <param name="fresh">Whether they must be taken now, because who looks has just changed something.</param>
    /// <param name="ct">Cancels.</param>
    public ValueTask<T> GetAsync(Func<CancellationToken, Task<T>> take, bool fresh, CancellationToken ct)
    {
        // Answered at once where it can be: a screen that is drawn with its figures does not flicker.
        ValueTask<Taken> taken = TakenAsync(take, fresh, ct);
        return taken.IsCompletedSuccessfully ? new ValueTask<T>(taken.Result.Value) : new ValueTask<T>(ValueAsync(taken));
    }

    /// <inheritdoc />
    public void Dispose() => one.Dispose();

    private static async Task<T> ValueAsync(ValueTask<Taken> taken) => (await taken.ConfigureAwait(false)).Value;

    private ValueTask<Taken> TakenAsync(Func<CancellationToken, Task<T>> take, bool fresh, CancellationToken ct)
    {
        long now = time.GetTimestamp();
        LookedAt = now;
        Taken? taken = last;
        return taken is null || fresh ? new ValueTask<Taken>(TakeInTurnAsync(take, fresh ? now : null, ct))
            : time.GetElapsedTime(taken.Stamp, now) < Shortest ? new ValueTask<Taken>(taken)
            : new ValueTask<Taken>(AgainAsync(take, taken, time.GetElapsedTime(taken.Stamp, now), ct));
    }

    private async Task<Taken> AgainAsync(Func<CancellationToken, Task<T>> take, Taken taken, TimeSpan age, CancellationToken ct)
    {
        if (age < Oldest && !budget.Allows)
        {
            return taken;
        }

        if (age < Unchanged && await sql.ChangeMarkAsync(ct).ConfigureAwait(false) == taken.Mark)
        {
            return taken;
        }

        if (!await one.WaitAsync(TimeSpan.Zero, ct).ConfigureAwait(false))
        {
            return taken;
        }

        // Cheap ones, and those that nobody has looked at for long, are taken while somebody waits.
        if (taken.Cost < Cheap || age > Oldest)
        {
            return await TakeAndReleaseAsync(take, ct).ConfigureAwait(false);
        }

        Task again = Apart.RunAsync(own => TakeAndReleaseAsync(take, own), CancellationToken.None);
        _ = again.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return taken;
    }

    // Who has changed something wants what was begun after it; everybody else shares what is being read when they come.
    private async Task<Taken> TakeInTurnAsync(Func<CancellationToken, Task<T>> take, long? since, CancellationToken ct)
    {
        await one.WaitAsync(ct).ConfigureAwait(false);
        if (last is { } taken && (since is null || taken.Began > since))
        {
            one.Release();
            return taken;
        }

        return await TakeAndReleaseAsync(take, ct).ConfigureAwait(false);
    }

    private async Task<Taken> TakeAndReleaseAsync(Func<CancellationToken, Task<T>> take, CancellationToken ct)
    {
        try
        {
            long start = time.GetTimestamp();
            string mark = await sql.ChangeMarkAsync(ct).ConfigureAwait(false);
            T value = await take(ct).ConfigureAwait(false);
            long end = time.GetTimestamp();
            TimeSpan cost = time.GetElapsedTime(start, end);

            budget.Spend(isNew && cost > Cheap ? Cheap : cost);
            isNew = false;
            return last = new Taken(value, start, end, cost, mark);
        }
        finally
        {
            one.Release();
        }
    }

    private sealed record Taken(T Value, long Began, long Stamp, TimeSpan Cost, string Mark);
}
