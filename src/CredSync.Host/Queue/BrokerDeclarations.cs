using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace CredSync.Host.Queue;

/// <summary>Declares our queues at RabbitMQ exactly as the consuming side does: durable, replicated (quorum), one exchange before each.</summary>
internal sealed class BrokerDeclarations(Broker broker) : IQueueDeclarations
{
    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    // A record is for a person to read within two weeks; what it is about is in the ledger for good.
    private static readonly Dictionary<string, object?> Records = new() { ["x-queue-type"] = "quorum", ["x-message-ttl"] = 14L * 24 * 3600 * 1000, ["x-max-length"] = 100_000L };
    private readonly ConcurrentDictionary<string, bool> declared = new(StringComparer.Ordinal);

    public async ValueTask<Uri> IssuerAsync(string issuer, CancellationToken ct)
    {
        string queue = QueueNames.OfIssuer(issuer);
        if (!declared.ContainsKey(queue))
        {
            await broker.UseAsync(channel => DeclareAsync(channel, queue, Quorum, ct), ct).ConfigureAwait(false);
            declared[queue] = true;
        }

        // The exchange, not the queue: MassTransit would declare a queue of another kind.
        return new Uri($"exchange:{queue}");
    }

    public async ValueTask OutcomeAsync(CancellationToken ct)
    {
        if (declared.ContainsKey(QueueNames.Outcome))
        {
            return;
        }

        await broker.UseAsync(
            async channel =>
            {
                await DeclareAsync(channel, QueueNames.Outcome, Quorum, ct).ConfigureAwait(false);
                foreach (string message in (string[])["CredSync.Messages:CredentialsIssued", "CredSync.Messages:CredentialIssued", "CredSync.Messages:CredentialRefused", "CredSync.Messages:CredentialRevoked", "CredSync.Messages:RevocationRefused"])
                {
                    await channel.ExchangeDeclareAsync(message, ExchangeType.Fanout, durable: true, cancellationToken: ct).ConfigureAwait(false);
                    await channel.ExchangeBindAsync(QueueNames.Outcome, message, "", cancellationToken: ct).ConfigureAwait(false);
                }
            },
            ct).ConfigureAwait(false);
        declared[QueueNames.Outcome] = true;
    }

    public void Forget() => declared.Clear();

    /// <summary>Leaves a record of a message that nobody could handle, in the queue of its kind of fault.</summary>
    public Task RecordAsync(string kind, ReadOnlyMemory<byte> json, CancellationToken ct) => broker.UseAsync(
        async channel =>
        {
            string queue = QueueNames.OfUnhandled(kind);
            if (declared.TryAdd(queue, true))
            {
                await DeclareAsync(channel, queue, Records, ct).ConfigureAwait(false);
            }

            await channel.BasicPublishAsync(queue, "", mandatory: true, new BasicProperties { Persistent = true, ContentType = "application/json" }, json, ct).ConfigureAwait(false);
        },
        ct);

    /// <summary>How many records of messages that nobody could handle wait for a person, by kind of fault; kinds without any are left out.</summary>
    public async Task<IReadOnlyList<(string Kind, long Records)>> UnhandledAsync(CancellationToken ct)
    {
        var waiting = new List<(string, long)>();
        await broker.UseAsync(
            async channel =>
            {
                waiting.Clear();
                foreach (string kind in QueueNames.UnhandledKinds)
                {
                    await DeclareAsync(channel, QueueNames.OfUnhandled(kind), Records, ct).ConfigureAwait(false);
                    if (await channel.MessageCountAsync(QueueNames.OfUnhandled(kind), ct).ConfigureAwait(false) is > 0 and uint records)
                    {
                        waiting.Add((kind, records));
                    }
                }
            },
            ct).ConfigureAwait(false);
        return waiting;
    }

    private static async Task DeclareAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: ct).ConfigureAwait(false);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: ct).ConfigureAwait(false);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: ct).ConfigureAwait(false);
    }
}
