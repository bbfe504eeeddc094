using CredSync.Host.Queue;
using CredSync.Messages;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

/// <summary>Takes issue commands off an issuer's queue, many in a message or each alone, has them minted, and publishes what became of each.</summary>
internal sealed class IssueCredentialConsumer(IssueDesk desk, IQueueDeclarations declarations, ILogger<IssueCredentialConsumer> logger) : IConsumer<Batch<IssueCredential>>, IConsumer<IssueCredentials>
{
    public async Task Consume(ConsumeContext<Batch<IssueCredential>> context) =>
        await AnswerAsync(context, await desk.HandleAsync([.. context.Message.Select(m => m.Message)], context.CancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task Consume(ConsumeContext<IssueCredentials> context)
    {
        IReadOnlyList<object> answers = await desk.HandleAsync(context.Message.Issuances, context.CancellationToken).ConfigureAwait(false);

        // What came together is answered together; a refusal always stands for itself.
        CredentialIssued[] issued = [.. answers.OfType<CredentialIssued>()];
        await AnswerAsync(context, issued.Length < 2 ? answers : [new CredentialsIssued { Credentials = issued }, .. answers.Where(a => a is not CredentialIssued)]).ConfigureAwait(false);
    }

    private async Task AnswerAsync(ConsumeContext context, IReadOnlyList<object> answers)
    {
        foreach (CredentialRefused refused in answers.OfType<CredentialRefused>())
        {
            Log.Refused(logger, refused.Issuer, refused.IssuanceId, refused.Cause, refused.Reason);
        }

        // The ledger's side may never have been up: its queue is declared from here, and an answer that reaches no queue is not taken for told.
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
