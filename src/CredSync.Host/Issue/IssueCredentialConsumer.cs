using CredSync.Messages;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

/// <summary>Takes issue commands off an issuer's queue, has them minted, and publishes what became of each.</summary>
internal sealed class IssueCredentialConsumer(IssueDesk desk, ILogger<IssueCredentialConsumer> logger) : IConsumer<Batch<IssueCredential>>
{
    public async Task Consume(ConsumeContext<Batch<IssueCredential>> context)
    {
        IReadOnlyList<object> answers = await desk.HandleAsync([.. context.Message.Select(m => m.Message)], context.CancellationToken).ConfigureAwait(false);
        foreach (CredentialRefused refused in answers.OfType<CredentialRefused>())
        {
            Log.Refused(logger, refused.Issuer, refused.IssuanceId, refused.Cause, refused.Reason);
        }

        await Task.WhenAll(answers.Select(a => context.Publish(a, a.GetType(), context.CancellationToken))).ConfigureAwait(false);
    }
}
