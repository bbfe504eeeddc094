using CredSync.OpenBadges.Keys;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// Keeps the keys of built-in issuers somewhere else than in files: a vault, a key management service, a smart card. Register one in the services of your executable or plug-in;
/// each issuer asks it before it looks at settings and files. Keys that never leave their keeper derive from <see cref="RemoteSigningKey"/>.
/// </summary>
public interface ISigningKeyVault
{
    /// <summary>Opens a signing key. Called once for each key while the process runs.</summary>
    /// <param name="issuer">Name of the issuer in the configuration.</param>
    /// <param name="algorithm"><see cref="KeyAlgorithm.Ed25519"/> for embedded proofs, <see cref="KeyAlgorithm.Rsa"/> for tokens (a P-256 key may be given instead).</param>
    /// <returns>The key, which the issuer disposes; null when none is kept here for it.</returns>
    /// <exception cref="KeyException">It cannot be opened at the moment; the issuances wait and it is asked again.</exception>
    SigningKey? Open(string issuer, KeyAlgorithm algorithm);

    /// <summary>Gets the 32 bytes from which an issuer derives salts, pseudonyms and addresses. They must never change.</summary>
    /// <param name="issuer">Name of the issuer in the configuration.</param>
    /// <returns>The bytes; null when none are kept here for it.</returns>
    /// <exception cref="KeyException">They cannot be had at the moment.</exception>
    byte[]? Salt(string issuer);
}
