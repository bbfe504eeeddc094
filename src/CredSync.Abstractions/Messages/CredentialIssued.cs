namespace CredSync.Messages;

/// <summary>Event: the credential exists. Closes the ledger's line. May arrive more than once with the same content.</summary>
public sealed record CredentialIssued
{
    /// <summary>Identity of the right to this credential.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>The issuer's id of the credential.</summary>
    public required string CredentialId { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Where people can see it; null when there is no page.</summary>
    public string? PublicUrl { get; init; }
}
