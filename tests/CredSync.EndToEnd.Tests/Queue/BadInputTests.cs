using CredSync.EndToEnd.Tests.Containers;

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
        Directory.EnumerateFileSystemEntries(folder).Where(f => Path.GetFileName(f) != "session-keys").ShouldBeEmpty();
        return error;
    }
}
