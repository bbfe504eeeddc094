using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CredSync.Host.Operations.Wallets;

/// <summary>Secrets of wallets and learners. They are random and long, so that a plain digest is enough to store them by.</summary>
internal static class WalletSecrets
{
    // Without letters and digits that are taken for one another.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>A fresh secret of 256 random bits.</summary>
    public static string Fresh() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A fresh code of 80 random bits, which people can type: <c>7K3M-9QXD-4TPR-H2WF</c>.</summary>
    public static string FreshCode() => string.Join('-', Enumerable.Range(0, 4).Select(static _ => RandomNumberGenerator.GetString(Alphabet, 4)));

    /// <summary>The digest under which a secret is stored.</summary>
    public static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The digest of a code as people type it: in any case, with or without strokes and blanks.</summary>
    public static string DigestOfCode(string code) => Digest(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant());

    /// <summary>Whether a secret has a digest; takes as long when it has not.</summary>
    public static bool Fits(string secret, string digest) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Digest(secret)), Encoding.ASCII.GetBytes(digest));

    /// <summary>Whether a verifier answers a challenge of the kind S256 (RFC 7636 section 4.6).</summary>
    public static bool Answers(string verifier, string challenge) => verifier.Length is >= 43 and <= 128
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), Encoding.ASCII.GetBytes(challenge));
}
