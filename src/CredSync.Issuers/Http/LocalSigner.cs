using CredSync.Registration;

namespace CredSync.Issuers.Http;

/// <summary>Makes the issuer that signs here, for adapters that hand over what was signed; the registration that knows every adapter provides it.</summary>
/// <param name="issuer">Which configured issuer it signs for.</param>
/// <param name="identity">In whose name.</param>
internal delegate ICredentialIssuer LocalSigner(IssuerIdentity issuer, SigningIdentity identity);

/// <summary>In whose name credentials are signed here.</summary>
internal sealed record SigningIdentity
{
    /// <summary>Name of the organisation.</summary>
    public required string Name { get; init; }

    /// <summary>Public https address under which its DID document is served; null with a <see cref="Did"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>Its DID; null for the did:web of <see cref="Url"/>.</summary>
    public string? Did { get; init; }

    /// <summary>Path of the signing key; null for the issuer's own in the data folder.</summary>
    public string? Key { get; init; }

    /// <summary>Whether a VC-JWT is made instead of JSON with an embedded proof.</summary>
    public bool Token { get; init; }
}
