using CredSync.Host.Ledger;
using CredSync.Host.Queue;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Dispatch;

/// <summary>The one place that puts commands on the issuers' queues.</summary>
internal sealed class IssuancePublisher(IBus bus, IQueueDeclarations declarations)
{
    /// <summary>Sends issue commands, each to its issuer's queue, many confirmations in flight. One that fails does not hold up the others.</summary>
    /// <returns>What the broker has confirmed, and the first fault, if any.</returns>
    public Task<Sending> SendAsync(IReadOnlyList<ClaimedIssuance> claims, CancellationToken ct) => SendAsync(claims, c => c.Id, c => c.Issuer, ToCommand, ct);

    /// <summary>Sends revoke commands in the same way.</summary>
    /// <returns>What the broker has confirmed, and the first fault, if any.</returns>
    public Task<Sending> SendAsync(IReadOnlyList<ClaimedRevocation> claims, CancellationToken ct) => SendAsync(claims, c => c.Id, c => c.Issuer, ToCommand, ct);

    private async Task<Sending> SendAsync<T>(IReadOnlyList<T> claims, Func<T, Guid> id, Func<T, string> issuer, Func<T, object> command, CancellationToken ct)
    {
        Sending[] parts = await Task.WhenAll(claims.GroupBy(issuer).Select(group => SendToAsync(group.Key, [.. group.Select(c => (id(c), command(c)))], ct))).ConfigureAwait(false);
        return new Sending([.. parts.SelectMany(p => p.Confirmed)], parts.Select(p => p.Fault).FirstOrDefault(f => f is not null));
    }

    private async Task<Sending> SendToAsync(string issuer, List<(Guid Id, object Command)> commands, CancellationToken ct)
    {
        try
        {
            ISendEndpoint endpoint = await bus.GetSendEndpoint(await declarations.IssuerAsync(issuer, ct).ConfigureAwait(false)).ConfigureAwait(false);
            Exception?[] faults = await Task.WhenAll(commands.Select(c => SendOneAsync(endpoint, c.Id, c.Command, ct))).ConfigureAwait(false);
            if (faults.Any(f => f is MessageReturnedException))
            {
                declarations.Forget();
            }

            return new Sending([.. commands.Where((_, i) => faults[i] is null).Select(c => c.Id)], faults.FirstOrDefault(f => f is not null));
        }
        catch (Exception e)
        {
            return new Sending([], e);
        }
    }

    private static async Task<Exception?> SendOneAsync(ISendEndpoint endpoint, Guid id, object command, CancellationToken ct)
    {
        try
        {
            await endpoint.Send(command, command.GetType(), Pipe.Execute<SendContext>(context => Address(context, id)), ct).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // The id travels outside the body too, so that it is known even when the body cannot be read; and a message that reaches no queue comes back instead of being confirmed.
    private static void Address(SendContext context, Guid issuance)
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

    private static RevokeCredential ToCommand(ClaimedRevocation claim) => new()
    {
        IssuanceId = claim.Id,
        Issuer = claim.Issuer,
        CredentialId = claim.CredentialId,
        Reason = claim.Reason,
        RevokedAt = claim.RevokedAt,
    };
}

/// <summary>How a sending went.</summary>
/// <param name="Confirmed">Ids that the broker has confirmed.</param>
/// <param name="Fault">The first fault; null when all are confirmed.</param>
internal sealed record Sending(IReadOnlyCollection<Guid> Confirmed, Exception? Fault);
