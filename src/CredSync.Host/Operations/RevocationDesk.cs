using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using CredSync.Issuers;

namespace CredSync.Host.Operations;

/// <summary>How credentials are taken back; the command line, the interface for programs and the screens all come here.</summary>
internal sealed class RevocationDesk(ILedger ledger, IssuerRegistry issuers, JobDesk jobs)
{
    private const int BatchSize = 200;
    private const int LongestReason = 300;

    /// <summary>Why a reason cannot be given like this; null when it can.</summary>
    public static string? WhyNot(string reason) =>
        reason.Trim().Length is 0 or > LongestReason || reason.Contains('@', StringComparison.Ordinal)
            ? $"The reason is one sentence of at most {LongestReason} characters without personal data, such as 'Issued in error.'; employers may read it."
            : null;

    /// <summary>Credentials that exist, or may exist, and are not revoked.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="person">All of this person, those included who were merged into them; null for anybody's.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<IssuanceLine>> FindAsync(RevocableFilter filter, Guid? person, CancellationToken ct)
    {
        if (person is not { } subject)
        {
            return await ledger.RevocableAsync(filter, ct).ConfigureAwait(false);
        }

        var lines = new List<IssuanceLine>();
        foreach (PersonMember member in (await ledger.PersonAsync(subject, ct).ConfigureAwait(false))?.Members ?? [])
        {
            lines.AddRange(await ledger.RevocableAsync(filter with { Subject = member.Subject }, ct).ConfigureAwait(false));
        }

        return lines;
    }

    /// <summary>Whether the issuer of a credential can take it back through its interface, or it has been done there by hand.</summary>
    public bool CanRevoke(IssuanceLine line, bool byHand) => byHand || (issuers.All.TryGetValue(line.Issuer, out ICredentialIssuer? issuer) && issuer is ICredentialRevoker);

    /// <summary>Takes credentials back: at once when they are few, as a job that a second person approves when they are over the limit.</summary>
    /// <returns>How many are planned or noted, or the job.</returns>
    /// <exception cref="ActException">The reason is missing or holds personal data.</exception>
    public async Task<(int Done, JobLine? Job)> RevokeManyAsync(IReadOnlyList<IssuanceLine> lines, string what, RevocationWish wish, CancellationToken ct)
    {
        if (WhyNot(wish.Reason) is { } why)
        {
            throw new ActException(why);
        }

        return lines.Count > jobs.ApproveOver
            ? (0, await jobs.RevokeAsync(lines, what, wish, ct).ConfigureAwait(false))
            : (await RevokeAsync(ledger, lines, wish, ct).ConfigureAwait(false), null);
    }

    /// <summary>Takes credentials back, each with its act in the audit.</summary>
    /// <returns>How many; what is under way already is left alone.</returns>
    public static async Task<int> RevokeAsync(ILedger ledger, IReadOnlyList<IssuanceLine> lines, RevocationWish wish, CancellationToken ct)
    {
        int done = 0;

        // In the order in which pages and outcomes lock them, so that two that meet wait for each other and never block each other.
        foreach (IssuanceLine[] batch in lines.OrderBy(l => l.Id).Chunk(BatchSize))
        {
            done += await ledger.ActAsync(transaction => RevokeAsync(transaction, batch, wish, ct), ct).ConfigureAwait(false);
        }

        return done;
    }

    private static async Task<int> RevokeAsync(IActTransaction transaction, IssuanceLine[] lines, RevocationWish wish, CancellationToken ct)
    {
        int planned = 0;
        string became = wish.ByHand ? "revoked by hand at its issuer" : "to be revoked at its issuer";
        foreach (IssuanceLine line in lines)
        {
            if (await transaction.RevokeAsync([new RevocationRow(line.Id, wish.Reason, wish.ByHand)], ct).ConfigureAwait(false) == 1)
            {
                planned++;
                string was = line.State.ToString().ToLowerInvariant();
                await transaction.RecordAsync(
                    new Act(wish.Who, "revoke", line.Id.ToString(), wish.Reason, $"{line.Definition} by {line.Issuer}: was {was}, now {became}") { Was = was, Became = became }, ct).ConfigureAwait(false);
            }
        }

        return planned;
    }
}

/// <summary>How credentials are to be taken back.</summary>
/// <param name="Reason">Why, in one sentence that may be published.</param>
/// <param name="ByHand">Whether it was done at their issuer by hand, so that only the ledger learns of it.</param>
/// <param name="Who">Who does it.</param>
internal sealed record RevocationWish(string Reason, bool ByHand, string Who);
