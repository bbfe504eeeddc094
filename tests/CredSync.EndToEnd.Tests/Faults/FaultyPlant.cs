using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Dapper;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>Servers of its own, faulty lines to them, and workers in roles that are started again whenever they end, as an orchestrator would.</summary>
internal sealed class FaultyPlant : IAsyncDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly string[] Roles = ["intake", "dispatch", "issue", "issue,dispatch"];
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-faults-").FullName;
    private readonly CancellationTokenSource closing = new();
    private readonly WorkerProcess?[] workers = new WorkerProcess?[Roles.Length];
    private readonly Task[] keepers = new Task[Roles.Length];
    private readonly List<string> defects = [];
    private readonly PostgreSqlContainer postgres;
    private readonly RabbitMqContainer rabbitMq;
    private readonly SandboxServer server;
    private readonly string databaseAddress;

    private FaultyPlant(PostgreSqlContainer postgres, RabbitMqContainer rabbitMq, SandboxServer server, NorthwindScript script, PressHouse press)
    {
        (this.postgres, this.rabbitMq, this.server, Script, Press) = (postgres, rabbitMq, server, script, press);
        // Kept: a container that is stopped does not tell it.
        databaseAddress = postgres.GetConnectionString();
        var database = new NpgsqlConnectionStringBuilder(databaseAddress);
        Broker = new Uri(rabbitMq.GetConnectionString());
        (DatabaseLine, BrokerLine) = (new FaultyLine(database.Host!, database.Port), new FaultyLine(Broker.Host, Broker.Port));
        Eavesdropper = new Eavesdropper(Broker);
    }

    public NorthwindScript Script { get; }

    public PressHouse Press { get; }

    public Uri Broker { get; }

    public FaultyLine DatabaseLine { get; }

    public FaultyLine BrokerLine { get; }

    public Eavesdropper Eavesdropper { get; }

    /// <summary>Workers that ended for a reason that no fault explains, with what they said.</summary>
    public IReadOnlyList<string> Defects => defects;

    /// <summary>How often a worker was started.</summary>
    public int Starts { get; private set; }

    /// <summary>What the workers that run now have said.</summary>
    public string Log => string.Join("\n----\n", workers.Select(w => w is null ? "" : w.Error.Length > 4000 ? w.Error[^4000..] : w.Error));

    public static async Task<FaultyPlant> StartAsync(int seed, int learners, CancellationToken ct)
    {
        // The library's container is quick and forgets in a crash what it had committed; this one is to keep it.
        PostgreSqlContainer postgres = PostgresFixture.NewServer().WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on").WithPortBinding(FreePort(), 5432).Build();
        RabbitMqContainer rabbitMq = RabbitMqFixture.NewBroker().WithPortBinding(FreePort(), 5672).Build();
        await ContainerEngine.RequireAsync(async () =>
        {
            await Task.WhenAll(postgres.StartAsync(ct), rabbitMq.StartAsync(ct));
            return true;
        });
        NorthwindScript script = NorthwindScript.Create(seed, learners);
        var plant = new FaultyPlant(postgres, rabbitMq, await SandboxServer.StartAsync([new MoodlePlatform(script)], null, ct), script, await PressHouse.StartAsync(ct));
        plant.WriteConfiguration();
        for (int i = 0; i < Roles.Length; i++)
        {
            plant.keepers[i] = plant.KeepAsync(i);
        }

        return plant;
    }

    /// <summary>SIGKILL to a worker; another takes its place.</summary>
    /// <returns>False when there is none at this moment.</returns>
    public async Task<bool> KillAsync(int which)
    {
        if (workers[which % workers.Length] is not { HasExited: false } worker)
        {
            return false;
        }

        await worker.KillAsync();
        return true;
    }

    /// <summary>Kills one process of the database server, which then throws everybody out and recovers as after a power cut.</summary>
    public async Task<bool> CrashDatabaseAsync(CancellationToken ct)
    {
        // Any worker's session; after a cut there may be none for a moment.
        int? process = null;
        for (int look = 0; look < 20 && process is null; look++)
        {
            process = await QueryAsync<int?>("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Time, ct);
        }

        return process is { } id && (await postgres.ExecAsync(["sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -9 {id}")], ct)).ExitCode == 0;
    }

    /// <summary>Stops a server and starts it again.</summary>
    public async Task RestartAsync(bool broker, CancellationToken ct)
    {
        DotNet.Testcontainers.Containers.IContainer container = broker ? rabbitMq : postgres;
        await container.StopAsync(ct);
        await container.StartAsync(ct);
    }

    /// <summary>A number from the database; -1 while it is away or the table is not there.</summary>
    public async Task<long> CountAsync(string sql) => await QueryAsync<long?>(sql) ?? -1;

    /// <summary>Rows from the database, which must be there.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(databaseAddress);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    /// <summary>Ends all workers in good order; gives their exit codes.</summary>
    public async Task<IReadOnlyList<int>> StopWorkersAsync(CancellationToken ct)
    {
        await closing.CancelAsync();
        return await Task.WhenAll(workers.OfType<WorkerProcess>().Where(w => !w.HasExited).Select(w => w.StopAsync(ct)));
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        foreach (WorkerProcess worker in workers.OfType<WorkerProcess>().Where(w => !w.HasExited))
        {
            await worker.KillAsync();
        }

        await Task.WhenAll(keepers.Where(k => k is not null));
        await Eavesdropper.DisposeAsync();
        await DatabaseLine.DisposeAsync();
        await BrokerLine.DisposeAsync();
        await Press.DisposeAsync();
        await server.DisposeAsync();
        await postgres.DisposeAsync();
        await rabbitMq.DisposeAsync();
        closing.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task KeepAsync(int which)
    {
        while (!closing.IsCancellationRequested)
        {
            WorkerProcess worker = Start(Roles[which]);
            workers[which] = worker;
            Starts++;
            int code = await worker.WaitAsync(CancellationToken.None);

            // 137 is SIGKILL, 3 a server that was away at the start, 0 our own request to stop.
            if (code is not (0 or 3 or 137))
            {
                lock (defects)
                {
                    defects.Add($"{Roles[which]} ended with {code}: {worker.Error}");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private WorkerProcess Start(string roles)
    {
        string database = new NpgsqlConnectionStringBuilder(databaseAddress) { Host = "127.0.0.1", Port = DatabaseLine.Port, Timeout = 5, CommandTimeout = 10 }.ConnectionString;
        return WorkerProcess.Start(
            [
                "run", "--roles", roles, "--config", Path.Combine(folder, "config"), "--data", Path.Combine(folder, "data"),
                "--set", $"sources.moodle-hr.address={server.Platforms[0].Address.ToString().TrimEnd('/')}", "--set", "sources.moodle-hr.every=1s",
                "--set", "Dispatch:PollEvery=00:00:00.200", "--set", "Dispatch:ClaimLease=00:00:05", "--set", "Dispatch:ResendAfter=00:00:10",
            ],
            new Dictionary<string, string>
            {
                ["MOODLE_HR_TOKEN"] = NorthwindScript.Token,
                ["Ledger__ConnectionString"] = database,
                ["Queue__ConnectionString"] = new UriBuilder(Broker) { Host = "127.0.0.1", Port = BrokerLine.Port }.Uri.ToString(),
            },
            program: "press-worker.dll");
    }

    // The shipped configuration; one of its credentials is minted by the press.
    private void WriteConfiguration()
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "config"), config = Path.Combine(folder, "config");
        foreach (string file in Directory.EnumerateFiles(shipped, "*.*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(config, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(Path.Combine(config, "issuers", "press.yaml"), $"issuer: press\nadapter: press\naddress: {Press.Address}\n");
        string credential = Path.Combine(config, "credentials", $"{FaultTests.PressDefinition}.yaml");
        File.WriteAllText(credential, File.ReadAllText(credential).Replace("\nearn:", "\nissue: { by: press }\nearn:", StringComparison.Ordinal));
    }

    private async Task<T?> QueryAsync<T>(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(databaseAddress);
            return await connection.ExecuteScalarAsync<T>(sql);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException)
        {
            return default;
        }
    }

    // Chosen here, because a server that is restarted must come back at the same place.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
