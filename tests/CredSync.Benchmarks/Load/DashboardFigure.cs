using CredSync.Host;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Failures;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// What the dashboard costs the pipeline: P1's rounds with somebody looking at the overview, the sources and the failures, as often as open screens load them anew, against the
/// same worker's rounds with nobody looking. CPU of process and database together, which a noisy machine disturbs less than seconds.
/// </summary>
internal static class DashboardFigure
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

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
        for (int round = 0; round < options.Rounds; round++)
        {
            with.Add(await RoundAsync(worker, servers, options.Count, looking: true).ConfigureAwait(false));
            without.Add(await RoundAsync(worker, servers, options.Count, looking: false).ConfigureAwait(false));
            Console.Error.WriteLine(Measure.Words($"  round {round}: {with[^1]:0} µs each while somebody looks, {without[^1]:0} µs while nobody does"));
        }

        await worker.CheckAsync().ConfigureAwait(false);
        double ratio = Measure.Median([.. with.Zip(without, (w, o) => w / o)]), ours = Measure.Median(with), yardstick = Measure.Median(without);
        return [new Figure("dashboard", "CPU of a credential while somebody looks; yardstick: while nobody does", Measure.Words($"{ours:0} µs"), Measure.Words($"{yardstick:0} µs"), Measure.Words($"{ratio:0.000}"), "< 1.02")];
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

    // What three open screens ask for, by the way they share it; drawing it is the browser's.
    private static async Task LookAsync(IServiceProvider services, CancellationToken ct)
    {
        Looks looks = services.GetRequiredService<Looks>();
        while (true)
        {
            await services.GetRequiredService<OverviewDesk>().GetAsync(ct).ConfigureAwait(false);
            await looks.SeeAsync("sources", services.GetRequiredService<SourceDesk>().AllAsync, fresh: false, ct).ConfigureAwait(false);
            await looks.SeeAsync("failures", own => services.GetRequiredService<FailureDesk>().GroupsAsync(null, null, own), fresh: false, ct).ConfigureAwait(false);
            await Task.Delay(Between, Time, ct).ConfigureAwait(false);
        }
    }
}
