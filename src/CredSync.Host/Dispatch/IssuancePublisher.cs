using CredSync.Host.Ledger;
using CredSync.Messages;
using MassTransit;

namespace CredSync.Host.Dispatch;

/// <summary>The one place that puts issue commands on the queue. A returned task means that the broker has them.</summary>
internal sealed class IssuancePublisher(IBus bus)
{
    /// <summary>The queue of an issuer; a foreign consumer listens here.</summary>
    public static string QueueOf(string issuer) => $"issue-credential-{issuer}";

    /// <summary>Sends commands, each to its issuer's queue, many confirmations in flight.</summary>
    /// <returns>The ids that the broker confirmed.</returns>
    public async Task<IReadOnlyCollection<Guid>> SendAsync(IReadOnlyList<ClaimedIssuance> claims, CancellationToken ct)
    {
        var sent = new List<Guid>(claims.Count);
        foreach (IGrouping<string, ClaimedIssuance> group in claims.GroupBy(c => c.Issuer))
        {
            ISendEndpoint endpoint = await bus.GetSendEndpoint(new Uri($"queue:{QueueOf(group.Key)}")).ConfigureAwait(false);
            List<ClaimedIssuance> issuances = [.. group];
            await Task.WhenAll(issuances.Select(c => endpoint.Send(ToCommand(c), ct))).ConfigureAwait(false);
            sent.AddRange(issuances.Select(c => c.Id));
        }

        return sent;
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
