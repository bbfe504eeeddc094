namespace CredSync.Messages;

/// <summary>Event: these credentials exist. The answer to <see cref="IssueCredentials"/>; what came alone is answered alone, with a <see cref="CredentialIssued"/>.</summary>
public sealed record CredentialsIssued
{
    /// <summary>The credentials.</summary>
    public required IReadOnlyList<CredentialIssued> Credentials { get; init; }
}
