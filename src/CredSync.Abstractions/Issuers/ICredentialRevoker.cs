namespace CredSync.Issuers;

/// <summary>An optional power of an issuer: take a credential back.</summary>
public interface ICredentialRevoker
{
    /// <summary>Revokes one credential. Doing it again changes nothing and succeeds.</summary>
    /// <param name="request">Which credential, why and since when.</param>
    /// <param name="ct">Cancels the call; the host asks again.</param>
    /// <returns>A task that ends when the issuer has confirmed the revocation.</returns>
    /// <exception cref="IssuerException">It was not revoked, or (<see cref="FaultKind.InDoubt"/>) it is not known whether it was.</exception>
    Task RevokeAsync(RevocationRequest request, CancellationToken ct);
}

/// <summary>Which credential is taken back, and why.</summary>
public sealed record RevocationRequest
{
    /// <summary>Identity of the right that the credential was minted for.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>The issuer's id of the credential, as <see cref="IssuedCredential.CredentialId"/> gave it.</summary>
    public required string CredentialId { get; init; }

    /// <summary>Why, in one sentence that may be published; no personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when, UTC; decided once, the same when the host asks again.</summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>The number that the credential was minted with (<see cref="IssuanceRequest.StatusNumber"/>); null when it has none.</summary>
    public long? StatusNumber { get; init; }
}
