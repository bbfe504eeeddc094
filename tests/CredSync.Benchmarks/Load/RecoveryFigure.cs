using CredSync.Core.Issuance;
using DotNet.Testcontainers.Containers;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CredSync.Benchmarks.Load;

/// <summary>How long after a broker or database is back the worker issues as fast as before.</summary>
internal static class RecoveryFigure
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options, Servers servers)
    {
        string database = await servers.DatabaseAsync().ConfigureAwait(false), broker = await servers.BrokerAsync().ConfigureAwait(false);
        if (servers.Container(broker: true) is not { } rabbitMq || servers.Container(broker: false) is not { } postgres)
        {
            return [new Figure("recovery", "servers that were named are not restarted", "–", "–", "–", "< 10 s")];
        }

        await using LoadWorker worker = LoadWorker.Create(new LoadWork { People = options.Count * 4 }, database, broker);
        await worker.StartAsync().ConfigureAwait(false);
        await worker.PassAsync(options.Count / 2, TimeSpan.FromMinutes(2)).ConfigureAwait(false);
        return
        [
            await MeasureAsync(worker, rabbitMq, "RabbitMQ", options.Count, () => AnswersAsync(broker)).ConfigureAwait(false),
            await MeasureAsync(worker, postgres, "PostgreSQL", options.Count, () => ConnectsAsync(database)).ConfigureAwait(false),
        ];
    }

    private static async Task<Figure> MeasureAsync(LoadWorker worker, IContainer server, string name, int count, Func<Task<bool>> isBack)
    {
        // Enough that there is work throughout.
        Task given = worker.Work.GiveAsync(count * 6);
        var before = new List<double>();
        for (int i = 0; i < 6; i++)
        {
            before.Add(await SpeedAsync(worker).ConfigureAwait(false) ?? 0);
        }

        double speed = Measure.Median(before);
        await server.StopAsync().ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(5), Time).ConfigureAwait(false);
        _ = server.StartAsync();
        while (!await isBack().ConfigureAwait(false))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Time).ConfigureAwait(false);
        }

        long back = Time.GetTimestamp();
        double? now;
        do
        {
            now = await SpeedAsync(worker).ConfigureAwait(false);
            Console.Error.WriteLine(Measure.Words($"  {name} back for {Time.GetElapsedTime(back).TotalSeconds:0.0} s: {(now is null ? "no answer" : Measure.Words($"{now:0}/s"))}; {speed:0}/s before"));
        }
        while (!(now >= 0.7 * speed) && Time.GetElapsedTime(back) < TimeSpan.FromMinutes(1));

        double seconds = Time.GetElapsedTime(back).TotalSeconds - Window.TotalSeconds;
        await given.WaitAsync(TimeSpan.FromMinutes(3), Time).ConfigureAwait(false);
        await worker.PassAsync(1, TimeSpan.FromMinutes(3)).ConfigureAwait(false);
        await worker.CheckAsync().ConfigureAwait(false);
        return new Figure("recovery", $"{name} gone for five seconds: from its first answer until credentials are issued as fast as before", Measure.Words($"{seconds:0.0} s"), Measure.Words($"{speed:N0}/s before"), "–", "< 10 s");
    }

    // Null while the ledger does not answer.
    private static async Task<double?> SpeedAsync(LoadWorker worker)
    {
        int? first = await IssuedAsync(worker).ConfigureAwait(false);
        long start = Time.GetTimestamp();
        await Task.Delay(Window, Time).ConfigureAwait(false);
        TimeSpan passed = Time.GetElapsedTime(start);
        return (await IssuedAsync(worker).ConfigureAwait(false) - first) / passed.TotalSeconds;
    }

    private static async Task<int?> IssuedAsync(LoadWorker worker)
    {
        try
        {
            return (await worker.Ledger.CountIssuancesAsync(CancellationToken.None).ConfigureAwait(false)).Where(c => c.State == IssuanceState.Issued).Sum(c => c.Count);
        }
        catch (Host.Storage.StorageException)
        {
            return null;
        }
    }

    private static async Task<bool> AnswersAsync(string broker)
    {
        try
        {
            await using IConnection connection = await new ConnectionFactory { Uri = new Uri(broker), RequestedConnectionTimeout = TimeSpan.FromSeconds(2) }.CreateConnectionAsync().ConfigureAwait(false);
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private static async Task<bool> ConnectsAsync(string database)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false, Timeout = 2 }.ConnectionString);
            await connection.OpenAsync().ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
