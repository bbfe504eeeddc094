namespace CredSync.OpenBadges.Proofs;

/// <summary>How an embedded proof canonicalizes and signs (Data Integrity EdDSA Cryptosuites 1.0).</summary>
public enum Cryptosuite
{
    /// <summary><c>eddsa-rdfc-2022</c>: over the RDF that the document means. Every verifier reads it.</summary>
    EddsaRdfc2022,

    /// <summary><c>eddsa-jcs-2022</c>: over the JSON itself. Only as a second proof beside the other: many verifiers do not read it.</summary>
    EddsaJcs2022,
}
