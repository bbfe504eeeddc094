using CredSync.Issuers;
using CredSync.Messages;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

/// <summary>
/// Has credentials taken back: notes the revocation, asks the issuer, notes that it is done, publishes what changed. An attempt that died is made again, which
/// changes nothing by the issuer's contract. One that fails never harms its neighbours.
/// </summary>
internal sealed class RevokeDesk(IIssuerStore store, IssuerRegistry issuers, DocumentPublishing publishing, TimeProvider time, ILogger<RevokeDesk> logger)
{
    /// <summary>The cause of a revocation at an issuer that has no such power; it waits for a person.</summary>
    public const string CannotRevoke = "issuer-cannot-revoke";

    /// <summary>Handles a batch.</summary>
    /// <returns>A <see cref="CredentialRevoked"/> or <see cref="RevocationRefused"/> for each issuance.</returns>
    public async Task<IReadOnlyList<object>> HandleAsync(IReadOnlyList<RevokeCredential> commands, CancellationToken ct)
    {
        RevokeCredential[] distinct = [.. commands.DistinctBy(c => c.IssuanceId)];
        IReadOnlyList<RevocationNote> notes = await store.NoteRevocationsAsync(
            [.. distinct.Select(c => new RevocationNote { Issuance = c.IssuanceId, Issuer = c.Issuer, CredentialId = c.CredentialId, Reason = c.Reason, RevokedAt = c.RevokedAt })], ct).ConfigureAwait(false);
        var answers = new List<object>(distinct.Length);
        var done = new List<RevocationNote>(distinct.Length);
        foreach (RevocationNote note in notes)
        {
            if (note.IsConfirmed || await RevokeAsync(note, answers, ct).ConfigureAwait(false))
            {
                done.Add(note);
            }
        }

        Guid[] fresh = [.. done.Where(n => !n.IsConfirmed).Select(n => n.Issuance)];
        if (fresh.Length > 0)
        {
            await store.ConfirmRevocationsAsync(fresh, ct).ConfigureAwait(false);
        }

        // Before the answer: what is told as revoked can be seen as revoked.
        foreach (string issuer in done.Select(n => n.Issuer).Distinct(StringComparer.Ordinal))
        {
            await publishing.PublishAsync(issuer, ct).ConfigureAwait(false);
        }

        answers.AddRange(done.Select(n => new CredentialRevoked { IssuanceId = n.Issuance, Issuer = n.Issuer, RevokedAt = n.RevokedAt }));
        return answers;
    }

    private async Task<bool> RevokeAsync(RevocationNote note, List<object> answers, CancellationToken ct)
    {
        try
        {
            if (issuers.Find(note.Issuer) is not ICredentialRevoker revoker)
            {
                throw new IssuerException(
                    FaultKind.Rejected, CannotRevoke, $"Issuer '{note.Issuer}' cannot take credentials back through its interface; revoke it there by hand, then say so with: credsync revoke {note.Issuance} --by-hand");
            }

            await revoker.RevokeAsync(
                new RevocationRequest { IssuanceId = note.Issuance, CredentialId = note.CredentialId, Reason = note.Reason, RevokedAt = note.RevokedAt, StatusNumber = note.StatusNumber }, ct).ConfigureAwait(false);
            return true;
        }
        catch (IssuerException e)
        {
            answers.Add(Refused(note, e.Kind, e.Cause, e.Message, e.RetryAfter));
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // Asking again changes nothing that was done, so whatever happened is looked at later.
            Log.IssuerDefect(logger, note.Issuer, note.Issuance, e);
            answers.Add(Refused(note, FaultKind.Broken, "issuer-defect", $"Issuer '{note.Issuer}' failed in an unforeseen way ({e.GetType().Name}); report it to its author with the log of this moment.", null));
        }

        return false;
    }

    private RevocationRefused Refused(RevocationNote note, FaultKind kind, string cause, string reason, TimeSpan? retryAfter) => new()
    {
        IssuanceId = note.Issuance,
        Issuer = note.Issuer,
        Kind = kind,
        Cause = cause,
        Reason = reason,
        RefusedAt = time.GetUtcNow(),
        RetryAfter = retryAfter,
    };
}
