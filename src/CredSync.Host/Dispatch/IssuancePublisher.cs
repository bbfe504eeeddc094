using CredSync.Host.Ledger;
using CredSync.Host.Queue;
using CredSync.Host.Telemetry;
using CredSync.Messages;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Dispatch;

/// <summary>The one place that puts commands on the issuers' queues.</summary>
internal sealed class IssuancePublisher(IBus bus, IQueueDeclarations declarations, IOptions<DispatchOptions> options)
{
    /// <summary>Sends issue commands, each to its issuer's queue, many in a message and many confirmations in flight. One that fails does not hold up the others.</summary>
    /// <returns>What the broker has confirmed, and the first fault, if any.</returns>
    public Task<Sending> SendAsync(IReadOnlyList<ClaimedIssuance> claims, CancellationToken ct) => SendAsync(claims, c => c.Issuer, Together, ct);

    /// <summary>Sends revoke commands in the same way, each alone.</summary>
    /// <returns>What the broker has confirmed, and the first fault, if any.</returns>
    public Task<Sending> SendAsync(IReadOnlyList<ClaimedRevocation> claims, CancellationToken ct) => SendAsync(claims, c => c.Issuer, static group => group.Select(c => new Outgoing([c.Id], ToCommand(c))), ct);

    private async Task<Sending> SendAsync<T>(IReadOnlyList<T> claims, Func<T, string> issuer, Func<IEnumerable<T>, IEnumerable<Outgoing>> messages, CancellationToken ct)
    {
        Sending[] parts = await Task.WhenAll(claims.GroupBy(issuer).Select(group => SendToAsync(group.Key, [.. messages(group)], ct))).ConfigureAwait(false);
        return new Sending([.. parts.SelectMany(p => p.Confirmed)], parts.Select(p => p.Fault).FirstOrDefault(f => f is not null));
    }

    private async Task<Sending> SendToAsync(string issuer, List<Outgoing> messages, CancellationToken ct)
    {
        try
        {
            ISendEndpoint endpoint = await bus.GetSendEndpoint(await declarations.IssuerAsync(issuer, ct).ConfigureAwait(false)).ConfigureAwait(false);
            Exception?[] faults = await Task.WhenAll(messages.Select(m => SendOneAsync(endpoint, m, ct))).ConfigureAwait(false);
            if (faults.Any(f => f is MessageReturnedException))
            {
                declarations.Forget();
            }

            return new Sending([.. messages.Where((_, i) => faults[i] is null).SelectMany(m => m.Ids)], faults.FirstOrDefault(f => f is not null));
        }
        catch (Exception e)
        {
            return new Sending([], e);
        }
    }

    // Those who get the same stand together, so that a message names it once. Whatever is sent again travels alone: should it be what kept a message from being
    // handled, it keeps only itself.
    private IEnumerable<Outgoing> Together(IEnumerable<ClaimedIssuance> claims) =>
        claims.Where(c => c.Attempt <= 1).GroupBy(c => c.Credential, ReferenceEqualityComparer.Instance).SelectMany(g => g).Chunk(options.Value.MostPerMessage)
            .Concat(claims.Where(c => c.Attempt > 1).Select(c => (ClaimedIssuance[])[c]))
            .Select(together => together is [{ } alone]
                ? new Outgoing([alone.Id], ToCommand(alone))
                : new Outgoing([.. together.Select(c => c.Id)], new IssueCredentials { Issuances = [.. together.Select(ToCommand)] }));

    private static async Task<Exception?> SendOneAsync(ISendEndpoint endpoint, Outgoing message, CancellationToken ct)
    {
        try
        {
            await endpoint.Send(message.Command, message.Command.GetType(), Pipe.Execute<SendContext>(context => Address(context, message.Ids is [var alone] ? alone : null)), ct).ConfigureAwait(false);
            foreach (Guid id in message.Ids)
            {
                AwardTrace.Begin("dispatch", id)?.Dispose();
            }

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

    private static RevokeCredential ToCommand(ClaimedRevocation claim) => new()
    {
        IssuanceId = claim.Id,
        Issuer = claim.Issuer,
        CredentialId = claim.CredentialId,
        Reason = claim.Reason,
        RevokedAt = claim.RevokedAt,
    };

    // A message, and the issuances that it is about.
    private sealed record Outgoing(Guid[] Ids, object Command);
}

/// <summary>How a sending went.</summary>
/// <param name="Confirmed">Ids that the broker has confirmed.</param>
/// <param name="Fault">The first fault; null when all are confirmed.</param>
internal sealed record Sending(IReadOnlyCollection<Guid> Confirmed, Exception? Fault);
