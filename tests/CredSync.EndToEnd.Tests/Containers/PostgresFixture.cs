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
