using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;

namespace CredSync.OpenBadges.Transparency;

/// <summary>What of a credential goes into the log.</summary>
public static class LogEntry
{
    /// <summary>
    /// The SHA-256 of the credential without its proofs, canonicalized as RFC 8785. No personal data is in it, and it cannot be guessed back as long as
    /// the credential holds a random salt. The credential's embedded and JWT forms have the same entry.
    /// </summary>
    /// <param name="credential">The credential, with or without proofs.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Of(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var bare = (JsonObject)credential.DeepClone();
        bare.Remove("proof");
        return SHA256.HashData(JsonCanonicalization.Canonicalize(bare));
    }
}
