using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// A private key that signs credentials. Safe for concurrent use; dispose it when the issuer stops.
/// Load one from a file with <see cref="SigningKeyFile.LoadOrCreate"/> or from text with <see cref="SigningKeyText.Parse"/>.
/// </summary>
public abstract class SigningKey : IDisposable
{
    private protected SigningKey(VerificationKey publicKey) => PublicKey = publicKey;

    /// <summary>The kind of key.</summary>
    public KeyAlgorithm Algorithm => PublicKey.Algorithm;

    /// <summary>The public half.</summary>
    public VerificationKey PublicKey { get; }

    /// <summary>The public half as a Multikey value, for example <c>z6Mk…</c>; see <see cref="VerificationKey.PublicMultibase"/>.</summary>
    public string PublicMultibase => PublicKey.PublicMultibase;

    /// <summary>The public half as a JSON Web Key; a new object each time.</summary>
    public JsonObject PublicJwk => PublicKey.PublicJwk;

    /// <summary>
    /// Signs bytes. Ed25519: 64 bytes, the same for the same data (RFC 8032). P-256: 64 bytes r‖s over SHA-256, different each time
    /// (RFC 7518 section 3.4). RSA: PKCS#1 v1.5 over SHA-256, as long as the modulus.
    /// </summary>
    /// <param name="data">What to sign; may be empty.</param>
    /// <returns>The signature.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public abstract byte[] Sign(ReadOnlySpan<byte> data);

    /// <summary>Signs bytes as <see cref="Sign(ReadOnlySpan{byte})"/> does, into memory at hand.</summary>
    /// <param name="data">What to sign; may be empty.</param>
    /// <param name="signature">Where the signature goes: 64 bytes, for RSA the length of the modulus.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public virtual int Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        byte[] made = Sign(data);
        made.CopyTo(signature);
        return made.Length;
    }

    /// <summary>Makes a new key from the operating system's random numbers.</summary>
    /// <param name="algorithm">The kind of key. RSA keys are made with 3072 bits.</param>
    public static SigningKey Create(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Ed25519 => Ed25519SigningKey.Create(),
        KeyAlgorithm.P256 => P256SigningKey.Create(),
        KeyAlgorithm.Rsa => RsaSigningKey.Create(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes the private key as PEM with PKCS#8 (RFC 7468, RFC 8410 for Ed25519): the form of the key file.</summary>
    internal abstract string ExportPem();

    /// <summary>Releases the key material.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
