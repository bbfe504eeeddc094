using System.Threading.Channels;
using CredSync.Core.Plans;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>
/// Walks over everybody in the ledger as it is at one moment. Several readers scan it side by side in the order in which it is stored, what they find is put into the order of
/// people in memory, and is then worked on side by side; results come in the order of subject ids. How many readers there are and how much memory they have changes nothing but the time.
/// </summary>
internal sealed class HistoryWalk : IAsyncDisposable
{
    // Parts of unequal weight do not keep a reader waiting when each takes several.
    private const int PartsEach = 4;

    // Sums are added up for each piece of work, which should not cost more than the work.
    private const int BucketsAtOnce = 4;

    private readonly IReadOnlyList<IHistoryReading> readings;
    private readonly long budget;

    private HistoryWalk(IReadOnlyList<IHistoryReading> readings, string watermark, long budget)
    {
        this.readings = readings;
        this.budget = budget;
        Watermark = watermark;
    }

    /// <summary>The ledger's mark at that moment.</summary>
    public string Watermark { get; }

    /// <summary>Takes the view, with as many readers and as much memory as fit the machine.</summary>
    public static Task<HistoryWalk> OpenAsync(IActsLedger ledger, CancellationToken ct) =>
        OpenAsync(ledger, Math.Clamp(Environment.ProcessorCount, 1, 4), Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, 64L << 20, 1L << 30), ct);

    /// <summary>Takes the view.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="readers">How many readers; at least 1.</param>
    /// <param name="budget">How many bytes to gather at most before working on them, more or less; a larger history is scanned in several rounds.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<HistoryWalk> OpenAsync(IActsLedger ledger, int readers, long budget, CancellationToken ct)
    {
        IReadOnlyList<IHistoryReading> readings = await ledger.OpenReadingsAsync(readers, ct).ConfigureAwait(false);
        try
        {
            return new HistoryWalk(readings, await readings[0].WatermarkAsync(ct).ConfigureAwait(false), budget);
        }
        catch
        {
            await DisposeAsync(readings).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Completed courses of which nobody can be named.</summary>
    public Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct) => readings[0].WithoutPersonAsync(ct);

    /// <summary>One person.</summary>
    public Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct) => readings[0].PersonAsync(subject, ct);

    /// <summary>Works on everybody.</summary>
    /// <param name="work">What is done with some people, in the order of their ids; may run beside others.</param>
    /// <param name="take">Takes the results, one after the other in order.</param>
    /// <param name="ct">Cancels.</param>
    public async Task EverybodyAsync<T>(Func<IReadOnlyList<PlanPerson>, T> work, Func<T, Task> take, CancellationToken ct)
    {
        PersonTies ties = await readings[0].TiesAsync(ct).ConfigureAwait(false);
        for (int first = 0; first < HistoryGathering.Buckets;)
        {
            var gathering = new HistoryGathering(ties, first, budget);
            await GatherAsync(gathering, ct).ConfigureAwait(false);
            await WorkAsync(gathering, first, work, take, ct).ConfigureAwait(false);
            first = gathering.Until;
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(readings);

    private async Task GatherAsync(HistoryGathering gathering, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        int parts = readings.Count * PartsEach;
        int next = -1;

        async Task ReadAsync(IHistoryReading reading)
        {
            try
            {
                GatheredPart mine = gathering.Part();
                for (int part = Interlocked.Increment(ref next); part < parts; part = Interlocked.Increment(ref next))
                {
                    await reading.ScanAsync(part, parts, mine, stop.Token).ConfigureAwait(false);
                }
            }
            catch
            {
                // The others need not go on; nobody may still read when the views are closed.
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }

        Task[] reads = [.. readings.Select(r => Task.Run(() => ReadAsync(r), CancellationToken.None))];
        Task all = Task.WhenAll(reads);
        await Task.WhenAny(all).ConfigureAwait(false);
        if (reads.FirstOrDefault(r => r.IsFaulted) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }

        await all.ConfigureAwait(false);
    }

    private async Task WorkAsync<T>(HistoryGathering gathering, int first, Func<IReadOnlyList<PlanPerson>, T> work, Func<T, Task> take, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var results = Channel.CreateBounded<Task<T>>(readings.Count);

        async Task ProduceAsync()
        {
            try
            {
                for (int bucket = first; bucket < gathering.Until; bucket += BucketsAtOnce)
                {
                    int[] mine = [.. Enumerable.Range(bucket, Math.Min(BucketsAtOnce, gathering.Until - bucket))];
                    await results.Writer.WaitToWriteAsync(stop.Token).ConfigureAwait(false);
                    results.Writer.TryWrite(Task.Run(() => work([.. mine.SelectMany(gathering.Take)]), CancellationToken.None));
                }

                results.Writer.Complete();
            }
            catch (Exception e)
            {
                results.Writer.Complete(e);
            }
        }

        Task producing = ProduceAsync();
        try
        {
            await foreach (Task<T> result in results.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await take(await result.ConfigureAwait(false)).ConfigureAwait(false);
            }

            await producing.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(false);
            while (results.Reader.TryRead(out Task<T>? left))
            {
                await Task.WhenAny(left).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask DisposeAsync(IReadOnlyList<IHistoryReading> readings)
    {
        foreach (IHistoryReading reading in readings)
        {
            await reading.DisposeAsync().ConfigureAwait(false);
        }
    }
}
