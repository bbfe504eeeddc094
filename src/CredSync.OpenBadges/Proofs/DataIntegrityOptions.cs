namespace CredSync.OpenBadges.Proofs;

/// <summary>What an embedded proof says about itself (Verifiable Credential Data Integrity 1.0 section 2.1).</summary>
public sealed record DataIntegrityOptions
{
    /// <summary>
    /// The full name of the key, <c>DID#fragment</c>, as <see cref="Keys.DidDocument.VerificationMethod"/> gives it; what stands before <c>#</c> should be
    /// the credential's issuer, or verifiers will refuse it.
    /// </summary>
    public required string VerificationMethod { get; init; }

    /// <summary>When the proof is made; written in UTC in whole seconds.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The proofs to make, in this order in one array; <c>eddsa-rdfc-2022</c> alone by default. At least one, each once.</summary>
    public IReadOnlyList<Cryptosuite> Cryptosuites { get; init; } = [Cryptosuite.EddsaRdfc2022];
}
