using CredSync.Host.Ledger;
using CredSync.Host.Queue;
using CredSync.Messages;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Dispatch;

/// <summary>The one place that puts issue commands on the queue.</summary>
internal sealed class IssuancePublisher(IBus bus, IQueueDeclarations declarations, IOptions<DispatchOptions> options)
{
    /// <summary>Sends commands, each to its issuer's queue, many confirmations in flight. One that fails does not hold up the others.</summary>
    /// <returns>What the broker has confirmed, and the first fault, if any.</returns>
    public async Task<Sending> SendAsync(IReadOnlyList<ClaimedIssuance> claims, CancellationToken ct)
    {
        Sending[] parts = await Task.WhenAll(claims.GroupBy(c => c.Issuer).Select(group => SendAsync(group.Key, [.. group], ct))).ConfigureAwait(false);
        return new Sending([.. parts.SelectMany(p => p.Confirmed)], parts.Select(p => p.Fault).FirstOrDefault(f => f is not null));
    }

    private async Task<Sending> SendAsync(string issuer, List<ClaimedIssuance> claims, CancellationToken ct)
    {
        try
        {
            ISendEndpoint endpoint = await bus.GetSendEndpoint(await declarations.IssuerAsync(issuer, ct).ConfigureAwait(false)).ConfigureAwait(false);
            List<ClaimedIssuance[]> messages = Together(claims);
            Exception?[] faults = await Task.WhenAll(messages.Select(m => SendAsync(endpoint, m, ct))).ConfigureAwait(false);
            if (faults.Any(f => f is MessageReturnedException))
            {
                declarations.Forget();
            }

            return new Sending([.. messages.Where((_, i) => faults[i] is null).SelectMany(m => m).Select(c => c.Id)], faults.FirstOrDefault(f => f is not null));
        }
        catch (Exception e)
        {
            return new Sending([], e);
        }
    }

    // Those who get the same stand together, so that a message names it once. Whatever is sent again travels alone: should it be what kept a message from being
    // handled, it keeps only itself.
    private List<ClaimedIssuance[]> Together(List<ClaimedIssuance> claims) =>
    [
        .. claims.Where(c => c.Attempt <= 1).GroupBy(c => c.Credential, ReferenceEqualityComparer.Instance).SelectMany(g => g).Chunk(options.Value.MostPerMessage),
        .. claims.Where(c => c.Attempt > 1).Select(c => (ClaimedIssuance[])[c]),
    ];

    private static async Task<Exception?> SendAsync(ISendEndpoint endpoint, ClaimedIssuance[] claims, CancellationToken ct)
    {
        try
        {
            await (claims is [{ } alone]
                ? endpoint.Send(ToCommand(alone), context => Address(context, alone.Id), ct)
                : endpoint.Send(new IssueCredentials { Issuances = [.. claims.Select(ToCommand)] }, context => Address(context, null), ct)).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // The id travels outside the body too, so that it is known even when the body cannot be read; and a message that reaches no queue comes back instead of being confirmed.
    private static void Address(SendContext context, Guid? issuance)
    {
        context.CorrelationId = issuance;
        if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
        {
            rabbit.Mandatory = true;
        }
    }

    private static IssueCredential ToCommand(ClaimedIssuance claim) => new()
    {
        IssuanceId = claim.Id,
        Issuer = claim.Issuer,
        Credential = claim.Credential,
        Recipient = claim.Recipient,
        Award = claim.Award,
    };
}

/// <summary>How a sending went.</summary>
/// <param name="Confirmed">Ids that the broker has confirmed.</param>
/// <param name="Fault">The first fault; null when all are confirmed.</param>
internal sealed record Sending(IReadOnlyCollection<Guid> Confirmed, Exception? Fault);
