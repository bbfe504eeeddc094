using CredSync.Core.Issuance;
using CredSync.Core.Polling;
using CredSync.Host.Ledger;
using CredSync.Messages;

namespace CredSync.Host.Outcome;

/// <summary>Turns answers of the issue side into the last lines of the ledger.</summary>
internal static class OutcomeDesk
{
    /// <summary>The cause of a revocation at an issuer that has no such power, as the issue side writes it.</summary>
    public const string CannotRevoke = "issuer-cannot-revoke";

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>The line for an issued credential.</summary>
    public static IssuanceOutcome Of(CredentialIssued issued) => new()
    {
        Id = issued.IssuanceId,
        State = IssuanceState.Issued,
        At = issued.IssuedAt,
        CredentialId = issued.CredentialId,
        PublicUrl = issued.PublicUrl,
    };

    /// <summary>The line for a refusal: later again, parked, or held, as the one table of faults says.</summary>
    /// <param name="refused">The refusal.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    public static IssuanceOutcome Of(CredentialRefused refused, int attempt)
    {
        FaultAction action = FaultPolicy.ActionFor(refused.Kind);
        return new IssuanceOutcome
        {
            Id = refused.IssuanceId,
            State = action switch
            {
                FaultAction.Park => IssuanceState.Refused,
                FaultAction.Hold => IssuanceState.Held,
                _ => IssuanceState.Planned,
            },
            At = refused.RefusedAt,
            NotBefore = action is FaultAction.BackOff or FaultAction.Pause ? refused.RefusedAt + (refused.RetryAfter ?? Wait(action, attempt)) : null,
            Cause = refused.Cause,
            Sentence = refused.Reason,
        };
    }

    /// <summary>The end of a revocation.</summary>
    public static RevocationOutcome Of(CredentialRevoked revoked) => new() { Id = revoked.IssuanceId, State = RevocationState.Revoked, At = revoked.RevokedAt };

    /// <summary>What becomes of a revocation that was not done: later again, parked, or held, as the one table of faults says; at an issuer without the power a person must do it.</summary>
    /// <param name="refused">The refusal.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    public static RevocationOutcome Of(RevocationRefused refused, int attempt)
    {
        FaultAction action = refused.Cause == CannotRevoke ? FaultAction.Hold : FaultPolicy.ActionFor(refused.Kind);
        return new RevocationOutcome
        {
            Id = refused.IssuanceId,
            State = action switch
            {
                FaultAction.Park => RevocationState.Refused,
                FaultAction.Hold => RevocationState.Held,
                _ => RevocationState.Planned,
            },
            At = refused.RefusedAt,
            NotBefore = action is FaultAction.BackOff or FaultAction.Pause ? refused.RefusedAt + (refused.RetryAfter ?? Wait(action, attempt)) : null,
            Cause = refused.Cause,
            Sentence = refused.Reason,
        };
    }

    // Doubling from five seconds; a pause (wrong key, wrong rights) waits at the longest step until a person has mended it.
    private static TimeSpan Wait(FaultAction action, int attempt) =>
        action == FaultAction.Pause ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 5 * Math.Pow(2, Math.Min(attempt, 20) - 1)));
}
