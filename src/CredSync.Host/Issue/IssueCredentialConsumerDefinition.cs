using CredSync.Host.Storage;
using MassTransit;

namespace CredSync.Host.Issue;

/// <summary>How issue commands are consumed: in batches, so that the journal commits once for many; each issuer's queue on its own.</summary>
internal sealed class IssueCredentialConsumerDefinition : ConsumerDefinition<IssueCredentialConsumer>
{
    /// <summary>Most commands in a batch.</summary>
    public const int BatchLimit = 100;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<IssueCredentialConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = BatchLimit * 3;

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
    }
}
