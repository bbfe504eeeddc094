using System.Text;
using System.Text.Json.Nodes;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.EndToEnd.Tests.Distributed;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CredSync.EndToEnd.Tests.Queue;

/// <summary>Messages that other versions and strangers put on an issuer's queue.</summary>
public sealed class MessageContractTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
{
    private const string Queue = "issue-credential-northwind-badges";
    private const string Finished = "SELECT count(*) FROM credsync_issue.issue_journal WHERE state = 'Finished'";
    private static readonly string Recorded = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Queue", "recorded", "issue-credential.json"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_of_another_version_is_taken_with_more_or_fewer_facts()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 1);
        WorkerProcess issue = workers.Start("issue,dispatch");
        await Workers.StartedAsync(issue);
        await using var line = await Line.OpenAsync(workers.Broker);
        await line.SendAsync(Recorded);
        await line.SendAsync(Changed(2, message =>
        {
            message["priority"] = 7;
            message["credential"]!["hologram"] = new JsonObject { ["colour"] = "gold" };
            message["recipient"]!["pronouns"] = "they";
        }));
        await line.SendAsync(Changed(3, message =>
        {
            foreach (string name in (string[])["tags", "skills", "version", "achievementType", "includeResult"])
            {
                message["credential"]!.AsObject().Remove(name);
            }

            foreach (string name in (string[])["expiresAt", "scoreScaled", "scoreText", "earnedBy"])
            {
                message["award"]!.AsObject().Remove(name);
            }

            message["recipient"]!.AsObject().Remove("name");
        }));
        await workers.UntilAsync(Finished, n => n == 3, "three badges", issue);
        (await workers.CountAsync("SELECT count(*) FROM credsync_issue.issue_journal WHERE issuance_id = '6b0f1f0e-6a0b-5c2a-9b6e-3f4f6f1d2a01'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_leaves_a_record_without_a_person_and_harms_no_other()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 1);
        WorkerProcess issue = workers.Start("issue,dispatch");
        await Workers.StartedAsync(issue);
        await using var line = await Line.OpenAsync(workers.Broker);
        await line.SendAsync(Recorded[..^300], "9c2e1b57-1111-5c2a-9b6e-3f4f6f1d2a01");
        await line.SendAsync(Changed(4, message => message.AsObject().Remove("issuanceId")));
        await line.SendAsync(Recorded.Replace("CredSync.Messages:IssueCredential", "Elsewhere:Command", StringComparison.Ordinal));
        await line.SendAsync(Recorded);
        await workers.UntilAsync(Finished, n => n == 1, "the good badge", issue);
        List<JsonNode> records = [await line.TakeRecordAsync("poison"), await line.TakeRecordAsync("poison"), await line.TakeRecordAsync("unknown-message")];
        records.Select(r => (string)r["kind"]!).ShouldBe(["poison", "poison", "unknown-message"]);
        records.ShouldAllBe(r => (string)r["queue"]! == Queue);
        records.Select(r => (string?)r["issuanceId"]).ShouldContain("9c2e1b57-1111-5c2a-9b6e-3f4f6f1d2a01");
        records.ShouldAllBe(r => !r.ToJsonString().Contains("northwind.example", StringComparison.Ordinal) && !r.ToJsonString().Contains("Zo", StringComparison.Ordinal));
        (await line.CountAsync("credsync-unhandled-poison")).ShouldBe(0u, "each message leaves one record");
        (await line.CountAsync("credsync-unhandled-unknown-message")).ShouldBe(0u, "each message leaves one record");
        await line.SendAsync(Recorded[..^200]);
        while (await line.CountAsync("credsync-unhandled-poison") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        }

        (await workers.RunAsync("doctor")).EnumerateArray().Single(c => c.GetProperty("name").GetString() == "unhandled messages").GetProperty("sentence").GetString().ShouldBe("left 1 in credsync-unhandled-poison");
        (await line.ExistsAsync($"{Queue}_error")).ShouldBeFalse();
        (await line.ExistsAsync($"{Queue}_skipped")).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_commands_in_one_message_are_minted_and_one_that_cannot_be_read_keeps_only_itself()
    {
        await using Workers workers = await Workers.CreateAsync(postgres, rabbitMq, 1);
        WorkerProcess issue = workers.Start("issue,dispatch");
        await Workers.StartedAsync(issue);
        await using var line = await Line.OpenAsync(workers.Broker);
        JsonNode many = JsonNode.Parse(Recorded)!;
        JsonNode one = many["message"]!;
        many["messageType"] = new JsonArray("urn:message:CredSync.Messages:IssueCredentials");
        many["message"] = new JsonObject
        {
            ["facts"] = new JsonArray(one["credential"]!.DeepClone()),
            ["issuances"] = new JsonArray([.. Enumerable.Range(0, 5).Select(i => new JsonObject
            {
                ["issuanceId"] = i == 2 ? "broken" : NameBasedUuid.Create(Guid.Empty, $"{i}").ToString(),
                ["issuer"] = "northwind-badges",
                ["credential"] = 0,
                ["recipient"] = one["recipient"]!.DeepClone(),
                ["award"] = one["award"]!.DeepClone(),
            })]),
        };
        await line.SendAsync(many.ToJsonString());
        await line.SendAsync(many.ToJsonString());
        await workers.UntilAsync(Finished, n => n == 4, "four badges", issue);
        await line.SendAsync(Recorded);
        await workers.UntilAsync(Finished, n => n == 5, "the badge after them", issue);
    }

    private static string Changed(int number, Action<JsonNode> change)
    {
        JsonNode envelope = JsonNode.Parse(Recorded)!;
        envelope["messageId"] = $"0a8c0000-5d3b-0015-5a0c-08de5f5a9e{number:00}";
        envelope["message"]!["issuanceId"] = NameBasedUuid.Create(Guid.Empty, $"{number}").ToString();
        change(envelope["message"]!);
        return envelope.ToJsonString();
    }

    // A stranger's line to the broker, without MassTransit.
    private sealed class Line(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public static async Task<Line> OpenAsync(Uri broker)
        {
            IConnection connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Ct);
            return new Line(connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Ct));
        }

        // The worker declares its queue a moment after it has started.
        public async Task SendAsync(string envelope, string? correlation = null)
        {
            var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true, CorrelationId = correlation };
            while (true)
            {
                try
                {
                    await channel.BasicPublishAsync("", Queue, mandatory: true, properties, Encoding.UTF8.GetBytes(envelope), Ct);
                    return;
                }
                catch (PublishReturnException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
                }
            }
        }

        public async Task<JsonNode> TakeRecordAsync(string kind)
        {
            string queue = $"credsync-unhandled-{kind}";
            while (true)
            {
                if (await ExistsAsync(queue))
                {
                    await using IChannel own = await connection.CreateChannelAsync(cancellationToken: Ct);
                    if (await own.BasicGetAsync(queue, autoAck: true, Ct) is { } result)
                    {
                        return JsonNode.Parse(result.Body.Span)!;
                    }
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
            }
        }

        public Task<uint> CountAsync(string queue) => channel.MessageCountAsync(queue, Ct);

        public async Task<bool> ExistsAsync(string queue)
        {
            await using IChannel own = await connection.CreateChannelAsync(cancellationToken: Ct);
            try
            {
                await own.QueueDeclarePassiveAsync(queue, Ct);
                return true;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
