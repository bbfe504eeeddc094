using MassTransit;

namespace CredSync.EndToEnd.Tests.Containers;

public sealed class RabbitMqFixtureTests(RabbitMqFixture rabbitMq)
{
    [Fact]
    public async Task A_confirmed_message_passes_through_a_quorum_queue()
    {
        var ct = TestContext.Current.CancellationToken;
        var address = await rabbitMq.NewVirtualHostAsync(ct);
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = Bus.Factory.CreateUsingRabbitMq(queue =>
        {
            queue.Host(address, host => host.PublisherConfirmation = true);
            queue.ReceiveEndpoint("parcels", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.Handler<Parcel>(context =>
                {
                    received.TrySetResult(context.Message.Label);
                    return Task.CompletedTask;
                });
            });
        });

        await bus.StartAsync(ct);
        try
        {
            await bus.Publish(new Parcel { Label = "Zoë 完了" }, ct);

            (await received.Task.WaitAsync(ct)).ShouldBe("Zoë 完了");
            var queue = await rabbitMq.ReadQueueAsync(address, "parcels", ct);
            queue.GetProperty("type").GetString().ShouldBe("quorum");
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Two_virtual_hosts_are_two_addresses_on_one_broker()
    {
        var ct = TestContext.Current.CancellationToken;
        var first = await rabbitMq.NewVirtualHostAsync(ct);
        var second = await rabbitMq.NewVirtualHostAsync(ct);

        second.Authority.ShouldBe(first.Authority);
        second.AbsolutePath.ShouldNotBe(first.AbsolutePath);
    }

    public sealed record Parcel
    {
        public required string Label { get; init; }
    }
}
