namespace CredSync.Messages;

/// <summary>Event: the credential is no longer valid at its issuer. May arrive more than once with the same content.</summary>
public sealed record CredentialRevoked
{
    /// <summary>Identity of the right that the credential was minted for.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset RevokedAt { get; init; }
}
