using CredSync.Registration;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Settings of one built-in Open Badges issuer.</summary>
public sealed class OpenBadgesOptions
{
    /// <summary>Name of the organisation, as learners see it.</summary>
    [Setting("name", "Name of the organisation that awards, as learners and employers see it.", Required = true, Example = "Northwind Academy")]
    public string Name { get; set; } = "";

    /// <summary>Public base address of the issuer; null for one without a web address, which needs a <see cref="Did"/>.</summary>
    [Setting("url", "Public https address under which the issuer's DID document and credentials are served; without it a did is needed, and credentials get urn:uuid ids.", Example = "https://badges.northwind.example")]
    public Uri? Url { get; set; }

    /// <summary>DID of the issuer; null for the did:web of <see cref="Url"/>.</summary>
    [Setting("did", "DID of the issuer; by default the did:web of the address.", Example = "did:web:badges.northwind.example")]
    public string? Did { get; set; }

    /// <summary>Public e-mail address of the organisation; null for none.</summary>
    [Setting("email", "Public e-mail address of the organisation, shown on every badge.", Example = "badges@northwind.example")]
    public string? Email { get; set; }

    /// <summary>Path of the signing key's file; null for <c>keys/&lt;issuer&gt;.key</c> in the data folder.</summary>
    [Setting("key", "Path of the file with the signing key; by default keys/<issuer>.key in the data folder. It is made on first use; keep a backup of it and of the files beside it.", Example = "data/keys/northwind-badges.key")]
    public string? Key { get; set; }

    /// <summary>The signing key itself, Ed25519, instead of a file; null for the file <see cref="Key"/>.</summary>
    [Setting("signing_key", "The signing key itself (Ed25519: PEM, JWK or Multikey secret), where it must not lie in a file of the data folder; it is never made then.", Example = "env:BADGE_SIGNING_KEY")]
    public Secret? SigningKey { get; set; }

    /// <summary>The key that signs tokens, RSA or P-256, instead of a file; null for the file beside <see cref="Key"/>, which is RSA.</summary>
    [Setting("token_key", "The key that signs tokens itself (RSA or P-256: PEM or JWK), instead of the file beside the signing key's.", Example = "env:BADGE_TOKEN_KEY")]
    public Secret? TokenKey { get; set; }

    /// <summary>The 32 bytes from which salts and pseudonyms are derived, instead of a file; null for the file beside <see cref="Key"/>.</summary>
    [Setting("salt", "The secret from which salts and pseudonyms are derived (32 bytes in base64), instead of the file beside the signing key's; it must never change.", Example = "env:BADGE_SALT")]
    public Secret? Salt { get; set; }

    /// <summary>Public keys that signed earlier and whose credentials shall still verify, as Multikey values. Default none.</summary>
    [Setting("former_keys", "Public keys (z...) that signed earlier; they stay in the DID document, so that what they signed still verifies.", Example = "[z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi]")]
    public IReadOnlyList<string> FormerKeys { get; set; } = [];

    /// <summary>How credentials are secured. Default <see cref="OpenBadgesProof.Embedded"/>, which every verifier of Open Badges 3.0 reads; a token costs an RSA signature, about ten times as much.</summary>
    [Setting("proof", "How credentials are secured: embedded (JSON with a Data Integrity proof, which every verifier reads), jwt (VC-JWT, for hosts that take nothing else; signing costs about ten times as much), or both.")]
    public OpenBadgesProof Proof { get; set; } = OpenBadgesProof.Embedded;

    /// <summary>Whether a second embedded proof stands beside the first. Default false.</summary>
    [Setting("jcs_proof", "Whether a second embedded proof (eddsa-jcs-2022) stands beside the first, for verifiers that do without JSON-LD; it is never the only one, because many verifiers do not read it.")]
    public bool JcsProof { get; set; }

    /// <summary>Whether each credential is also baked into a drawn badge. Default <see cref="OpenBadgesImage.None"/>.</summary>
    [Setting("image", "Whether each credential also comes baked into a drawn badge: none, svg (about 15 kB each) or png (about 60 kB each).")]
    public OpenBadgesImage Image { get; set; } = OpenBadgesImage.None;

    /// <summary>Whether the learner's name stands on each credential and its page. Default false.</summary>
    [Setting("include_name", "Whether the learner's name stands on each credential and on its public page: only where learners have agreed to that.")]
    public bool IncludeName { get; set; }

    /// <summary>Whether every credential is entered into a public transparency log. Default false.</summary>
    [Setting("transparency_log", "Whether the hash of every credential is entered into a public, signed log that only grows, so that nothing can be back-dated or vanish quietly.")]
    public bool TransparencyLog { get; set; }

    /// <summary>Colour of drawn badges whose definition names none. Default <c>#1f4e8c</c>.</summary>
    [Setting("colour", "Colour of drawn badges whose definition names none, #rrggbb; one too light for white letters is darkened.", Example = "\"#0f766e\"")]
    public string Colour { get; set; } = "#1f4e8c";
}

/// <summary>The form of drawn badges.</summary>
public enum OpenBadgesImage
{
    /// <summary>No picture.</summary>
    None,

    /// <summary>A vector picture with the credential inside.</summary>
    Svg,

    /// <summary>A picture of 512 pixels with the credential inside.</summary>
    Png,
}

/// <summary>How a credential is secured.</summary>
public enum OpenBadgesProof
{
    /// <summary>As JSON with an embedded <c>eddsa-rdfc-2022</c> proof.</summary>
    Embedded,

    /// <summary>As a VC-JWT (Open Badges 3.0 section 8.2).</summary>
    Jwt,

    /// <summary>In both forms.</summary>
    Both,
}
