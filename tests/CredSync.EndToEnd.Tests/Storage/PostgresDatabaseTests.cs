using System.Security.Cryptography;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using Dapper;
using Npgsql;
using Testcontainers.PostgreSql;

namespace CredSync.EndToEnd.Tests.Storage;

/// <summary>Whatever is wrong with the database is said in one sentence: what, where, and what to do. Never the password.</summary>
public sealed class PostgresDatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statements_stay_prepared_on_their_connection()
    {
        await using var database = new PostgresDatabase(await postgres.NewDatabaseAsync(Ct), PostgresLedger.Schema, "Ledger:ConnectionString");
        int prepared = 0;
        for (int i = 0; i < 3; i++)
        {
            await database.WriteAsync((connection, transaction) => new BulkCommand(connection, transaction, "SELECT @n").Number("n", i).RunAsync(Ct), Ct);
            prepared = await database.ReadAsync(connection => connection.QuerySingleAsync<int>("SELECT count(*)::integer FROM pg_prepared_statements"), Ct);
        }

        prepared.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_the_connection_string_says_wins()
    {
        var settings = new NpgsqlConnectionStringBuilder(new PostgresDatabase("Host=h;Max Auto Prepare=0;MaxPoolSize=7;No Reset On Close=false", "s", "Ledger:ConnectionString").ConnectionString);
        (settings.MaxAutoPrepare, settings.MaxPoolSize, settings.NoResetOnClose, settings.GssEncryptionMode).ShouldBe((0, 7, false, GssEncryptionMode.Disable));
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_saying_the_password()
    {
        string message = await RefusalAsync(new NpgsqlConnectionStringBuilder(await postgres.NewDatabaseAsync(Ct)) { Password = "wrong-secret" });
        message.ShouldEndWith("refuses the password; correct Username and Password in the connection string.");
        message.ShouldNotContain("wrong-secret");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named()
    {
        string message = await RefusalAsync(new NpgsqlConnectionStringBuilder(await postgres.NewDatabaseAsync(Ct)) { Database = "nowhere" });
        message.ShouldContain("database 'nowhere'");
        message.ShouldEndWith("does not exist; create the database, or correct Database in the connection string.");
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_named()
    {
        string message = await RefusalAsync(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = 1, Database = "credsync", Username = "credsync", Password = "p" });
        message.ShouldBe("PostgreSQL at 127.0.0.1:1, database 'credsync', user 'credsync', cannot be reached: nothing answers there; check Host and Port, and that the server runs.");
    }

    [Fact]
    public async Task A_host_name_that_nobody_knows_is_named()
    {
        string message = await RefusalAsync(new NpgsqlConnectionStringBuilder { Host = "no-such-host.invalid", Database = "credsync", Username = "credsync" });
        message.ShouldContain("PostgreSQL at no-such-host.invalid:5432");
        message.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_server_that_is_too_old_is_told_from_its_version()
    {
        await using var database = new PostgresDatabase(await postgres.NewDatabaseAsync(Ct), PostgresLedger.Schema, "Ledger:ConnectionString", oldest: new Version(99, 0));
        StorageException e = await Should.ThrowAsync<StorageException>(() => new PostgresLedger(database, TimeProvider.System).MigrateAsync(Ct));
        e.Message.ShouldMatch(@"is version 1\d\.\d+; CredSync needs 99 or newer: upgrade the server\.$");
    }

    [Fact]
    public async Task A_user_who_may_not_create_the_schema_is_told_what_to_do_and_nothing_is_half_done()
    {
        string admin = await postgres.NewDatabaseAsync(Ct);
        await using var connection = new NpgsqlConnection(admin);
        string user = $"guest_{connection.Database}";
        await connection.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD 'guest'");
        var guest = new NpgsqlConnectionStringBuilder(admin) { Username = user, Password = "guest" };
        string message = await RefusalAsync(guest);
        message.ShouldContain("does not give this user the rights that are needed");
        message.ShouldContain("CREATE SCHEMA");
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM pg_namespace WHERE nspname = 'credsync'")).ShouldBe(0);

        await connection.ExecuteAsync($"CREATE SCHEMA credsync AUTHORIZATION {user}");
        await using var database = new PostgresDatabase(guest.ConnectionString, PostgresLedger.Schema, "Ledger:ConnectionString");
        await new PostgresLedger(database, TimeProvider.System).MigrateAsync(Ct);
    }

    [Fact]
    public async Task A_server_that_takes_no_writes_is_recognised()
    {
        string message = await RefusalAsync(new NpgsqlConnectionStringBuilder(await postgres.NewDatabaseAsync(Ct)) { Options = "-c default_transaction_read_only=on" });
        message.ShouldContain("is read-only (a replica?)");
    }

    [Fact]
    public async Task A_full_disk_is_said_in_one_sentence_and_nothing_is_half_done()
    {
        await using PostgreSqlContainer server = PostgresFixture.NewServer().WithCreateParameterModifier(p => p.HostConfig!.Tmpfs = new Dictionary<string, string> { ["/small"] = "size=24m,mode=1777" }).Build();
        await ContainerEngine.RequireAsync(async () =>
        {
            await server.StartAsync(Ct);
            return true;
        });
        (await server.ExecAsync(["sh", "-c", "mkdir /small/disk && chown postgres /small/disk"], Ct)).ExitCode.ShouldBe(0);
        await using (var connection = new NpgsqlConnection(server.GetConnectionString()))
        {
            await connection.ExecuteAsync("CREATE TABLESPACE small LOCATION '/small/disk'");
            await connection.ExecuteAsync("CREATE DATABASE small TABLESPACE small");
        }

        await using var database = new PostgresDatabase(new NpgsqlConnectionStringBuilder(server.GetConnectionString()) { Database = "small" }.ConnectionString, PostgresLedger.Schema, "Ledger:ConnectionString");
        var ledger = new PostgresLedger(database, TimeProvider.System);
        await ledger.MigrateAsync(Ct);
        int stored = 0;
        StorageException e = await Should.ThrowAsync<StorageException>(async () =>
        {
            for (; stored < 100_000; stored++)
            {
                await ledger.UseRuleBookAsync($"{stored}-{Convert.ToBase64String(RandomNumberGenerator.GetBytes(1_500))}", 1, Ct);
            }
        });
        e.Message.ShouldEndWith("has no space left on its disk; free space, nothing was half done.");
        (await ledger.RuleBooksAsync(Ct)).Count.ShouldBe(stored);
    }

    [Theory]
    [InlineData("")]
    [InlineData("postgres://u:p@host/db")]
    [InlineData("Host=db;Nonsense=1")]
    [InlineData("Database=credsync")]
    public void A_connection_string_that_cannot_be_read_names_its_setting(string text) =>
        Should.Throw<StorageSettingException>(() => new PostgresDatabase(text, "credsync", "Ledger:ConnectionString")).Message.ShouldStartWith("Ledger:ConnectionString ");

    private static async Task<string> RefusalAsync(NpgsqlConnectionStringBuilder settings)
    {
        await using var database = new PostgresDatabase(settings.ConnectionString, PostgresLedger.Schema, "Ledger:ConnectionString");
        return (await Should.ThrowAsync<StorageException>(() => new PostgresLedger(database, TimeProvider.System).MigrateAsync(Ct))).Message;
    }
}
