using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Transparency;

namespace CredSync.Issuers.OpenBadges;

/// <summary>An opened issuer: its keys in memory, ready to sign.</summary>
internal sealed class OpenBadgesSigner : IDisposable
{
    private readonly OpenBadgesProof proof;
    private readonly Cryptosuite[] suites;
    private readonly SigningKey key;
    private readonly SigningKey? tokenKey;
    private readonly OpenBadgesPictures pictures;
    private readonly IReadOnlyList<VerificationKey> former;

    private OpenBadgesSigner(OpenBadgesIdentity identity, OpenBadgesOptions options, SigningKey key, SigningKey? tokenKey, byte[] secret)
    {
        proof = options.Proof;
        suites = options.JcsProof ? [Cryptosuite.EddsaRdfc2022, Cryptosuite.EddsaJcs2022] : [Cryptosuite.EddsaRdfc2022];
        this.key = key;
        this.tokenKey = tokenKey;
        pictures = new(options.Image);
        former = [.. options.FormerKeys.Select(VerificationKey.FromMultikey)];
        Identity = identity;
        Facts = new(new() { Id = identity.Did, Name = options.Name, Url = options.Url?.AbsoluteUri, Email = options.Email }, identity.Address, secret, options.IncludeName);
    }

    public OpenBadgesIdentity Identity { get; }

    public OpenBadgesFacts Facts { get; }

    /// <summary>The key that signs embedded proofs, by its public half.</summary>
    public string KeyName => key.PublicMultibase;

    /// <summary>The id of the key that signs embedded proofs.</summary>
    public string VerificationMethod => CredSync.OpenBadges.Keys.DidDocument.VerificationMethod(Identity.Did, key.PublicKey);

    /// <summary>What the issuer publishes so that others find its keys: the current ones first.</summary>
    public JsonObject DidDocument => CredSync.OpenBadges.Keys.DidDocument.Build(
        Identity.Did, ((VerificationKey?[])[key.PublicKey, tokenKey?.PublicKey, .. former]).OfType<VerificationKey>().Distinct());

    /// <exception cref="IssuerException">A key or the secret cannot be read or made.</exception>
    public static OpenBadgesSigner Open(OpenBadgesIdentity identity, OpenBadgesOptions options, OpenBadgesKeys keys)
    {
        SigningKey? key = null;
        SigningKey? tokenKey = null;
        try
        {
            key = keys.Open(identity);
            tokenKey = options.Proof == OpenBadgesProof.Embedded ? null : keys.OpenForTokens(identity);
            if (key.Algorithm != KeyAlgorithm.Ed25519 || tokenKey?.Algorithm == KeyAlgorithm.Ed25519)
            {
                throw new KeyException("Embedded proofs are signed with an Ed25519 key, and tokens with an RSA or P-256 key; the keys that the issuer refers to are of another kind.");
            }

            return new(identity, options, key, tokenKey, keys.Salt(identity));
        }
        catch (Exception fault)
        {
            key?.Dispose();
            tokenKey?.Dispose();
            if (fault is KeyException)
            {
                throw new IssuerException(FaultKind.Misconfigured, "issuer-key-unusable", fault.Message, inner: fault);
            }

            throw;
        }
    }

    /// <summary>Puts an embedded proof on a document of the issuer's own, such as a status list.</summary>
    public JsonObject Secure(JsonObject document, DateTimeOffset created) => DataIntegrity.Sign(document, key, new() { VerificationMethod = VerificationMethod, Created = created });

    /// <summary>Signs a head of the log.</summary>
    public string Sign(LogHead head) => head.Sign(key, VerificationMethod);

    /// <exception cref="ProofException">The credential cannot be secured.</exception>
    public IReadOnlyList<CredentialDocument> Sign(AchievementCredential credential, BadgeDesign design)
    {
        var documents = new List<CredentialDocument>(3);
        // The token is made of the bare credential, so that both forms say the same.
        string? token = tokenKey is null ? null : VcJwt.Sign(credential, tokenKey, CredSync.OpenBadges.Keys.DidDocument.VerificationMethod(Identity.Did, tokenKey.PublicKey));
        byte[]? embedded = null;
        if (proof != OpenBadgesProof.Jwt)
        {
            JsonObject json = credential.ToJson();
            DataIntegrity.AddProofs(json, key, new() { VerificationMethod = VerificationMethod, Created = credential.ValidFrom, Cryptosuites = suites });
            embedded = CredentialJson.Write(json);
            documents.Add(new("application/vc+ld+json", "json", embedded));
        }

        if (token is not null)
        {
            documents.Add(new("application/vc+jwt", "jwt", Encoding.ASCII.GetBytes(token)));
        }

        if (pictures.Of(design) is { } picture)
        {
            documents.Add(picture with { Content = BakedImage.Bake(picture.Content, embedded is null ? token! : Encoding.UTF8.GetString(embedded)) });
        }

        return documents;
    }

    public void Dispose()
    {
        key.Dispose();
        tokenKey?.Dispose();
    }
}
