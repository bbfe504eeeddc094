using System.Security.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>A P-256 key: signs VC-JWT with <c>ES256</c>.</summary>
public sealed class P256SigningKey : SigningKey
{
    private readonly ECDsa key;
    private readonly KeyCopies<ECDsa> copies;

    /// <summary>Takes ownership of the key.</summary>
    internal P256SigningKey(ECDsa key)
        : base(Checked(key))
    {
        this.key = key;
        copies = new KeyCopies<ECDsa>(() => ECDsa.Create(this.key.ExportParameters(true)));
    }

    /// <summary>Makes a new key from the operating system's random numbers.</summary>
    public static P256SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <inheritdoc/>
    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        ECDsa copy = copies.Take();
        byte[] signature = copy.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        copies.Return(copy);
        return signature;
    }

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        ECDsa copy = copies.Take();
        bool fits = copy.TrySignData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written);
        copies.Return(copy);
        return fits ? written : throw new ArgumentException("The signature does not fit into the memory for it.", nameof(signature));
    }

    internal override string ExportPem() => key.ExportPkcs8PrivateKeyPem();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        copies.Dispose();
        key.Dispose();
    }

    private static VerificationKey Checked(ECDsa key)
    {
        ECParameters parameters = key.ExportParameters(false);
        if (parameters.Curve.Oid?.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new KeyException("The elliptic-curve key is not on the curve P-256; make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256.");
        return new VerificationKey(parameters);
    }
}
