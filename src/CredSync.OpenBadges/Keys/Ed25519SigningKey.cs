using System.Text;
using NSec.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>An Ed25519 key: signs the embedded proofs <c>eddsa-rdfc-2022</c> and <c>eddsa-jcs-2022</c>.</summary>
public sealed class Ed25519SigningKey : SigningKey
{
    private readonly Key key;

    private Ed25519SigningKey(Key key)
        : base(new VerificationKey(key.PublicKey)) => this.key = key;

    /// <summary>Makes a new key from the operating system's random numbers.</summary>
    public static Ed25519SigningKey Create() => new(Key.Create(SignatureAlgorithm.Ed25519, Exportable));

    /// <summary>Takes the 32-byte seed of RFC 8032 section 5.1.5.</summary>
    /// <param name="seed">The secret seed; exactly 32 bytes.</param>
    /// <exception cref="KeyException">The seed has another length.</exception>
    public static Ed25519SigningKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length == 32 && Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out Key? key, Exportable))
            return new Ed25519SigningKey(key!);
        throw new KeyException("The secret of an Ed25519 key must have exactly 32 bytes.");
    }

    /// <inheritdoc/>
    public override byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(key, data);

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        if (signature.Length < SignatureAlgorithm.Ed25519.SignatureSize)
            throw new ArgumentException("The signature does not fit into the memory for it.", nameof(signature));
        SignatureAlgorithm.Ed25519.Sign(key, data, signature[..SignatureAlgorithm.Ed25519.SignatureSize]);
        return SignatureAlgorithm.Ed25519.SignatureSize;
    }

    internal static bool TryReadPem(string pem, out Ed25519SigningKey? signingKey)
    {
        signingKey = Key.TryImport(SignatureAlgorithm.Ed25519, Encoding.ASCII.GetBytes(pem), KeyBlobFormat.PkixPrivateKeyText, out Key? key, Exportable)
            ? new Ed25519SigningKey(key!)
            : null;
        return signingKey is not null;
    }

    internal override string ExportPem() => Encoding.ASCII.GetString(key.Export(KeyBlobFormat.PkixPrivateKeyText));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => key.Dispose();

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}
