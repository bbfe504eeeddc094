using MassTransit;

namespace CredSync.Host.Issue;

/// <summary>How revoke commands are consumed: in batches, on their issuer's queue beside the issue commands, whose retries hold for the whole queue.</summary>
internal sealed class RevokeCredentialConsumerDefinition : ConsumerDefinition<RevokeCredentialConsumer>
{
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RevokeCredentialConsumer> consumerConfigurator, IRegistrationContext context) =>
        consumerConfigurator.Options<BatchOptions>(o => o.SetMessageLimit(IssueCredentialConsumerDefinition.BatchLimit).SetTimeLimit(TimeSpan.FromMilliseconds(20)).SetConcurrencyLimit(1));
}
