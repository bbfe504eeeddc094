using CredSync.Host.Ledger;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Outcome;

/// <summary>Closes the ledger's lines with what the issue side answered; a repeated answer changes nothing.</summary>
internal sealed class OutcomeConsumer(ILedger ledger, IssuedSignal signal) : IConsumer<CredentialsIssued>, IConsumer<Batch<CredentialIssued>>, IConsumer<Batch<CredentialRefused>>
{
    public async Task Consume(ConsumeContext<CredentialsIssued> context)
    {
        await ledger.CloseAsync([.. context.Message.Credentials.Select(OutcomeDesk.Of)], context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }

    public async Task Consume(ConsumeContext<Batch<CredentialIssued>> context)
    {
        await ledger.CloseAsync([.. context.Message.Select(m => OutcomeDesk.Of(m.Message))], context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }

    public async Task Consume(ConsumeContext<Batch<CredentialRefused>> context)
    {
        var outcomes = new List<IssuanceOutcome>(context.Message.Length);
        foreach (ConsumeContext<CredentialRefused> message in context.Message)
        {
            int attempt = (await ledger.IssuanceAsync(message.Message.IssuanceId, context.CancellationToken).ConfigureAwait(false))?.Attempts ?? 1;
            outcomes.Add(OutcomeDesk.Of(message.Message, attempt));
        }

        await ledger.CloseAsync(outcomes, context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }
}
