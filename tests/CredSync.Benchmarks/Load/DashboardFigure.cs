using CredSync.Host;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Failures;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// What the dashboard costs the pipeline, in two ways, both by CPU of process and database together, which a noisy machine disturbs less than seconds. By difference: rounds of P1 with somebody
/// looking at the overview, the sources and the failures, as often as open screens load them anew, each beside a round of the same worker with nobody looking, in turns which of the two comes first.
/// What a credential costs differs from round to round by more than what looking may cost, so the median comes with the range in which it lies nineteen times of twenty. And by itself: how often the
/// screens really read anew in those rounds, times what reading anew costs on the same ledger when nothing else is done.
/// </summary>
internal static class DashboardFigure
{
    // So often each screen is read anew to learn what that costs.
    private const int Alone = 20;
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    // As a screen that is open.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options, Servers servers)
    {
        string database = await servers.DatabaseAsync().ConfigureAwait(false), broker = await servers.BrokerAsync().ConfigureAwait(false);
        await using LoadWorker worker = LoadWorker.Create(
            new LoadWork { People = options.Count * ((options.Rounds * 2) + options.Warm) / 4 }, database, broker, Roles.Intake | Roles.Dispatch | Roles.Issue | Roles.Operations);
        await worker.StartAsync().ConfigureAwait(false);
        for (int round = 0; round < options.Warm; round++)
        {
            await RoundAsync(worker, servers, options.Count, looking: round % 2 == 0).ConfigureAwait(false);
        }

        var with = new List<double>();
        var without = new List<double>();
        LookBudget budget = worker.Services.GetRequiredService<LookBudget>();
        long taken = 0;
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (bool looking in round % 2 == 0 ? new[] { true, false } : [false, true])
            {
                Spend(budget, (round + 0.5) / options.Rounds);
                long before = budget.Taken;
                (looking ? with : without).Add(await RoundAsync(worker, servers, options.Count, looking).ConfigureAwait(false));
                taken += budget.Taken - before;
            }

            Console.Error.WriteLine(Measure.Words($"  round {round}: {with[^1]:0} µs each while somebody looks, {without[^1]:0} µs while nobody does"));
        }

        await worker.CheckAsync().ConfigureAwait(false);
        double one = await AloneAsync(worker.Services, servers, budget).ConfigureAwait(false);
        double[] ratios = [.. with.Zip(without, (w, o) => w / o)];
        (double least, double most) = Range(ratios);
        double ours = Measure.Median(with), yardstick = Measure.Median(without), looks = taken * one / ((double)options.Count * options.Rounds);
        return
        [
            new Figure(
                "dashboard", "CPU of a credential while somebody looks; yardstick: while nobody does", Measure.Words($"{ours:0} µs"), Measure.Words($"{yardstick:0} µs"),
                Measure.Words($"{Measure.Median([.. ratios]):0.000} ({least:0.000} to {most:0.000})"), "< 1.02"),
            new Figure(
                "dashboard", Measure.Words($"CPU of looking by itself for a credential, {taken} readings at {one / 1000:0.0} ms; yardstick: CPU of a credential"), Measure.Words($"{looks:0.00} µs"), Measure.Words($"{yardstick:0} µs"),
                Measure.Words($"{looks / yardstick:0.0000}"), "< 0.02"),
        ];
    }

    // As if somebody had looked for long: what was saved up while nobody did is gone, and the next reading is due at another time in each round.
    private static void Spend(LookBudget budget, double phase)
    {
        while (budget.Allows)
        {
            budget.Spend(TimeSpan.FromMilliseconds(20));
        }

        budget.Spend(TimeSpan.FromMilliseconds(500 * phase));
    }

    // The range in which the median of such rounds lies nineteen times of twenty, by the order of those that there were.
    private static (double Least, double Most) Range(double[] ratios)
    {
        double[] sorted = [.. ratios.Order()];
        int outside = Math.Max(0, (int)Math.Floor((sorted.Length - (1.96 * Math.Sqrt(sorted.Length))) / 2));
        return (sorted[outside], sorted[^(outside + 1)]);
    }

    // CPU of one reading in microseconds, of the process and the database.
    private static async Task<double> AloneAsync(IServiceProvider services, Servers servers, LookBudget budget)
    {
        await LookOnceAsync(services, CancellationToken.None).ConfigureAwait(false);
        GC.Collect();
        Looks looks = services.GetRequiredService<Looks>();

        // A worker that nobody asks anything polls, and the database cleans up behind the rounds: what that takes meanwhile is not what looking costs.
        double idle = await IdleAsync(servers).ConfigureAwait(false);
        CpuTimes before = await servers.CpuAsync().ConfigureAwait(false);
        long taken = budget.Taken, start = Time.GetTimestamp();
        for (int i = 0; i < Alone; i++)
        {
            looks.Forget();
            await LookOnceAsync(services, CancellationToken.None).ConfigureAwait(false);
        }

        double spent = (await servers.CpuAsync().ConfigureAwait(false) - before).Total - (idle * Time.GetElapsedTime(start).TotalSeconds);
        return Math.Max(0, spent) * 1e6 / (budget.Taken - taken);
    }

    // Seconds of CPU in a second in which nobody looks and nothing passes.
    private static async Task<double> IdleAsync(Servers servers)
    {
        CpuTimes before = await servers.CpuAsync().ConfigureAwait(false);
        long start = Time.GetTimestamp();
        await Task.Delay(Quiet, Time).ConfigureAwait(false);
        return (await servers.CpuAsync().ConfigureAwait(false) - before).Total / Time.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> RoundAsync(LoadWorker worker, Servers servers, int count, bool looking)
    {
        GC.Collect();
        CpuTimes before = await servers.CpuAsync().ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        Task visitor = looking ? LookAsync(worker.Services, stop.Token) : Task.CompletedTask;
        await worker.PassAsync(count, Limit).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await visitor.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (await servers.CpuAsync().ConfigureAwait(false) - before).Total * 1e6 / count;
    }

    private static async Task LookAsync(IServiceProvider services, CancellationToken ct)
    {
        while (true)
        {
            await LookOnceAsync(services, ct).ConfigureAwait(false);
            await Task.Delay(Between, Time, ct).ConfigureAwait(false);
        }
    }

    // What three open screens ask for, by the way they share it; drawing it is the browser's.
    private static async Task LookOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        Looks looks = services.GetRequiredService<Looks>();
        await services.GetRequiredService<OverviewDesk>().GetAsync(ct).ConfigureAwait(false);
        await looks.SeeAsync("sources", services.GetRequiredService<SourceDesk>().AllAsync, fresh: false, ct).ConfigureAwait(false);
        await looks.SeeAsync("failures", own => services.GetRequiredService<FailureDesk>().GroupsAsync(null, null, own), fresh: false, ct).ConfigureAwait(false);
    }
}
