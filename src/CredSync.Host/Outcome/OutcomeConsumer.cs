using CredSync.Host.Ledger;
using CredSync.Host.Telemetry;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Outcome;

/// <summary>Closes the ledger's lines with what the issue side answered; a repeated answer changes nothing.</summary>
internal sealed class OutcomeConsumer(ILedger ledger, IssuedSignal signal) : IConsumer<CredentialsIssued>, IConsumer<Batch<CredentialIssued>>, IConsumer<Batch<CredentialRefused>>, IConsumer<Batch<CredentialRevoked>>, IConsumer<Batch<RevocationRefused>>
{
    public async Task Consume(ConsumeContext<CredentialsIssued> context)
    {
        await ledger.CloseAsync([.. context.Message.Credentials.Select(OutcomeDesk.Of)], context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }

    public async Task Consume(ConsumeContext<Batch<CredentialIssued>> context)
    {
        await ledger.CloseAsync([.. context.Message.Select(m => OutcomeDesk.Of(m.Message))], context.CancellationToken).ConfigureAwait(false);
        foreach (ConsumeContext<CredentialIssued> message in context.Message)
        {
            AwardTrace.Begin("outcome", message.Message.IssuanceId, message.Message.Issuer)?.Dispose();
        }

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

    public async Task Consume(ConsumeContext<Batch<CredentialRevoked>> context)
    {
        await ledger.CloseRevocationsAsync([.. context.Message.Select(m => OutcomeDesk.Of(m.Message))], context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }

    public async Task Consume(ConsumeContext<Batch<RevocationRefused>> context)
    {
        RevocationRefused[] refused = [.. context.Message.Select(m => m.Message)];
        IReadOnlyDictionary<Guid, RevocationLine> lines = await ledger.RevocationsAsync([.. refused.Select(r => r.IssuanceId)], context.CancellationToken).ConfigureAwait(false);
        await ledger.CloseRevocationsAsync([.. refused.Select(r => OutcomeDesk.Of(r, lines.GetValueOrDefault(r.IssuanceId)?.Attempts ?? 1))], context.CancellationToken).ConfigureAwait(false);
        signal.Notify();
    }
}
