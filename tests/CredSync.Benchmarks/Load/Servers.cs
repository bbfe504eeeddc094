using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace CredSync.Benchmarks.Load;

/// <summary>PostgreSQL and RabbitMQ: those that were named, or containers of our own (images from <c>CREDSYNC_TEST_POSTGRES_IMAGE</c> and <c>CREDSYNC_TEST_RABBITMQ_IMAGE</c>, as tests/containers/up.sh prints them).</summary>
internal sealed class Servers(LoadOptions options) : IAsyncDisposable
{
    private PostgreSqlContainer? postgres;
    private RabbitMqContainer? rabbitMq;
    private int databases;

    /// <summary>A new, empty database; with a server that was named, the database that was named, which must be empty.</summary>
    public async Task<string> DatabaseAsync()
    {
        if (postgres is null && options.Postgres is { } given)
        {
            return given;
        }

        if (postgres is null)
        {
            postgres = new PostgreSqlBuilder(Image("CREDSYNC_TEST_POSTGRES_IMAGE", "postgres:17"))
                .WithLogger(NullLogger.Instance)

                // The library's container does not wait for the disk; a database that keeps what it committed does.
                .WithCommand("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")
                .WithPortBinding(FreePort(), 5432)
                .Build();
            await postgres.StartAsync().ConfigureAwait(false);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"load_{++databases}");
        await using var connection = new NpgsqlConnection(postgres.GetConnectionString());
        await connection.OpenAsync().ConfigureAwait(false);
        await using NpgsqlCommand create = connection.CreateCommand();
#pragma warning disable CA2100 // A name made here.
        create.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync().ConfigureAwait(false);
        return new NpgsqlConnectionStringBuilder(postgres.GetConnectionString()) { Database = name }.ConnectionString;
    }

    /// <summary>The broker's address.</summary>
    public async Task<string> BrokerAsync()
    {
        if (rabbitMq is null && options.RabbitMq is { } given)
        {
            return given;
        }

        if (rabbitMq is null)
        {
            rabbitMq = new RabbitMqBuilder(Image("CREDSYNC_TEST_RABBITMQ_IMAGE", "rabbitmq:4-management")).WithLogger(NullLogger.Instance).WithPortBinding(FreePort(), 5672).Build();
            await rabbitMq.StartAsync().ConfigureAwait(false);
        }

        return rabbitMq.GetConnectionString();
    }

    /// <summary>The broker's or the database's container, to stop and start; null where a server was named.</summary>
    public IContainer? Container(bool broker) => broker ? rabbitMq : postgres;

    /// <summary>CPU seconds used so far by this process, the database and the broker; the latter two zero where they are not our own.</summary>
    public async Task<CpuTimes> CpuAsync() => new(Environment.CpuUsage.TotalTime.TotalSeconds, await CpuAsync(postgres).ConfigureAwait(false), await CpuAsync(rabbitMq).ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        foreach (IContainer container in new IContainer?[] { postgres, rabbitMq }.OfType<IContainer>())
        {
            await container.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Chosen here, because a server that is restarted must come back at the same place.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Image(string variable, string usual) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } image ? image : usual;

    private static async Task<double> CpuAsync(IContainer? container)
    {
        // The second version of control groups tells microseconds in a list, the first nanoseconds in a file.
        string text = container is null ? "" : await ExecAsync(container, "sed -n 's/^usage_usec //p' /sys/fs/cgroup/cpu.stat 2>/dev/null; sed 's/...$//' /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null").ConfigureAwait(false) ?? "";
        return long.TryParse(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), CultureInfo.InvariantCulture, out long microseconds) ? microseconds / 1e6 : 0;
    }

    private static async Task<string?> ExecAsync(IContainer container, string script)
    {
        ExecResult result = await container.ExecAsync(["sh", "-c", script]).ConfigureAwait(false);
        return result.Stdout;
    }
}

/// <summary>CPU seconds by who used them.</summary>
internal sealed record CpuTimes(double Process, double Database, double Broker)
{
    public double Total => Process + Database + Broker;

    public static CpuTimes operator -(CpuTimes a, CpuTimes b) => new(a.Process - b.Process, a.Database - b.Database, a.Broker - b.Broker);

    public static CpuTimes operator +(CpuTimes a, CpuTimes b) => new(a.Process + b.Process, a.Database + b.Database, a.Broker + b.Broker);
}
