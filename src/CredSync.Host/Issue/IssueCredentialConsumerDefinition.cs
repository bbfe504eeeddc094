using CredSync.Host.Storage;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Issue;

/// <summary>How issue commands are consumed: many at a time, so that the journal commits once for many; each issuer's queue on its own.</summary>
internal sealed class IssueCredentialConsumerDefinition : ConsumerDefinition<IssueCredentialConsumer>
{
    /// <summary>Most commands that came alone and are handled together.</summary>
    public const int BatchLimit = 32;

    // How many messages are minted at once: signing wants every core, and an issuer far away is waited for.
    private static readonly int AtOnce = Math.Max(2, Environment.ProcessorCount);

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<IssueCredentialConsumer> consumerConfigurator, IRegistrationContext context)
    {
        // A message may carry hundreds of commands: few are held in memory, yet enough that none of those at work waits for the broker.
        endpointConfigurator.PrefetchCount = BatchLimit * 2;

        // Only a failing journal ends here (an issuer's faults are answers). While it is away the messages wait, however long; another fault is tried a few times,
        // and the ledger sends again what got no answer.
        endpointConfigurator.UseMessageRetry(r =>
        {
            r.Handle<StorageException>();
            r.Exponential(int.MaxValue, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500));
        });
        endpointConfigurator.UseMessageRetry(r =>
        {
            r.Ignore<StorageException>();
            r.Exponential(4, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500));
        });
        consumerConfigurator.Options<BatchOptions>(o => o.SetMessageLimit(BatchLimit).SetTimeLimit(TimeSpan.FromMilliseconds(20)).SetConcurrencyLimit(2));
        consumerConfigurator.Message<IssueCredentials>(m => m.UseConcurrentMessageLimit(AtOnce));
    }
}
