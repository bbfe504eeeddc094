using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>What of a credential <c>eddsa-rdfc-2022</c> signs: its meaning as canonical RDF, without its proofs.</summary>
public static class CanonicalCredential
{
    /// <summary>The canonical N-Quads (JSON-LD 1.1 in safe mode, RDFC-1.0).</summary>
    /// <param name="credential">The credential; a <c>proof</c> is left out.</param>
    /// <returns>UTF-8, one statement a line, sorted.</returns>
    /// <exception cref="JsonLdException">A term or context is unknown, or the document says something that would not be signed.</exception>
    /// <exception cref="CanonicalizationException">The document cannot be canonicalized within bounds.</exception>
    public static byte[] NQuads(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return CredentialRdf.ForVerifying.NQuads(credential, "proof");
    }

    /// <summary>The SHA-256 of <see cref="NQuads"/>: the same for all spellings of the same credential, and without personal data in it.</summary>
    /// <param name="credential">The credential; a <c>proof</c> is left out.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="JsonLdException">As for <see cref="NQuads"/>.</exception>
    /// <exception cref="CanonicalizationException">As for <see cref="NQuads"/>.</exception>
    public static byte[] Hash(JsonObject credential) => SHA256.HashData(NQuads(credential));

    /// <summary>Checks that a credential is JSON-LD whose every term is defined (step 2 of the verification procedure of 1EdTech's validator).</summary>
    /// <param name="credential">The credential, with its proofs.</param>
    /// <returns>What is wrong, in one sentence; null when nothing is.</returns>
    public static string? SafeModeFailure(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        try
        {
            CredentialRdf.ForVerifying.NQuads(credential);
            return null;
        }
        catch (Exception cause) when (cause is JsonLdException or CanonicalizationException)
        {
            return cause.Message;
        }
    }
}
