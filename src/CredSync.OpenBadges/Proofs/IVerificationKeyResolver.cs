using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Proofs;

/// <summary>
/// Finds the public key that a proof names. It must not touch the network: fetch the documents of
/// <see cref="DataIntegrity.VerificationMethods"/> first and give them to <see cref="KeyResolvers.FromDidDocuments"/>.
/// </summary>
public interface IVerificationKeyResolver
{
    /// <summary>Finds the key.</summary>
    /// <param name="verificationMethod">The full name that the proof gives, for example <c>did:web:badges.example.org#z6Mk…</c>.</param>
    /// <returns>The key and its controller; null when this resolver does not know the name.</returns>
    /// <exception cref="KeyException">The name is known but leads to no usable key.</exception>
    ResolvedKey? Resolve(string verificationMethod);
}
