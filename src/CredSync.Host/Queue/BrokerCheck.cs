using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Queue;

/// <summary>
/// Asks RabbitMQ once at the start whether we are let in and may declare what we need. A refusal ends the start with one sentence, before anything was begun;
/// a broker that is away does not: this worker starts, says so, and goes on when it is back.
/// </summary>
internal sealed class BrokerCheck(IQueueDeclarations declarations, ILogger<BrokerCheck> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
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

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
