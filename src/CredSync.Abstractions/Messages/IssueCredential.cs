using CredSync.Issuers;

namespace CredSync.Messages;

/// <summary>
/// Command: mint this credential. It may arrive more than once; the issuance id says whether it was done already.
/// The full type name is part of the wire: properties are only ever added, and added ones are optional.
/// </summary>
public sealed record IssueCredential
{
    /// <summary>Identity of the right to this credential (UUID version 5 of definition, person and occurrence).</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>What is awarded.</summary>
    public required CredentialFacts Credential { get; init; }

    /// <summary>Who gets it. Personal data.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary>What it was earned by.</summary>
    public required AwardFacts Award { get; init; }
}
