using Npgsql;

namespace CredSync.EndToEnd.Tests.Containers;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_new_database_keeps_a_row_and_shares_nothing_with_another()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var first = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync(ct));
        await using var second = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync(ct));

        await using (var write = first.CreateCommand("CREATE TABLE completion (name text); INSERT INTO completion VALUES ('Zoë 完了')"))
        {
            await write.ExecuteNonQueryAsync(ct);
        }

        await using var read = first.CreateCommand("SELECT name FROM completion");
        (await read.ExecuteScalarAsync(ct)).ShouldBe("Zoë 完了");
        await using var elsewhere = second.CreateCommand("SELECT to_regclass('completion')::text");
        (await elsewhere.ExecuteScalarAsync(ct)).ShouldBe(DBNull.Value);
    }

    [Fact]
    public async Task The_server_is_one_that_CredSync_supports()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(await postgres.NewDatabaseAsync(ct));
        await connection.OpenAsync(ct);

        connection.PostgreSqlVersion.Major.ShouldBeGreaterThanOrEqualTo(15);
    }
}
