using CredSync.Core.Rules;
using CredSync.Issuers;

namespace CredSync.Core.Issuance;

/// <summary>An issuance as the ledger keeps it until it is sent: everything but the recipient's name and address, which are read when it is sent.</summary>
public sealed record PlannedIssuance
{
    /// <summary>Its identity; <see cref="IssuanceKey.Id"/> is the id under which it travels.</summary>
    public required IssuanceKey Key { get; init; }

    /// <summary>Name of the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>What is awarded, as the definition stood when it was decided.</summary>
    public required CredentialFacts Credential { get; init; }

    /// <summary>What it was earned by.</summary>
    public required AwardFacts Award { get; init; }

    /// <summary>Revision of the rule book that decided it.</summary>
    public required string RuleBookRevision { get; init; }

    /// <summary>How the rule came out.</summary>
    public required RuleTrace Trace { get; init; }

    /// <summary>Why, in words; no personal data.</summary>
    public required string Reason { get; init; }
}
