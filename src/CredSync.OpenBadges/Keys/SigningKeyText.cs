using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Keys;

/// <summary>Reads private keys from text: what a key file or an <c>env:</c> secret holds.</summary>
public static class SigningKeyText
{
    private const int LongestText = 64 * 1024;

    /// <summary>Reads a private key.</summary>
    /// <param name="text">
    /// One of: PEM with PKCS#8 (<c>-----BEGIN PRIVATE KEY-----</c>; RFC 8410 for Ed25519) or with the older RSA and EC headings, where
    /// <c>\n</c> may stand for line ends as environment files write them; a private JSON Web Key (RFC 7517, RFC 8037);
    /// or a secret Multikey value of Ed25519 (<c>z…</c>, bytes <c>80 26</c> and the seed).
    /// </param>
    /// <exception cref="KeyException">The text is none of these, or the key is encrypted, too short or of an unknown kind.</exception>
    public static SigningKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText) throw new KeyException("The signing key is longer than 64 kB; it is not a key.");
        string trimmed = text.Trim();
        if (trimmed.StartsWith("-----BEGIN ", StringComparison.Ordinal)) return FromPem(trimmed);
        if (trimmed.StartsWith('{')) return FromJwk(trimmed);
        if (trimmed.StartsWith('z')) return FromMultikey(trimmed);
        throw new KeyException("The signing key is neither PEM, nor a JSON Web Key, nor a Multikey secret; give a PKCS#8 key that begins with -----BEGIN PRIVATE KEY-----.");
    }

    private static SigningKey FromPem(string text)
    {
        string pem = text.Contains('\n', StringComparison.Ordinal) ? text : text.Replace("\\n", "\n", StringComparison.Ordinal);
        if (pem.StartsWith("-----BEGIN ENCRYPTED", StringComparison.Ordinal) || pem.Contains("Proc-Type:", StringComparison.Ordinal))
            throw new KeyException("The signing key is encrypted with a pass phrase; store it without one, in a file that only its owner can read.");
        if (Ed25519SigningKey.TryReadPem(pem, out Ed25519SigningKey? edwards)) return edwards!;
        return (SigningKey?)TryReadCurve(pem) ?? TryReadRsa(pem)
            ?? throw new KeyException("The PEM text is not a private key of Ed25519, P-256 or RSA.");
    }

    private static P256SigningKey? TryReadCurve(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new P256SigningKey(key);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    private static RsaSigningKey? TryReadRsa(string pem)
    {
        RSA key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return new RsaSigningKey(key);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    private static SigningKey FromJwk(string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return Jwk.ReadPrivate(node!.AsObject());
        }
        catch (JsonException)
        {
            throw new KeyException("The signing key looks like a JSON Web Key but is not valid JSON.");
        }
    }

    private static Ed25519SigningKey FromMultikey(string text)
    {
        if (Multibase.TryDecode(text, out byte[] bytes) && bytes.Length is 34 or 66 && bytes[0] == 0x80 && bytes[1] == 0x26)
        {
            Ed25519SigningKey key = Ed25519SigningKey.FromSeed(bytes.AsSpan(2, 32));
            // Some tools append the public key; one that does not belong to the seed is a mistake worth stopping for.
            if (bytes.Length == 34 || key.PublicKey.ExportEdwards().AsSpan().SequenceEqual(bytes.AsSpan(34))) return key;
            key.Dispose();
        }

        throw new KeyException("The signing key is not a secret Multikey value of Ed25519.");
    }
}
