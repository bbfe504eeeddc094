using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NSec.Cryptography;

namespace CredSync.OpenBadges.Keys;

/// <summary>The public half of a key: what verifies a signature and what is published. Immutable and safe for concurrent use.</summary>
public sealed class VerificationKey : IEquatable<VerificationKey>
{
    private readonly PublicKey? edwards;
    private readonly ECParameters? curve;
    private readonly RSAParameters? rsa;

    internal VerificationKey(PublicKey key)
    {
        Algorithm = KeyAlgorithm.Ed25519;
        edwards = key;
        PublicMultibase = Multikey.Encode(KeyAlgorithm.Ed25519, key.Export(KeyBlobFormat.RawPublicKey));
    }

    internal VerificationKey(ECParameters key)
    {
        Algorithm = KeyAlgorithm.P256;
        curve = key;
        PublicMultibase = Multikey.Encode(KeyAlgorithm.P256, P256Point.Compress(key.Q));
    }

    internal VerificationKey(RSAParameters key)
    {
        Algorithm = KeyAlgorithm.Rsa;
        rsa = key;
        using RSA instance = RSA.Create(key);
        PublicMultibase = Multikey.Encode(KeyAlgorithm.Rsa, instance.ExportRSAPublicKey());
    }

    /// <summary>The kind of key.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>
    /// The key as a Multikey value, for example <c>z6Mk…</c> for Ed25519 and <c>zDn…</c> for P-256 (Controlled Identifiers 1.0,
    /// section 2.2.2). RSA keys use the <c>rsa-pub</c> code of the multicodec table.
    /// </summary>
    public string PublicMultibase { get; }

    /// <summary>The key as a JSON Web Key (RFC 7517) with its <c>alg</c>; a new object each time.</summary>
    public JsonObject PublicJwk => Jwk.Write(this);

    /// <summary>The RFC 7638 thumbprint of the key (SHA-256, base64url): a stable short name for it.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Jwk.WriteForThumbprint(this))));

    /// <summary>The curve point of a P-256 key; null for others.</summary>
    internal ECParameters? Curve => curve;

    /// <summary>Modulus and exponent of an RSA key; null for others.</summary>
    internal RSAParameters? RsaParameters => rsa;

    /// <summary>Reads a Multikey value (<c>z6Mk…</c>, <c>zDn…</c>).</summary>
    /// <param name="publicKeyMultibase">The value, without a DID before it.</param>
    /// <exception cref="KeyException">It is not a public key that CredSync knows.</exception>
    public static VerificationKey FromMultikey(string publicKeyMultibase) => Multikey.Decode(publicKeyMultibase);

    /// <summary>Reads an Ed25519 public key as RFC 8032 section 5.1.5 writes it.</summary>
    /// <param name="publicKey">The key; exactly 32 bytes.</param>
    /// <exception cref="KeyException">It has another length, or is no point of the curve.</exception>
    public static VerificationKey FromEd25519(ReadOnlySpan<byte> publicKey) => Multikey.Edwards(publicKey);

    /// <summary>Reads a JSON Web Key: OKP/Ed25519, EC/P-256 or RSA of 2048 bits or more.</summary>
    /// <param name="jwk">The key. A private member (<c>d</c>) makes it refused: a published key must not carry one.</param>
    /// <exception cref="KeyException">It is not a public key that CredSync knows.</exception>
    public static VerificationKey FromJwk(JsonObject jwk) => Jwk.ReadPublic(jwk);

    /// <summary>Reads the key that a <c>did:key</c> identifier is made of.</summary>
    /// <param name="didOrVerificationMethod">The DID, with or without the fragment that repeats the key.</param>
    /// <exception cref="KeyException">It is not a <c>did:key</c>, or the key is of an unknown kind.</exception>
    public static VerificationKey FromDidKey(string didOrVerificationMethod) => DidKey.Resolve(didOrVerificationMethod);

    /// <summary>Checks a signature in the form that <see cref="SigningKey.Sign(ReadOnlySpan{byte})"/> writes.</summary>
    /// <param name="data">The signed bytes.</param>
    /// <param name="signature">The signature; one of the wrong length is simply not valid.</param>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        switch (Algorithm)
        {
            case KeyAlgorithm.Ed25519:
                return SignatureAlgorithm.Ed25519.Verify(edwards!, data, signature);
            case KeyAlgorithm.P256:
                if (signature.Length != 64) return false;
                using (ECDsa verifier = ECDsa.Create(curve!.Value))
                    return verifier.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            default:
                using (RSA verifier = RSA.Create(rsa!.Value))
                    return verifier.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    /// <summary>Two keys are equal when their public values are.</summary>
    /// <param name="other">The other key; null is never equal.</param>
    public bool Equals(VerificationKey? other) => other is not null && PublicMultibase == other.PublicMultibase;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerificationKey);

    /// <inheritdoc/>
    public override int GetHashCode() => PublicMultibase.GetHashCode(StringComparison.Ordinal);

    /// <summary>The Multikey value.</summary>
    public override string ToString() => PublicMultibase;

    /// <summary>The raw 32 bytes of an Ed25519 key.</summary>
    internal byte[] ExportEdwards() => edwards!.Export(KeyBlobFormat.RawPublicKey);
}
