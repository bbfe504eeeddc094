namespace CredSync.OpenBadges.Keys;

/// <summary>
/// A private key that is kept elsewhere and never comes here: in a vault, a key management service, a smart card. Derive from it and have the bytes signed there. What comes
/// back is verified before it is used, so that a wrong key or encoding there is a fault here and never a credential that nobody can verify.
/// </summary>
/// <param name="publicKey">The public half, as the keeper publishes it.</param>
public abstract class RemoteSigningKey(VerificationKey publicKey) : SigningKey(publicKey)
{
    /// <inheritdoc/>
    /// <exception cref="KeyException">The keeper could not sign, or what it gave back is not a signature of this key.</exception>
    public sealed override byte[] Sign(ReadOnlySpan<byte> data)
    {
        byte[] signature = SignRemotely(data);
        return PublicKey.Verify(data, signature)
            ? signature
            : throw new KeyException("What the keeper of the signing key gave back is not a signature of that key: check which key it uses, and for P-256 that it gives the 64 bytes r and s, not DER.");
    }

    /// <summary>
    /// Has bytes signed where the key is. May be called from several threads at once, and once for each credential: keep connections. Ed25519: 64 bytes (RFC 8032, without
    /// hashing first). P-256: 64 bytes r‖s over SHA-256. RSA: PKCS#1 v1.5 over SHA-256.
    /// </summary>
    /// <param name="data">What to sign.</param>
    /// <returns>The signature.</returns>
    /// <exception cref="KeyException">The keeper cannot be reached or refuses; the sentence goes to operators.</exception>
    protected abstract byte[] SignRemotely(ReadOnlySpan<byte> data);

    internal override string ExportPem() => throw new KeyException("A key that is kept elsewhere cannot be written to a file.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
