using CredSync.Host.Queue;
using CredSync.Messages;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

/// <summary>Takes revoke commands off an issuer's queue, has the credentials taken back, and publishes what became of each.</summary>
internal sealed class RevokeCredentialConsumer(RevokeDesk desk, IQueueDeclarations declarations, ILogger<RevokeCredentialConsumer> logger) : IConsumer<Batch<RevokeCredential>>
{
    public async Task Consume(ConsumeContext<Batch<RevokeCredential>> context)
    {
        IReadOnlyList<object> answers = await desk.HandleAsync([.. context.Message.Select(m => m.Message)], context.CancellationToken).ConfigureAwait(false);
        foreach (RevocationRefused refused in answers.OfType<RevocationRefused>())
        {
            Log.RevocationRefused(logger, refused.Issuer, refused.IssuanceId, refused.Cause, refused.Reason);
        }

        await declarations.OutcomeAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(answers.Select(a => context.Publish(a, a.GetType(), Pipe.Execute<PublishContext>(static p => p.Mandatory = true), context.CancellationToken))).ConfigureAwait(false);
        }
        catch (MessageReturnedException)
        {
            declarations.Forget();
            throw;
        }
    }
}
