namespace CredSync.Host.Operations;

/// <summary>
/// Figures that are dear to take: taken at most so often that taking them costs the ledger a sixtieth of its time; whoever looks in between sees the last ones,
/// with their time. One at a time takes them, the others do not wait.
/// </summary>
/// <typeparam name="T">The figures.</typeparam>
/// <param name="take">Takes them.</param>
/// <param name="time">The clock.</param>
internal sealed class Figures<T>(Func<CancellationToken, Task<T>> take, TimeProvider time) : IDisposable
    where T : class
{
    // One part of so many of the ledger's time.
    private const int Share = 60;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Taken? last;
    private Task? refreshing;

    private static TimeSpan Pace(Taken taken) => taken.Cost * Share > Shortest ? taken.Cost * Share : Shortest;

    /// <summary>The figures; at most as old as taking them is dear. Nobody waits for new ones while old ones are there.</summary>
    public async Task<T> GetAsync(CancellationToken ct) => (await TakenAsync(ct).ConfigureAwait(false)).Value;

    /// <summary>The figures with the time at which they were taken.</summary>
    public async Task<(T Value, DateTimeOffset At)> WithTimeAsync(CancellationToken ct)
    {
        Taken taken = await TakenAsync(ct).ConfigureAwait(false);
        return (taken.Value, taken.At);
    }

    /// <inheritdoc />
    public void Dispose() => one.Dispose();

    private async Task<Taken> TakenAsync(CancellationToken ct)
    {
        if (last is not { } taken)
        {
            await one.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                return last ?? await TakeAsync(ct).ConfigureAwait(false);
            }
            finally
            {
                one.Release();
            }
        }

        TimeSpan age = time.GetElapsedTime(taken.Stamp);

        // Cheap ones, and those that nobody has looked at for long, are taken while somebody waits.
        if (age >= Pace(taken) && (taken.Cost < TimeSpan.FromMilliseconds(50) || age > Pace(taken) * 3))
        {
            return await one.WaitAsync(TimeSpan.Zero, ct).ConfigureAwait(false) ? await TakeAndReleaseAsync(ct).ConfigureAwait(false) : taken;
        }

        if (age >= Pace(taken) && await one.WaitAsync(TimeSpan.Zero, ct).ConfigureAwait(false))
        {
            refreshing = Task.Run(() => TakeAndReleaseAsync(CancellationToken.None), CancellationToken.None);
            _ = refreshing.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        return taken;
    }

    private async Task<Taken> TakeAndReleaseAsync(CancellationToken ct)
    {
        try
        {
            return await TakeAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<Taken> TakeAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        T value = await take(ct).ConfigureAwait(false);
        long end = time.GetTimestamp();
        last = new Taken(value, now, end, time.GetElapsedTime(start, end));
        return last;
    }

    private sealed record Taken(T Value, DateTimeOffset At, long Stamp, TimeSpan Cost);
}
