using System.Text.Json.Serialization;
using CredSync.Issuers;

namespace CredSync.Messages;

/// <summary>
/// Command: mint these credentials, all at one issuer. What CredSync's own dispatcher sends to its own issue workers when it has many; each is judged by itself, and one
/// that cannot be read or minted harms none beside it. A consumer of your own need not know it: with <c>Dispatch:MostPerMessage</c> set to 1 every credential travels
/// alone as an <see cref="IssueCredential"/>. On the wire what is awarded is written once for all who get the same, under <c>facts</c>, and each of <c>issuances</c> names
/// its place there.
/// </summary>
[JsonConverter(typeof(IssueCredentialsJson))]
public sealed record IssueCredentials
{
    /// <summary>The commands. One that could not be read is left out; having got no answer it is sent again, alone.</summary>
    public required IReadOnlyList<IssueCredential> Issuances { get; init; }
}

/// <summary>One of many commands on the wire.</summary>
internal sealed record IssuanceOnTheWire
{
    /// <summary>As in <see cref="IssueCredential.IssuanceId"/>.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>As in <see cref="IssueCredential.Issuer"/>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Place of <see cref="IssueCredential.Credential"/> in the message's facts, from 0.</summary>
    public required int Credential { get; init; }

    /// <summary>As in <see cref="IssueCredential.Recipient"/>.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary>As in <see cref="IssueCredential.Award"/>.</summary>
    public required AwardFacts Award { get; init; }
}
