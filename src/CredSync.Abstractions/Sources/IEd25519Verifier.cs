namespace CredSync.Sources;

/// <summary>
/// Checks Ed25519 signatures (RFC 8032) on deliveries, for senders that sign with a key of their own instead of a shared secret. .NET has no Ed25519 itself; the built-in Open Badges issuer brings it.
/// </summary>
public interface IEd25519Verifier
{
    /// <summary>Checks a signature.</summary>
    /// <param name="publicKey">The public key, as RFC 8032 section 5.1.5 writes it.</param>
    /// <param name="data">The signed bytes.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>Whether it is the key's signature over the data. A key or a signature of the wrong length or form proves nothing: false, not an exception.</returns>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
