using CredSync.EndToEnd.Tests.Containers;
using Dapper;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Queue;

/// <summary>What <c>credsync run</c> says of a database or broker that it may not use: one sentence, exit code 2 or 3, nothing half done.</summary>
public sealed class BadInputTests(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-bad-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_wrong_password_of_the_broker_ends_the_start()
    {
        Uri good = await rabbitMq.NewVirtualHostAsync(Ct);
        string sentence = await RefusalAsync(3, await postgres.NewDatabaseAsync(Ct), new UriBuilder(good) { Password = "wrong-secret" }.Uri.ToString());
        sentence.ShouldContain($"RabbitMQ at {good.Host}:{good.Port}");
        sentence.ShouldContain("refuses the user name or password; correct Queue:ConnectionString.");
    }

    [Fact]
    public async Task A_virtual_host_that_does_not_exist_ends_the_start()
    {
        Uri good = await rabbitMq.NewVirtualHostAsync(Ct);
        (await RefusalAsync(3, await postgres.NewDatabaseAsync(Ct), new UriBuilder(good) { Path = "nowhere" }.Uri.ToString())).ShouldContain("virtual host 'nowhere'");
    }

    [Theory]
    [InlineData("http://user:wrong-secret@host/")]
    [InlineData("rabbitmq.example:5672")]
    public async Task An_address_that_is_none_is_a_wrong_setting(string address) =>
        (await RefusalAsync(2, "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=wrong-secret", address)).ShouldContain("Queue:ConnectionString is not a RabbitMQ address");

    [Fact]
    public async Task A_connection_string_that_is_none_is_a_wrong_setting() =>
        (await RefusalAsync(2, "postgres://u:wrong-secret@host/db", "amqp://127.0.0.1:1/")).ShouldContain("Ledger:ConnectionString is not a PostgreSQL connection string");

    [Fact]
    public async Task A_database_that_is_away_ends_the_start() =>
        (await RefusalAsync(3, "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=wrong-secret", "amqp://127.0.0.1:1/")).ShouldContain("PostgreSQL at 127.0.0.1:1, database 'd', user 'u', cannot be reached");

    [Fact]
    public async Task A_wrong_password_of_the_database_ends_the_start() =>
        (await RefusalAsync(3, With(await postgres.NewDatabaseAsync(Ct), c => c.Password = "wrong-secret"), "amqp://127.0.0.1:1/")).ShouldContain("refuses the password; correct Username and Password");

    [Fact]
    public async Task A_database_that_does_not_exist_ends_the_start() =>
        (await RefusalAsync(3, With(await postgres.NewDatabaseAsync(Ct), c => c.Database = "nowhere"), "amqp://127.0.0.1:1/")).ShouldContain("database 'nowhere'");

    [Fact]
    public async Task Rights_that_are_missing_in_the_database_end_the_start_and_nothing_is_made()
    {
        string database = await postgres.NewDatabaseAsync(Ct);
        await using var connection = new NpgsqlConnection(database);
        string user = $"few_rights_{connection.Database}";
        await connection.ExecuteAsync($"CREATE USER {user} PASSWORD 'wrong-secret'");
        string sentence = await RefusalAsync(3, With(database, c => (c.Username, c.Password) = (user, "wrong-secret")), "amqp://127.0.0.1:1/");
        sentence.ShouldContain($"user '{user}'");
        sentence.ShouldContain("does not give this user the rights that are needed");
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'credsync%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_ledger_that_a_newer_version_wrote_ends_the_start_and_is_left_alone()
    {
        string database = await postgres.NewDatabaseAsync(Ct);
        await using var connection = new NpgsqlConnection(database);
        await connection.ExecuteAsync(
            """
            CREATE SCHEMA credsync;
            CREATE TABLE credsync.schema_versions (schemaversionsid serial NOT NULL PRIMARY KEY, scriptname varchar(255) NOT NULL, applied timestamp NOT NULL);
            INSERT INTO credsync.schema_versions (scriptname, applied) VALUES ('CredSync.Host.Ledger.Migrations.Postgres.9999_later.sql', now());
            """);
        string sentence = await RefusalAsync(3, database, "amqp://127.0.0.1:1/");
        sentence.ShouldContain("was written by a newer version of CredSync (it has '9999_later.sql')");
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'credsync%'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_too_old_ends_the_start()
    {
        string database = await postgres.NewDatabaseAsync(Ct);
        var real = new NpgsqlConnectionStringBuilder(database);
        await using var older = new OlderServer(real.Host!, real.Port);
        (await RefusalAsync(3, With(database, c => (c.Host, c.Port) = ("127.0.0.1", older.Port)), "amqp://127.0.0.1:1/")).ShouldContain("is version 13.");
    }

    [Fact]
    public async Task Rights_that_are_missing_at_the_broker_end_the_start()
    {
        Uri good = await rabbitMq.NewVirtualHostAsync(Ct);
        string sentence = await RefusalAsync(3, await postgres.NewDatabaseAsync(Ct), (await rabbitMq.UserWithoutRightsAsync(good, "wrong-secret", Ct)).ToString());
        sentence.ShouldContain($"RabbitMQ at {good.Host}:{good.Port}");
        sentence.ShouldContain("right");
    }

    private static string With(string database, Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        change(settings);
        return settings.ConnectionString;
    }

    private async Task<string> RefusalAsync(int exitCode, string ledger, string queue)
    {
        (int code, string output, string error) = await WorkerProcess.RunAsync(
            ["run", "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", folder, "--set", "Operations:Address=http://127.0.0.1:0", "--set", "Hooks:Address=http://127.0.0.1:0", "--set", "Public:Address=http://127.0.0.1:0"],
            Ct,
            new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = "t", ["Ledger__ConnectionString"] = ledger, ["Queue__ConnectionString"] = queue });
        code.ShouldBe(exitCode, error);
        error.ShouldNotContain("wrong-secret");
        error.ShouldNotContain("   at ");
        output.ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        return error;
    }
}
