namespace CredSync.Core.Issuance;

/// <summary>Where an issuance stands. Legal steps are in <see cref="IssuanceSteps"/>.</summary>
public enum IssuanceState
{
    /// <summary>Decided, and waiting for a person or a condition (approval, consent, an unsure match, a doubt).</summary>
    Held,

    /// <summary>Decided; waits to be published.</summary>
    Planned,

    /// <summary>The queue has it; no outcome yet.</summary>
    Sent,

    /// <summary>The credential exists.</summary>
    Issued,

    /// <summary>The issuer refused it for good; a person may plan it again.</summary>
    Refused,

    /// <summary>The credential existed and was taken back; it is valid no more, and the right to it is not planned again.</summary>
    Revoked,
}

/// <summary>Which steps an issuance may take.</summary>
public static class IssuanceSteps
{
    /// <summary>Whether a step is legal.</summary>
    /// <param name="from">The present state.</param>
    /// <param name="to">The wanted state.</param>
    /// <remarks>An issued credential never goes back; it can be revoked. A sent one may be planned again: what was sent and has no outcome is sent again.</remarks>
    public static bool IsLegal(IssuanceState from, IssuanceState to) => (from, to) switch
    {
        (IssuanceState.Held, IssuanceState.Planned or IssuanceState.Refused or IssuanceState.Issued) => true,
        (IssuanceState.Planned, IssuanceState.Sent or IssuanceState.Held or IssuanceState.Issued or IssuanceState.Refused) => true,
        (IssuanceState.Sent, IssuanceState.Planned or IssuanceState.Held or IssuanceState.Issued or IssuanceState.Refused) => true,
        (IssuanceState.Refused, IssuanceState.Planned or IssuanceState.Issued) => true,
        (IssuanceState.Issued, IssuanceState.Revoked) => true,
        _ => false,
    };
}
