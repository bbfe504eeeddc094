using System.Security.Cryptography;
using NSec.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>The multicodec prefixes of public keys (Controlled Identifiers 1.0, section 2.2.2, and the multicodec table).</summary>
internal static class Multikey
{
    private static readonly byte[] Ed25519Prefix = [0xed, 0x01];
    private static readonly byte[] P256Prefix = [0x80, 0x24];
    private static readonly byte[] RsaPrefix = [0x85, 0x24];

    public static string Encode(KeyAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        byte[] prefix = algorithm switch
        {
            KeyAlgorithm.Ed25519 => Ed25519Prefix,
            KeyAlgorithm.P256 => P256Prefix,
            _ => RsaPrefix,
        };
        return Multibase.Encode([.. prefix, .. key]);
    }

    public static VerificationKey Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Multibase.TryDecode(text, out byte[] bytes) || bytes.Length < 3)
            throw new KeyException("The public key is not a Multikey value; it must begin with z and continue in base58.");
        ReadOnlySpan<byte> prefix = bytes.AsSpan(0, 2);
        ReadOnlySpan<byte> key = bytes.AsSpan(2);
        if (prefix.SequenceEqual(Ed25519Prefix)) return Edwards(key);
        if (prefix.SequenceEqual(P256Prefix)) return new VerificationKey(P256Point.Import(P256Point.Decompress(key)));
        if (prefix.SequenceEqual(RsaPrefix)) return ReadRsa(key);
        throw new KeyException("The public key is of a kind that is not supported; use Ed25519 (z6Mk…), P-256 (zDn…) or RSA.");
    }

    public static VerificationKey Edwards(ReadOnlySpan<byte> key)
    {
        if (key.Length == 32 && PublicKey.TryImport(SignatureAlgorithm.Ed25519, key, KeyBlobFormat.RawPublicKey, out PublicKey? imported))
            return new VerificationKey(imported!);
        throw new KeyException("The public key is not an Ed25519 key: it must have 32 bytes and be a point of the curve.");
    }

    private static VerificationKey ReadRsa(ReadOnlySpan<byte> key)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportRSAPublicKey(key, out int read);
            if (read == key.Length) return RsaSigningKey.CheckedPublic(rsa);
        }
        catch (CryptographicException)
        {
            // Reported below in words of our own.
        }

        throw new KeyException("The public key is not an RSA key in the form of RFC 8017.");
    }
}
