using System.Diagnostics;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// P1: completions in, stored and signed credentials out, through the real worker; the yardstick is MassTransit alone over the same broker, one message a credential.
/// Rounds alternate, so that a noisy machine is noisy for both.
/// </summary>
internal static class PipelineFigure
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options, Servers servers, bool distributed)
    {
        string? database = distributed ? await servers.DatabaseAsync().ConfigureAwait(false) : null;
        string? broker = distributed ? await servers.BrokerAsync().ConfigureAwait(false) : null;
        await using LoadWorker worker = LoadWorker.Create(new LoadWork { People = options.Count * (options.Rounds + options.Warm) / 4 }, database, broker);
        await worker.StartAsync().ConfigureAwait(false);
        await using BareQueue bare = await BareQueue.StartAsync(broker).ConfigureAwait(false);

        var ours = new Side();
        var yardstick = new Side();
        for (int round = -options.Warm; round < options.Rounds; round++)
        {
            await ours.MeasureAsync(servers, () => worker.PassAsync(options.Count, Limit), round >= 0).ConfigureAwait(false);
            await yardstick.MeasureAsync(servers, () => bare.PassAsync(options.Count, Limit), round >= 0).ConfigureAwait(false);
            Console.Error.WriteLine(Measure.Words($"  round {round}: {options.Count / ours.Last:0}/s, {ours.Collected:0} % of it collecting garbage ({ours.Generations}); {ours.Allocated / options.Count:0} kB each; bare {options.Count / yardstick.Last:0}/s, {yardstick.Collected:0} %, {yardstick.Allocated / options.Count:0} kB"));
        }

        await worker.CheckAsync().ConfigureAwait(false);
        double ratio = Measure.Median([.. yardstick.Seconds.Zip(ours.Seconds, (y, o) => y / o)]);
        string id = distributed ? "P1" : "P1e";
        return
        [
            new Figure(
                id, distributed ? "completions → stored credentials, RabbitMQ and PostgreSQL" : "the same embedded: SQLite and the queue in memory",
                ours.PerSecond(options.Count), yardstick.PerSecond(options.Count), Measure.Words($"{ratio:0.00}"), distributed ? "≥ 0.8" : "–"),
            new Figure(id, "CPU for each (process + database + broker)", ours.Cpu(options.Count), yardstick.Cpu(options.Count), Measure.Words($"{yardstick.CpuTotal / ours.CpuTotal:0.00}"), "–"),
        ];
    }

    // One of the two things compared.
    private sealed class Side
    {
        private CpuTimes cpu = new(0, 0, 0);

        public List<double> Seconds { get; } = [];

        public double Last { get; private set; }

        /// <summary>Per cent of the last round in which all threads waited for the collector.</summary>
        public double Collected { get; private set; }

        public double CpuTotal => cpu.Total;

        /// <summary>How many collections of each generation the last round had.</summary>
        public string Generations { get; private set; } = "";

        /// <summary>Kilobytes of memory that the last round asked for.</summary>
        public double Allocated { get; private set; }

        public async Task MeasureAsync(Servers servers, Func<Task> pass, bool counts)
        {
            GC.Collect();
            CpuTimes before = await servers.CpuAsync().ConfigureAwait(false);
            TimeSpan paused = GC.GetTotalPauseDuration();
            long allocated = GC.GetTotalAllocatedBytes();
            int[] collections = [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)];
            long start = Stopwatch.GetTimestamp();
            await pass().ConfigureAwait(false);
            Last = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Collected = 100 * (GC.GetTotalPauseDuration() - paused).TotalSeconds / Last;
            Generations = string.Join('/', collections.Select((c, g) => GC.CollectionCount(g) - c));
            Allocated = (GC.GetTotalAllocatedBytes() - allocated) / 1e3;
            if (counts)
            {
                cpu += await servers.CpuAsync().ConfigureAwait(false) - before;
                Seconds.Add(Last);
            }
        }

        public string PerSecond(int count) => Measure.Words($"{count / Measure.Median([.. Seconds]):N0}/s");

        public string Cpu(int count)
        {
            double scale = 1e6 / count / Seconds.Count;
            return Measure.Words($"{cpu.Total * scale:0} µs ({cpu.Process * scale:0} + {cpu.Database * scale:0} + {cpu.Broker * scale:0})");
        }
    }
}
