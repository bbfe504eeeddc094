using CredSync.EndToEnd.Tests.Containers;
using CredSync.EndToEnd.Tests.Crash;

namespace CredSync.EndToEnd.Tests.Distributed;

/// <summary>Roles in processes of their own, around PostgreSQL and RabbitMQ.</summary>
public sealed class RolesTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_issue_worker_loses_nothing_and_doubles_nothing()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 20261201);
        while (workers.Script.Position < workers.Script.Timeline.Count / 2)
        {
            workers.Script.PlayNext();
        }

        // The sending side comes first: nothing that it sends may be lost because no issue worker has ever been up.
        WorkerProcess first = workers.Start("intake,dispatch,operations", "Dispatch:ResendAfter=00:00:10");
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Sent'", n => n > 5, "something sent", first);
        WorkerProcess doomed = workers.Start("issue");
        WorkerProcess other = workers.Start("issue,operations");
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Issued'", n => n > 0, "the first badge", first, other);
        while (workers.Script.Position < workers.Script.Timeline.Count)
        {
            workers.Script.PlayNext();
        }

        await doomed.KillAsync();
        IReadOnlyList<ExpectedBadge> expected = ExpectedBadges.Of(workers.Script.Expected(), TimeProvider.System.GetUtcNow());
        await workers.UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Issued'", n => n >= expected.Count, $"{expected.Count} issued badges", first, other);
        (await other.StopAsync(Ct)).ShouldBe(0, other.Error);
        (await first.StopAsync(Ct)).ShouldBe(0, first.Error);

        (await workers.BadgesAsync()).ShouldBe(expected, ignoreOrder: true);
        (await workers.CountAsync("SELECT count(*) FROM credsync.issuances")).ShouldBe(expected.Count);
        (await workers.CountAsync("SELECT count(*) FROM credsync.completions")).ShouldBe(workers.Script.Expected().Count);
        (await workers.CountAsync("SELECT count(*) FROM credsync_issue.issue_journal WHERE state <> 'Finished'")).ShouldBe(0);
        (await rabbitMq.ReadQueueAsync(workers.Broker, "issue-credential-northwind-badges", Ct)).GetProperty("type").GetString().ShouldBe("quorum");
    }
}
