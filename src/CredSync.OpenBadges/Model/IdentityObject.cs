using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>
/// An identifier of the learner, usually a salted hash, so that a verifier who knows the address can match it but the badge does not
/// show it (class IdentityObject). A hash is a pseudonym: addresses can be guessed, so treat it as personal data.
/// </summary>
public sealed record IdentityObject : IJsonPart
{
    private const string Sha256Prefix = "sha256$";

    /// <summary>Whether <see cref="IdentityHash"/> is a hash (true) or the plain value (false).</summary>
    public required bool Hashed { get; init; }

    /// <summary><c>sha256$</c> and lower-case hexadecimal digits, or the plain value.</summary>
    public required string IdentityHash { get; init; }

    /// <summary>One of <see cref="Vocabulary.IdentityTypes"/> or an <c>ext:</c> term.</summary>
    public required string IdentityType { get; init; }

    /// <summary>The salt, appended to the identifier before hashing; null when the hash has none.</summary>
    public string? Salt { get; init; }

    /// <summary>Hashes an e-mail address, trimmed and in lower case.</summary>
    /// <param name="email">The address.</param>
    /// <param name="salt">The salt: at least 16 unguessable bytes in base64url, another one for each credential, or else a learner's badges can be linked.</param>
    /// <returns>The hashed identity.</returns>
    /// <exception cref="ArgumentException">The address or the salt is empty.</exception>
    public static IdentityObject ForEmail(string email, string salt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        ArgumentException.ThrowIfNullOrWhiteSpace(salt);
        return new()
        {
            Hashed = true,
            IdentityHash = Hash(email.Trim().ToLowerInvariant(), salt),
            IdentityType = "emailAddress",
            Salt = salt,
        };
    }

    /// <summary>The hash of an identifier: SHA-256 over its UTF-8 bytes followed by those of the salt.</summary>
    /// <param name="identifier">The identifier, taken exactly as given.</param>
    /// <param name="salt">The salt; null for none.</param>
    /// <returns><c>sha256$</c> and 64 lower-case hexadecimal digits.</returns>
    public static string Hash(string identifier, string? salt)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return Sha256Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identifier + salt)));
    }

    /// <summary>
    /// Whether this is an identifier that the verifier knows. Tries the identifier as given and trimmed in lower case, because issuers
    /// differ; reads <c>sha256$</c> and <c>md5$</c> hashes in either case of letters.
    /// </summary>
    /// <param name="identifier">The identifier, for example an e-mail address.</param>
    /// <returns>True when it matches.</returns>
    public bool Matches(string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return MatchesExactly(identifier) || MatchesExactly(identifier.Trim().ToLowerInvariant());
    }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Type("IdentityObject")
        .Flag("hashed", Hashed)
        .Text("identityHash", IdentityHash)
        .Text("identityType", IdentityType)
        .Text("salt", Salt);

    private bool MatchesExactly(string identifier)
    {
        if (!Hashed)
        {
            return string.Equals(IdentityHash, identifier, StringComparison.Ordinal);
        }

        if (IdentityHash.StartsWith("md5$", StringComparison.OrdinalIgnoreCase))
        {
#pragma warning disable CA5351 // Open Badges 3.0 lets issuers use MD5; it is read here, never written.
            byte[] md5 = MD5.HashData(Encoding.UTF8.GetBytes(identifier + Salt));
#pragma warning restore CA5351
            return string.Equals(IdentityHash[4..], Convert.ToHexString(md5), StringComparison.OrdinalIgnoreCase);
        }

        return string.Equals(IdentityHash, Hash(identifier, Salt), StringComparison.OrdinalIgnoreCase);
    }
}
