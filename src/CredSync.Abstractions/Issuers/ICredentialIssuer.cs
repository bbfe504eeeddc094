namespace CredSync.Issuers;

/// <summary>A connection to something that mints credentials. The whole contract of an issuer adapter.</summary>
public interface ICredentialIssuer
{
    /// <summary>What this issuer can do; the host and lint decide by it.</summary>
    IssuerCapabilities Capabilities { get; }

    /// <summary>Mints one credential.</summary>
    /// <param name="request">Whom, what, and with which facts. The host may ask again with the same <see cref="IssuanceRequest.IssuanceId"/>
    /// only when <see cref="IssuerCapabilities.RepeatsSafely"/> is true or a look-up found nothing.</param>
    /// <param name="ct">Cancels the call; a call cancelled after the request left is in doubt.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="IssuerException">It was not minted, or (<see cref="FaultKind.InDoubt"/>) it is not known whether it was.</exception>
    Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct);
}

/// <summary>An optional power of an issuer: find a credential that an earlier, interrupted attempt may have minted.</summary>
public interface ICredentialLookup
{
    /// <summary>Looks a credential up by its issuance.</summary>
    /// <param name="request">The same request that was, perhaps, issued.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <returns>The credential, or null when the issuer is certain that it has none.</returns>
    /// <exception cref="IssuerException">The issuer cannot say.</exception>
    Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct);
}

/// <summary>What an issuer can do.</summary>
public sealed record IssuerCapabilities
{
    /// <summary>Asking twice with the same issuance id and issue date gives the same credential, not a second one. Default false.</summary>
    public bool RepeatsSafely { get; init; }

    /// <summary>
    /// Minting changes nothing but what it returns: an attempt whose answer was lost has left nothing anywhere, so the host need not note it before it asks, and keeps what
    /// is stored first when two attempts meet. For issuers that sign with keys of their own and ask nobody; needs <see cref="RepeatsSafely"/>. Default false.
    /// </summary>
    public bool LeavesNoTrace { get; init; }

    /// <summary>The credential carries the date on which it was earned, not only that on which it was issued. Default true.</summary>
    public bool EarnedDate { get; init; } = true;

    /// <summary>Credentials can expire. Default true.</summary>
    public bool Expiry { get; init; } = true;

    /// <summary>Needs the recipient's e-mail address. Default false.</summary>
    public bool NeedsEmail { get; init; }

    /// <summary>Evidence, and the courses it was earned by, can be sent along. Default true.</summary>
    public bool Evidence { get; init; } = true;

    /// <summary>A credential that was issued can be changed without issuing it again. Default false.</summary>
    public bool Update { get; init; }

    /// <summary>The issuer itself refuses a second credential of the same kind for the same person. Default false.</summary>
    public bool DuplicateGuard { get; init; }

    /// <summary>The definition must name the issuer's own template (<see cref="CredentialFacts.Template"/>). Default false.</summary>
    public bool NeedsTemplate { get; init; }

    /// <summary>Wants a running number for each credential (<see cref="IssuanceRequest.StatusNumber"/>), for a status list of its own. Default false.</summary>
    public bool StatusNumbers { get; init; }
}
