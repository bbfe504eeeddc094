namespace CredSync.OpenBadges.Keys;

/// <summary>The kinds of key that CredSync signs and verifies with.</summary>
public enum KeyAlgorithm
{
    /// <summary>Ed25519 (RFC 8032): embedded proofs of the cryptosuites <c>eddsa-rdfc-2022</c> and <c>eddsa-jcs-2022</c>.</summary>
    Ed25519,

    /// <summary>ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4): VC-JWT with <c>ES256</c>.</summary>
    P256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits or more (RFC 7518 section 3.3): VC-JWT with <c>RS256</c>.</summary>
    Rsa,
}
