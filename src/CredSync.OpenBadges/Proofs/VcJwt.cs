using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>
/// Credentials secured as a compact JWS (Open Badges 3.0 section 8.2.4, "JSON Web Token Proof Format") with <c>RS256</c> or <c>ES256</c>: the credential's
/// own members are the payload's, with the claims <c>iss jti sub nbf exp</c> beside them.
/// </summary>
public static class VcJwt
{
    /// <summary>Signs a credential.</summary>
    /// <param name="credential">
    /// The credential; it is not changed. Needs <c>id</c>, <c>issuer.id</c>, <c>credentialSubject.id</c> and <c>validFrom</c> in whole seconds with a time zone;
    /// embedded proofs, where wanted, are made first.
    /// </param>
    /// <param name="key">An RSA key (<c>RS256</c>, which every host reads) or a P-256 key (<c>ES256</c>).</param>
    /// <param name="keyId">
    /// The <c>kid</c>: a URI that leads to the public JWK, for example <see cref="DidDocument.VerificationMethod"/> of a did:web.
    /// </param>
    /// <returns>The compact JWS.</returns>
    /// <exception cref="ProofException">The credential lacks one of the members, has a claim of its own by that name, or the key is of another kind.</exception>
    public static string Sign(JsonObject credential, SigningKey key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyId);
        return Sign(credential, key, keyId, static (c, k, algorithm, id) => VcJwtWriter.Write(c, k, algorithm, id));
    }

    /// <summary>Signs a credential as it was modelled: the same token as of its JSON, without a tree of nodes between.</summary>
    /// <param name="credential">The credential. Needs a subject with an id.</param>
    /// <param name="key">An RSA key (<c>RS256</c>) or a P-256 key (<c>ES256</c>).</param>
    /// <param name="keyId">The <c>kid</c>, as above.</param>
    /// <returns>The compact JWS.</returns>
    /// <exception cref="ProofException">The subject has no id, a text is not Unicode, or the key is of another kind.</exception>
    public static string Sign(AchievementCredential credential, SigningKey key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyId);
        return Sign(credential, key, keyId, static (c, k, algorithm, id) => VcJwtWriter.Write(c, k, algorithm, id));
    }

    /// <summary>Takes a token apart without verifying it.</summary>
    /// <param name="token">The compact JWS; white space around it is ignored. At most 4 MB.</param>
    /// <exception cref="ProofException">It is not a compact JWS with a JSON header and payload.</exception>
    public static VcJwtToken Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return VcJwtReader.Read(token);
    }

    /// <summary>Verifies the signature and that the claims repeat the credential's members.</summary>
    /// <param name="token">The compact JWS.</param>
    /// <param name="resolver">Finds the key of <c>kid</c>. A token with only <c>jwk</c> can have a valid signature, but its key belongs to nobody.</param>
    /// <exception cref="ProofException">It is not a compact JWS at all.</exception>
    public static ProofCheck Verify(string token, IVerificationKeyResolver resolver) => Verify(Read(token), resolver);

    /// <summary>Verifies the signature and the claims of a token that was read before.</summary>
    /// <param name="token">The token.</param>
    /// <param name="resolver">Finds the key of <c>kid</c>.</param>
    public static ProofCheck Verify(VcJwtToken token, IVerificationKeyResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(resolver);
        string? controller = null;
        bool signed = false;
        string? failure;
        try
        {
            ResolvedKey? resolved = token.KeyId is null ? null : resolver.Resolve(token.KeyId);
            VerificationKey? key = resolved?.Key ?? (token.KeyId is null && token.Jwk is not null ? VerificationKey.FromJwk(token.Jwk) : null);
            controller = resolved?.Controller;
            failure = token.Signature.Length == 0 ? "The token is not signed; nothing secures it."
                : key is null ? "The key that the token names cannot be found."
                : Expected(key) != token.Algorithm ? "The token's algorithm is not that of its key; it must be RS256 or ES256."
                : token.Jwk is not null && !VerificationKey.FromJwk(token.Jwk).Equals(key) ? "The token carries another key than the one it names."
                : null;
            signed = failure is null && key!.Verify(token.SigningInput, token.Signature);
            if (failure is null && !signed) failure = "The signature is not valid: the token was changed, or signed with another key.";
        }
        catch (KeyException cause)
        {
            failure = cause.Message;
        }

        bool owned = controller is not null && controller == CredentialFacts.Issuer(token.Credential);
        failure ??= VcJwtReader.ClaimFailure(token);
        failure ??= owned ? null : "The key does not belong to the credential's issuer.";
        return new ProofCheck
        {
            Suite = token.Algorithm, VerificationMethod = token.KeyId, Controller = controller, SignatureIsValid = signed, KeyBelongsToIssuer = owned,
            Failure = failure,
        };
    }

    private static string Sign<T>(T credential, SigningKey key, string keyId, Func<T, SigningKey, string, string, string> write)
    {
        string algorithm = Expected(key.PublicKey)
            ?? throw new ProofException("A VC-JWT is signed with RS256 or ES256, because hosts read nothing else; configure an RSA or P-256 key.");
        try
        {
            return write(credential, key, algorithm, keyId);
        }
        catch (Exception cause) when (cause is CanonicalizationException or InvalidOperationException or ArgumentException)
        {
            throw new ProofException("The credential cannot be signed: it nests too deep, has an object with the same member twice, or a text that is not Unicode.", cause);
        }
    }

    private static string? Expected(VerificationKey key) => key.Algorithm switch
    {
        KeyAlgorithm.Rsa => "RS256",
        KeyAlgorithm.P256 => "ES256",
        _ => null,
    };
}
