using CredSync.Issuers;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Benchmarks.Load;

/// <summary>The yardstick of the pipeline: MassTransit alone, one message of the same content for each credential, sent with confirmations to a quorum queue and consumed from it.</summary>
internal sealed class BareQueue : IAsyncDisposable
{
    private const int InFlight = 500;
    private readonly IBusControl bus;
    private readonly ISendEndpoint endpoint;
    private readonly Counter counter;

    private BareQueue(IBusControl bus, ISendEndpoint endpoint, Counter counter) => (this.bus, this.endpoint, this.counter) = (bus, endpoint, counter);

    /// <summary>Connects; without an address over memory.</summary>
    public static async Task<BareQueue> StartAsync(string? rabbitMq)
    {
        var counter = new Counter();
        IBusControl bus = rabbitMq is null
            ? Bus.Factory.CreateUsingInMemory(b => b.ReceiveEndpoint("bare", e => Receive(e, counter)))
            : Bus.Factory.CreateUsingRabbitMq(b =>
            {
                b.Host(new Uri(rabbitMq), h => h.PublisherConfirmation = true);
                b.ReceiveEndpoint("bare", e =>
                {
                    e.SetQuorumQueue();
                    Receive(e, counter);
                });
            });
        await bus.StartAsync().ConfigureAwait(false);
        return new BareQueue(bus, await bus.GetSendEndpoint(new Uri("exchange:bare")).ConfigureAwait(false), counter);
    }

    /// <summary>Sends messages, many confirmations in flight, and waits until all have been consumed.</summary>
    public async Task PassAsync(int count, TimeSpan limit)
    {
        Task all = counter.Expect(count);
        using var window = new SemaphoreSlim(InFlight);
        var sending = new List<Task>(count);
        for (int i = 0; i < count; i++)
        {
            await window.WaitAsync().ConfigureAwait(false);
            sending.Add(SendAsync(Message(i), window));
        }

        await Task.WhenAll(sending).ConfigureAwait(false);
        await all.WaitAsync(limit, TimeProvider.System).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync().ConfigureAwait(false);

    private static void Receive(IReceiveEndpointConfigurator endpoint, Counter counter)
    {
        endpoint.PrefetchCount = 300;
        endpoint.Consumer(() => counter);
    }

    private async Task SendAsync(IssueCredential message, SemaphoreSlim window)
    {
        try
        {
            await endpoint.Send(message).ConfigureAwait(false);
        }
        finally
        {
            window.Release();
        }
    }

    // As large as what the load worker sends for one credential.
    private static IssueCredential Message(int n) => new()
    {
        IssuanceId = NameBasedUuid.Create(Guid.Empty, $"{n}"),
        Issuer = "press",
        Credential = new CredentialFacts
        {
            Id = $"badge-{n % 100}",
            Name = $"Subject {n % 100}",
            Description = $"Knows the subject {n % 100} of the catalogue, and how it is put to use in the daily work of a team.",
            Criteria = $"Complete the course of subject {n % 100} with 60 percent or more.",
            Skills = [new($"Subject {n % 100}"), new("Teamwork")],
        },
        Recipient = new Recipient { SubjectId = NameBasedUuid.Create(Guid.Empty, $"person {n}"), Name = $"Learner Number {n}", Email = $"learner{n}@northwind.example" },
        Award = new AwardFacts
        {
            EarnedAt = new DateTimeOffset(2025, 1, 6, 8, 0, 0, TimeSpan.Zero).AddSeconds(n),
            ScoreScaled = 0.6m + (n % 40 / 100m),
            EarnedBy = [new("load", $"The subject of C-{n % 100} and how it is put to use", new DateTimeOffset(2025, 1, 6, 8, 0, 0, TimeSpan.Zero).AddSeconds(n))],
        },
    };

    private sealed class Counter : IConsumer<IssueCredential>
    {
        private TaskCompletionSource done = new();
        private int left;

        public Task Expect(int count)
        {
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref left, count);
            return done.Task;
        }

        public Task Consume(ConsumeContext<IssueCredential> context)
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                done.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
