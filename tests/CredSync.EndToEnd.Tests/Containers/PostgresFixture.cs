using System.Globalization;
using CredSync.EndToEnd.Tests.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace CredSync.EndToEnd.Tests.Containers;

/// <summary>One PostgreSQL for all tests of a run, started when the first test asks for a database.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlContainer>> _container = new(StartAsync);
    private int _databases;

    /// <summary>A builder for a server of one's own, for tests that stop it.</summary>
    public static PostgreSqlBuilder NewServer() =>
        new PostgreSqlBuilder(ContainerEngine.PostgresImage)
            .WithLabel("credsync.test-run", ContainerEngine.Run)
            .WithLogger(NullLogger.Instance)
            // Every database of a run keeps its own connection pool.
            .WithCommand("-c", "max_connections=500");

    /// <summary>Makes an empty database that no other test uses, and returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync(CancellationToken ct)
    {
        var container = await ContainerEngine.RequireAsync(() => _container.Value.WaitAsync(ct));
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");

        await using var connection = new NpgsqlConnection(container.GetConnectionString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync(ct);

        return new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = name }.ConnectionString;
    }

    /// <summary>Runs a program of the server's own version beside it: a client of an older one refuses a newer server.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="database">Connection string of the database that it is about.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(IReadOnlyList<string> command, string database, CancellationToken ct)
    {
        PostgreSqlContainer container = await ContainerEngine.RequireAsync(() => _container.Value.WaitAsync(ct));
        var to = new NpgsqlConnectionStringBuilder(database);
        DotNet.Testcontainers.Containers.ExecResult result = await container.ExecAsync(
            ["env", $"PGPASSWORD={to.Password}", command[0], "--host=127.0.0.1", "--port=5432", $"--username={to.Username}", $"--dbname={to.Database}", .. command.Skip(1)], ct);
        result.ExitCode.ShouldBe(0, result.Stderr);
    }

    public async ValueTask DisposeAsync()
    {
        if (_container is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _container.Value).DisposeAsync();
        }
    }

    private static async Task<PostgreSqlContainer> StartAsync()
    {
        var container = NewServer().Build();
        await container.StartAsync(CancellationToken.None);
        return container;
    }
}
