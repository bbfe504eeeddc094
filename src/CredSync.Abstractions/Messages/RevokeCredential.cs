namespace CredSync.Messages;

/// <summary>Command: take this credential back. It may arrive more than once; revoking twice changes nothing.</summary>
public sealed record RevokeCredential
{
    /// <summary>Identity of the right that the credential was minted for.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>The issuer's id of the credential.</summary>
    public required string CredentialId { get; init; }

    /// <summary>Why, in one sentence that may be published; no personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset RevokedAt { get; init; }
}
