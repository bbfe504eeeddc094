using CredSync.Host.Storage;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Outcome;

/// <summary>How outcomes are consumed: in batches, so that the ledger commits once for many.</summary>
internal sealed class OutcomeConsumerDefinition : ConsumerDefinition<OutcomeConsumer>
{
    /// <summary>Most outcomes in a batch.</summary>
    public const int BatchLimit = 200;

    // Each closes many lines in one transaction; more of them at once only wait for each other.
    private const int AtOnce = 2;

    public OutcomeConsumerDefinition() => EndpointName = "credential-outcome";

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<OutcomeConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = BatchLimit * 2;

        // While the ledger is away outcomes wait, however long; another fault is tried a few times, and the issue side repeats its answer when it is asked again.
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
        consumerConfigurator.Message<CredentialsIssued>(m => m.UseConcurrentMessageLimit(AtOnce));
        consumerConfigurator.Options<BatchOptions>(o => o.SetMessageLimit(BatchLimit).SetTimeLimit(TimeSpan.FromMilliseconds(20)).SetConcurrencyLimit(1));
    }
}
