namespace CredSync.Messages;

/// <summary>Event: the credential was not revoked, or it is not known whether it was. Leaves the revocation for a later attempt or for a person.</summary>
public sealed record RevocationRefused
{
    /// <summary>Identity of the right that the credential was minted for.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>What kind of fault it was; decides whether the ledger tries again, parks or holds.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>A stable machine code for grouping, for example <c>issuer-cannot-revoke</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>What happened and what to do, in one sentence; no personal data.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was refused, UTC.</summary>
    public required DateTimeOffset RefusedAt { get; init; }

    /// <summary>How long the issuer asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
