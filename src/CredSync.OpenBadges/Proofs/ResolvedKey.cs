using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Proofs;

/// <summary>A public key together with who controls it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Controller">The controller's identifier; for a credential to hold it must equal the issuer's id.</param>
public sealed record ResolvedKey(VerificationKey Key, string Controller);
