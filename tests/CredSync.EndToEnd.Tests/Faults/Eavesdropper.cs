using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>Hears every message on the queue and says some of them again, later and in another order.</summary>
internal sealed class Eavesdropper(Uri broker) : IAsyncDisposable
{
    private static readonly string[] Exchanges =
        ["issue-credential-northwind-badges", "issue-credential-press", "CredSync.Messages:CredentialsIssued", "CredSync.Messages:CredentialIssued", "CredSync.Messages:CredentialRefused"];

    private readonly ConcurrentDictionary<int, (string Exchange, BasicProperties Properties, byte[] Body)> heard = new();
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Says what was heard before again, in any order.</summary>
    /// <returns>How many messages were said again; 0 while nothing was heard or the broker is away.</returns>
    public async Task<int> RepeatAsync(int most, Random dice, CancellationToken ct)
    {
        try
        {
            await ListenAsync(ct);
            int count = heard.IsEmpty ? 0 : dice.Next(1, most + 1);
            for (int i = 0; i < count; i++)
            {
                (string exchange, BasicProperties properties, byte[] body) = heard[dice.Next(heard.Count)];
                await channel!.BasicPublishAsync(exchange, "", mandatory: false, properties, body, ct);
            }

            return count;
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or TimeoutException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        if (connection is { IsOpen: true } && channel is { IsOpen: true })
        {
            return;
        }

        connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct);
        channel = await connection.CreateChannelAsync(cancellationToken: ct);
        string queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: ct)).QueueName;
        foreach (string exchange in Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: ct);
            await channel.QueueBindAsync(queue, exchange, "", cancellationToken: ct);
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            // What it said itself it has heard before.
            if (message.BasicProperties.Headers?.ContainsKey("repeated") != true)
            {
                var properties = new BasicProperties(message.BasicProperties) { Persistent = true };
                properties.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>()) { ["repeated"] = true };
                heard.TryAdd(heard.Count, (message.Exchange, properties, message.Body.ToArray()));
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, ct);
    }
}
