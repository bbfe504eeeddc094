namespace CredSync.OpenBadges.Proofs;

/// <summary>What was found about one proof: an embedded one, or the signature of a VC-JWT (Open Badges 3.0 section 9.1, step "proof").</summary>
public sealed record ProofCheck
{
    /// <summary>The cryptosuite (<c>eddsa-rdfc-2022</c>) or the JWS algorithm (<c>RS256</c>) that the proof names; null when it names none.</summary>
    public required string? Suite { get; init; }

    /// <summary>The verification method or <c>kid</c> that the proof names; null when it names none.</summary>
    public required string? VerificationMethod { get; init; }

    /// <summary>Who controls the key, as the resolver found it; null when there is no key.</summary>
    public required string? Controller { get; init; }

    /// <summary>When the proof says that it was made; null when it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the proof says that it ends (<c>expires</c> of an embedded proof); null when it does not end. The caller compares it to its clock.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether the signature is that of the named key over this credential, unchanged.</summary>
    public required bool SignatureIsValid { get; init; }

    /// <summary>Whether the key's controller is the credential's issuer. A valid signature of somebody else's key proves nothing.</summary>
    public required bool KeyBelongsToIssuer { get; init; }

    /// <summary>Why the proof does not hold, in one sentence without personal data; null when it holds.</summary>
    public required string? Failure { get; init; }

    /// <summary>Whether the proof holds: the signature is valid and the key is the issuer's. Times and status are the caller's to check.</summary>
    public bool Holds => SignatureIsValid && KeyBelongsToIssuer && Failure is null;
}
