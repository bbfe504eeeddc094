using System.Threading.Channels;
using CredSync.Core.Plans;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>Walks over everybody in the ledger as it is at one moment: pages are read and worked on side by side, results come in the order of subject ids.</summary>
internal sealed class HistoryWalk : IAsyncDisposable
{
    private const int PageSize = 500;
    private const int Tries = 20;

    private readonly IReadOnlyList<IHistoryReading> readings;

    private HistoryWalk(IReadOnlyList<IHistoryReading> readings, string watermark)
    {
        this.readings = readings;
        Watermark = watermark;
    }

    /// <summary>The ledger's mark at that moment.</summary>
    public string Watermark { get; }

    /// <summary>Takes the view.</summary>
    public static async Task<HistoryWalk> OpenAsync(IActsLedger ledger, CancellationToken ct)
    {
        int workers = Math.Clamp(Environment.ProcessorCount, 1, 4);
        for (int attempt = 1; ; attempt++)
        {
            var readings = new List<IHistoryReading>();
            var marks = new HashSet<string>(StringComparer.Ordinal);
            try
            {
                // One more than work: it finds where pages begin and end.
                for (int i = 0; i <= workers; i++)
                {
                    readings.Add(await ledger.OpenReadingAsync(ct).ConfigureAwait(false));
                    marks.Add(await readings[^1].WatermarkAsync(ct).ConfigureAwait(false));
                }
            }
            catch
            {
                await DisposeAsync(readings).ConfigureAwait(false);
                throw;
            }

            // A page that was committed between two openings would make them see different things.
            if (marks.Count == 1 || attempt == Tries)
            {
                return new HistoryWalk(readings, marks.Order(StringComparer.Ordinal).First());
            }

            await DisposeAsync(readings).ConfigureAwait(false);
        }
    }

    /// <summary>Completed courses of which nobody can be named.</summary>
    public Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct) => readings[0].WithoutPersonAsync(ct);

    /// <summary>One person.</summary>
    public Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct) => readings[0].PersonAsync(subject, ct);

    /// <summary>Works on everybody.</summary>
    /// <param name="work">What is done with a page; may run beside other pages.</param>
    /// <param name="take">Takes the results, one after the other in order.</param>
    /// <param name="ct">Cancels.</param>
    public async Task EverybodyAsync<T>(Func<IReadOnlyList<PlanPerson>, T> work, Func<T, Task> take, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var free = Channel.CreateUnbounded<IHistoryReading>();
        foreach (IHistoryReading reading in readings.Skip(1))
        {
            free.Writer.TryWrite(reading);
        }

        var pages = Channel.CreateBounded<Task<T>>(readings.Count);
        Task producing = ProduceAsync(free, pages.Writer, work, stop.Token);
        try
        {
            await foreach (Task<T> page in pages.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await take(await page.ConfigureAwait(false)).ConfigureAwait(false);
            }

            await producing.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);

            // Nobody may still read when the views are closed.
            await Task.WhenAny(producing).ConfigureAwait(false);
            while (pages.Reader.TryRead(out Task<T>? left))
            {
                await Task.WhenAny(left).ConfigureAwait(false);
            }
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(readings);

    private async Task ProduceAsync<T>(Channel<IHistoryReading> free, ChannelWriter<Task<T>> pages, Func<IReadOnlyList<PlanPerson>, T> work, CancellationToken ct)
    {
        try
        {
            Guid? after = null;
            while (await readings[0].LastOfPageAsync(after, PageSize, ct).ConfigureAwait(false) is { } last)
            {
                IHistoryReading reading = await free.Reader.ReadAsync(ct).ConfigureAwait(false);
                Guid? from = after;
                Task<T> page = Task.Run(
                    async () =>
                    {
                        IReadOnlyList<PlanPerson> people = await reading.PeopleAsync(from, last, ct).ConfigureAwait(false);
                        free.Writer.TryWrite(reading);
                        return work(people);
                    },
                    ct);
                try
                {
                    await pages.WriteAsync(page, ct).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    await Task.WhenAny(page).ConfigureAwait(false);
                    throw;
                }

                after = last;
            }

            pages.Complete();
        }
        catch (Exception e)
        {
            pages.Complete(e);
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
