using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Queue;

/// <summary>
/// Asks RabbitMQ once at the start whether we are let in and may declare what we need. A refusal ends the start with one sentence, before anything was begun;
/// a broker that is away does not: this worker starts, says so, and goes on when it is back.
/// </summary>
internal sealed class BrokerCheck(IQueueDeclarations declarations, ILogger<BrokerCheck> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await declarations.OutcomeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException e) when (e.IsOutage)
        {
            Log.BrokerAway(logger, e.Message);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
