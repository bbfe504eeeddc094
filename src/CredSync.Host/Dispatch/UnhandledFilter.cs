using System.Text.Json;
using System.Text.Json.Serialization;
using CredSync.Host.Queue;
using CredSync.Host.Storage;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Dispatch;

/// <summary>
/// What becomes of a message that its consumer could not handle. Instead of moving it, name and address included, to an error queue, a record is left that names
/// the message and the fault, in a queue for each kind of fault, because each kind has somebody else to mend it; the ledger knows everything else and sends again what got no answer.
/// An outage is no reason to give up a message: it goes back to its queue.
/// </summary>
internal sealed class UnhandledFilter(BrokerDeclarations declarations, TimeProvider time, ILogger<UnhandledFilter> logger) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        Exception fault = context.Exception.GetBaseException();
        return fault switch
        {
            StorageException or OperationCanceledException or TimeoutException => throw new MessageWaitsException(context.Exception),
            ConfigurationException => RecordAsync(context, "bad-configuration", fault.GetType().Name),
            System.Runtime.Serialization.SerializationException or JsonException => RecordAsync(context, "poison", fault.GetType().Name),
            _ => RecordAsync(context, "defect", fault.GetType().Name),
        };
    }

    // A message that could not be read also had no consumer; it leaves one record, the one that says why.
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) =>
        context.TryGetPayload(out RecordLeft? _) ? Task.CompletedTask : RecordAsync(context, "unknown-message", "NoConsumer");

    public void Probe(ProbeContext context) => context.CreateFilterScope("unhandled");

    private async Task RecordAsync(ReceiveContext context, string kind, string fault)
    {
        string queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        var record = new UnhandledRecord
        {
            Queue = queue,
            Kind = kind,
            Fault = fault,
            At = time.GetUtcNow(),
            MessageId = context.GetMessageId(),
            IssuanceId = context.GetCorrelationId(),
            MessageTypes = context.TransportHeaders.Get<string>(MessageHeaders.MessageType),
        };
        await declarations.RecordAsync(kind, JsonSerializer.SerializeToUtf8Bytes(record, UnhandledJson.Default.UnhandledRecord), context.CancellationToken).ConfigureAwait(false);
        context.GetOrAddPayload(static () => new RecordLeft());
        Queue.Log.Unhandled(logger, queue, kind, fault);
    }

    private sealed class RecordLeft;
}

/// <summary>A message goes back to its queue, because what its consumer needs is away.</summary>
internal sealed class MessageWaitsException(Exception inner) : Exception("What the consumer needs is away; the message goes back to its queue.", inner);

/// <summary>What is left of a message that nobody could handle. No name, no address, no facts.</summary>
internal sealed record UnhandledRecord
{
    public required string Queue { get; init; }

    /// <summary><c>poison</c> (cannot be read, or a fact that it must have is missing), <c>unknown-message</c> (nobody here takes it), <c>bad-configuration</c> or <c>defect</c>.</summary>
    public required string Kind { get; init; }

    public required string Fault { get; init; }

    public required DateTimeOffset At { get; init; }

    public Guid? MessageId { get; init; }

    /// <summary>The issuance that it is about, when the envelope says so; <c>credsync trace</c> shows it.</summary>
    public Guid? IssuanceId { get; init; }

    public string? MessageTypes { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UnhandledRecord))]
internal sealed partial class UnhandledJson : JsonSerializerContext;
