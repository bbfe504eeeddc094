using CredSync.OpenBadges.Keys;
using CredSync.Sources;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Lends the library's Ed25519 to the door for deliveries.</summary>
internal sealed class OpenBadgesSignatures : IEd25519Verifier
{
    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return VerificationKey.FromEd25519(publicKey).Verify(data, signature);
        }
        catch (KeyException)
        {
            return false;
        }
    }
}
