using System.Security.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>An RSA key of 2048 bits or more: signs VC-JWT with <c>RS256</c>, which every Open Badges host must read.</summary>
public sealed class RsaSigningKey : SigningKey
{
    private const int ShortestKey = 2048;
    private const int LongestKey = 8192;
    private const int NewKey = 3072;

    private readonly RSA key;
    private readonly KeyCopies<RSA> copies;

    /// <summary>Takes ownership of the key.</summary>
    internal RsaSigningKey(RSA key)
        : base(CheckedPublic(key))
    {
        this.key = key;
        copies = new KeyCopies<RSA>(() => RSA.Create(this.key.ExportParameters(true)));
    }

    /// <summary>Makes a new key from the operating system's random numbers.</summary>
    /// <param name="bits">The length of the modulus in bits: 2048 to 8192, 3072 by default.</param>
    /// <exception cref="KeyException">The length is out of range.</exception>
    public static RsaSigningKey Create(int bits = NewKey)
    {
        if (bits is < ShortestKey or > LongestKey) throw WrongLength(bits);
        return new RsaSigningKey(RSA.Create(bits));
    }

    /// <inheritdoc/>
    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        RSA copy = copies.Take();
        byte[] signature = copy.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        copies.Return(copy);
        return signature;
    }

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        RSA copy = copies.Take();
        bool fits = copy.TrySignData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out int written);
        copies.Return(copy);
        return fits ? written : throw new ArgumentException("The signature does not fit into the memory for it.", nameof(signature));
    }

    internal static VerificationKey CheckedPublic(RSA key)
    {
        if (key.KeySize is < ShortestKey or > LongestKey) throw WrongLength(key.KeySize);
        return new VerificationKey(key.ExportParameters(false));
    }

    internal override string ExportPem() => key.ExportPkcs8PrivateKeyPem();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        copies.Dispose();
        key.Dispose();
    }

    private static KeyException WrongLength(int bits) =>
        new($"The RSA key has {bits} bits; use one of {ShortestKey} to {LongestKey} bits.");
}
