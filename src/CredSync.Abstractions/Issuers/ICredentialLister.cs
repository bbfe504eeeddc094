namespace CredSync.Issuers;

/// <summary>
/// An optional power of an issuer: list the credentials that it has, so that they can be compared with the ledger. The order does not matter; what is minted while
/// somebody reads may or may not be in the list.
/// </summary>
public interface ICredentialLister
{
    /// <summary>Reads one page of the list.</summary>
    /// <param name="after">What the page before gave as <see cref="CredentialPage.Next"/>; null for the first page.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The page.</returns>
    /// <exception cref="IssuerException">The issuer cannot say.</exception>
    Task<CredentialPage> ListAsync(string? after, CancellationToken ct);
}

/// <summary>One page of an issuer's credentials.</summary>
public sealed record CredentialPage
{
    /// <summary>The credentials of this page; may be empty although another page follows.</summary>
    public required IReadOnlyList<ListedCredential> Credentials { get; init; }

    /// <summary>Where the next page begins, in the adapter's own words; null when this is the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A credential as its issuer lists it. No personal data.</summary>
public sealed record ListedCredential
{
    /// <summary>The issuer's id of the credential, as <see cref="IssuedCredential.CredentialId"/> would give it.</summary>
    public required string CredentialId { get; init; }

    /// <summary>The issuance that it was minted for; null when the issuer does not keep it, or the credential was made by somebody else.</summary>
    public Guid? IssuanceId { get; init; }

    /// <summary>Our own id of the person; null when the issuer does not keep it.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>The issuer's template; null when there is none.</summary>
    public string? Template { get; init; }

    /// <summary>The date on which it was earned as the issuer keeps it, UTC; null when it does not say.</summary>
    public DateTimeOffset? EarnedAt { get; init; }

    /// <summary>Whether it was taken back there. Default false.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>The credential's public page; null when it has none.</summary>
    public string? PublicUrl { get; init; }
}
