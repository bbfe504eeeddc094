using CredSync.EndToEnd.Tests.Containers;
using Dapper;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Distributed;

/// <summary>Roles in processes of their own, around PostgreSQL and RabbitMQ.</summary>
public sealed class RolesTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
{
    private const string Issued = "SELECT count(*) FROM credsync.issuances WHERE state = 'Issued'";
    private const string Sent = "SELECT count(*) FROM credsync.issuances WHERE state = 'Sent'";
    private const string Runs = "SELECT count(*) FROM credsync.runs WHERE finished_at IS NOT NULL AND fault IS NULL";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_issue_worker_loses_nothing_and_doubles_nothing()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261201);
        workers.Play(0.5);

        // The sending side comes first: nothing that it sends may be lost because no issue worker has ever been up.
        WorkerProcess first = workers.Start("intake,dispatch,operations", "Dispatch:ResendAfter=00:00:10");
        await workers.UntilAsync(Sent, n => n > 5, "something sent", first);
        WorkerProcess doomed = workers.Start("issue");
        WorkerProcess other = workers.Start("issue,operations");
        await workers.UntilAsync(Issued, n => n > 0, "the first badge", first, other);
        workers.Play(1);
        await doomed.KillAsync();
        await workers.UntilIssuedAsync(first, other);
        (await other.StopAsync(Ct)).ShouldBe(0, other.Error);
        (await first.StopAsync(Ct)).ShouldBe(0, first.Error);
        await workers.ShouldBeCompleteAsync();
        (await rabbitMq.ReadQueueAsync(workers.Broker, "issue-credential-northwind-badges", Ct)).GetProperty("type").GetString().ShouldBe("quorum");
    }

    [Fact]
    public async Task A_worker_without_keys_and_files_answers_for_credentials_that_another_minted_and_revoked()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261204);
        workers.Play(1);
        WorkerProcess first = workers.Start("intake,dispatch");
        WorkerProcess issue = workers.Start("issue");
        WorkerProcess pages = workers.Start("operations");
        await workers.UntilIssuedAsync(first, issue, pages);
        await workers.UntilAsync("SELECT count(*) FROM credsync_issue.kept_documents WHERE path = '/status/0'", n => n == 1, "a published list", first, issue, pages);
        await using var connection = new NpgsqlConnection(workers.Database);
        (Guid id, string url) = await connection.QueryFirstAsync<(Guid, string)>("SELECT issuance_id, public_url FROM credsync.issuances WHERE state = 'Issued' AND expires_at IS NULL ORDER BY issuance_id LIMIT 1");
        using var http = new HttpClient { BaseAddress = new Uri(pages.Error.Split('\n').First(l => l.Contains("public  ", StringComparison.Ordinal)).Split(' ')[^1].Trim()) };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        string path = new Uri(url).AbsolutePath;
        (await http.GetStringAsync(path, Ct)).ShouldContain(">Verified<");
        await connection.ExecuteAsync("INSERT INTO credsync.revocations (issuance_id, state, reason, revoked_at, planned_at) VALUES (@id, 'Planned', 'Issued in error.', now(), now())", new { id });
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE revoked_at IS NOT NULL", n => n == 1, "the revocation", first, issue, pages);
        string page = await http.GetStringAsync(path, Ct);
        page.ShouldContain(">Revoked<");
        page.ShouldContain("status: The credential was revoked.");
    }

    [Fact]
    public async Task An_outcome_is_not_lost_when_the_ledgers_side_has_gone_meanwhile()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261202);
        workers.Play(1);
        WorkerProcess first = workers.Start("intake,dispatch");
        await workers.UntilAsync(Sent, n => n > 5, "something sent", first);
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Planned'", n => n == 0, "all taken up", first);
        await workers.UntilAsync("SELECT count(*) FROM credsync.sendings", n => n == 0, "all confirmed by the queue", first);
        await first.KillAsync();
        WorkerProcess issue = workers.Start("issue");
        await workers.UntilAsync("SELECT count(*) FROM credsync_issue.issue_journal WHERE state = 'Finished'", n => n > 5, "badges in the journal", issue);
        WorkerProcess second = workers.Start("intake,dispatch");
        await workers.UntilIssuedAsync(second, issue);
        await workers.ShouldBeCompleteAsync();
    }

    [Fact]
    public async Task A_broker_that_is_absent_at_the_start_and_cut_later_is_survived_without_a_restart()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261203);
        await using var proxy = new TcpProxy(workers.Broker.Host, workers.Broker.Port);
        Uri broker = new UriBuilder(workers.Broker) { Host = "127.0.0.1", Port = proxy.Port }.Uri;
        workers.Play(0.5);
        WorkerProcess first = workers.Start("intake,dispatch,operations", workers.Database, broker);
        WorkerProcess issue = workers.Start("issue", workers.Database, broker);
        await Workers.StartedAsync(first);
        await Workers.StartedAsync(issue);
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Planned'", n => n > 5, "something planned", first, issue);
        await Workers.ReadyAsync(first, "degraded", "The queue does not answer");
        proxy.Open();
        await workers.UntilAsync(Issued, n => n > 5, "badges once the broker is there", first, issue);
        await Workers.ReadyAsync(first, "healthy", "");
        proxy.Close();
        workers.Play(1);
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Planned'", n => n > 0, "something planned while the broker is away", first, issue);
        proxy.Open();
        proxy.Cut();
        await workers.UntilIssuedAsync(first, issue);
        await workers.ShouldBeCompleteAsync();
        (await first.StopAsync(Ct)).ShouldBe(0, first.Error);
        (await issue.StopAsync(Ct)).ShouldBe(0, issue.Error);
    }

    [Fact]
    public async Task A_database_that_is_cut_and_gone_for_a_while_is_survived_without_a_restart()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261204);
        var server = new NpgsqlConnectionStringBuilder(workers.Database);
        await using var proxy = new TcpProxy(server.Host!, server.Port);
        string database = new NpgsqlConnectionStringBuilder(workers.Database) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;
        proxy.Open();
        workers.Play(0.3);
        WorkerProcess first = workers.Start("intake,dispatch,operations", database, workers.Broker);
        WorkerProcess issue = workers.Start("issue", database, workers.Broker);
        await workers.UntilAsync(Issued, n => n > 2, "the first badges", first, issue);
        for (int i = 4; i <= 9; i++)
        {
            workers.Play(i / 10.0);
            proxy.Cut();
            long runs = await workers.CountAsync(Runs);
            await workers.UntilAsync(Runs, n => n > runs, "a whole run after a cut", first, issue);
        }

        proxy.Close();
        workers.Play(1);
        await Workers.ReadyAsync(first, "unhealthy", "The ledger does not answer");
        proxy.Open();
        await workers.UntilIssuedAsync(first, issue);
        await workers.ShouldBeCompleteAsync();
        (await first.StopAsync(Ct)).ShouldBe(0, first.Error);
        (await issue.StopAsync(Ct)).ShouldBe(0, issue.Error);
    }

    [Fact]
    public async Task Of_two_intake_workers_one_polls_at_a_time_and_the_other_takes_over_when_it_dies()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261205);
        WorkerProcess[] intakes = [workers.Start("intake"), workers.Start("intake")];
        await workers.UntilAsync("SELECT count(*) FROM credsync.qrtz_scheduler_state", n => n == 2, "two schedulers", intakes);
        await workers.UntilAsync(Runs, n => n > 3, "a few runs", intakes);
        workers.Play(0.5);
        await intakes[0].KillAsync();
        long runs = await workers.CountAsync(Runs);
        await workers.UntilAsync(Runs, n => n > runs + 3, "runs of the other", intakes[1]);
        workers.Play(1);
        WorkerProcess rest = workers.Start("dispatch,issue");
        await workers.UntilIssuedAsync(intakes[1], rest);
        await workers.ShouldBeCompleteAsync();
        (await workers.CountAsync(
            "SELECT count(*) FROM credsync.runs AS a JOIN credsync.runs AS b ON b.source = a.source AND b.run_id > a.run_id AND b.started_at < a.finished_at")).ShouldBe(0);
        (await intakes[1].StopAsync(Ct)).ShouldBe(0, intakes[1].Error);
    }

    [Fact]
    public async Task A_stopped_intake_worker_gives_its_source_back_at_once()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261206);
        WorkerProcess intake = workers.Start("intake");
        await workers.UntilAsync(Runs, n => n > 0, "a run", intake);
        (await intake.StopAsync(Ct)).ShouldBe(0, intake.Error);
        (await workers.CountAsync("SELECT count(*) FROM credsync.sources WHERE lease_owner IS NOT NULL")).ShouldBe(0);
        (await workers.CountAsync("SELECT count(*) FROM credsync.runs WHERE finished_at IS NULL")).ShouldBe(0);
    }
}
